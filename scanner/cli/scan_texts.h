// What `dauth scan` says in the end, and the words that its other lines are made of.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"
#include "resolver/stub_resolver.h"
#include "scanner/cli/scan_metrics.h"
#include "scanner/survey/survey_run.h"

namespace dauth::scanner::cli {

// "1 name", "2,000 names"
std::string names_text(std::uint64_t count);
std::string lines_text(std::uint64_t count);
// ", 3 WHAT", or nothing where there are none.
std::string more_than_none(std::uint64_t count, std::string_view what);

// What the sockets were granted, in octets, and where that is less than was asked for, what would allow it.
std::string receive_buffer_text(std::size_t granted, std::size_t asked);

// The lines that end a scan: what it took, and what it came to. `max_unmeasured` is the option as it was
// given. `excluded` is set where there was an --exclude, now or in an earlier part of the run.
struct ExcludedCount {
  std::optional<std::uint64_t> names;  // nothing: the scan that ends now had no --exclude
  bool since_going_on = false;
  std::uint64_t before = 0;  // in earlier parts of the run
};
std::vector<std::string> summary_of(const data::RunRecord& record, std::string_view max_unmeasured,
                                    std::optional<ExcludedCount> excluded = std::nullopt);

// What is said when the wait for the second pass begins, and when that pass does.
std::string stage_text(data::Month month, const SurveyProgress& progress,
                       std::chrono::milliseconds second_pass_after);

// Why names were lost, by cause, for the finding that most of them lost; nothing where none was. Names that
// are broken themselves are not among them.
std::optional<std::string> causes_text(const data::MonthQuality& quality);

// What is said of a scan that a signal stopped. `progress` is absent before the survey; `surveyed_before` is
// set where an earlier part of the run was gone on with.
std::string stopped_text(data::Month month, int signal_number, const std::optional<SurveyProgress>& progress,
                         std::optional<std::uint64_t> surveyed_before);

// The figures of a scan, for those who watch it.
void fill_progress(ScanMetrics& metrics, const SurveyProgress& progress);
void fill_figures(ScanMetrics& metrics, const resolver::StubResolver& resolver);

// For -v: what the stub resolver met in this process.
std::string describe(const resolver::ResolverFigures& figures);

}  // namespace dauth::scanner::cli

// The options of `dauth scan`, and what they come to.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "data/month.h"
#include "scanner/cli/progress_display.h"
#include "scanner/cli/resolver_options.h"
#include "scanner/list/list_reader.h"
#include "scanner/probe/probe_selection.h"

namespace CLI {
class App;
}

namespace dauth::scanner::cli {

// As parsed.
struct ScanOptions {
  std::vector<std::string> lists;
  std::string database;
  std::string month;
  std::string list_format = "auto";
  std::string categories = "jp";
  std::vector<std::string> exclude;
  std::string probes = probes_text(ProbeSelection{});
  std::string wildcard_types = wildcard_types_text(ProbeSelection{});
  std::string second_pass_after = "10min";
  std::string give_up_after = "10min";
  std::string max_unmeasured = "1%";
  std::string progress = "auto";
  std::string log;
  std::string metrics;
  bool replace = false;
  bool unless_finished = false;
  bool no_preflight = false;
  bool verbose = false;
  ResolverOptions resolver;
};

void add_scan_options(CLI::App& command, ScanOptions& options);

// As meant.
struct ScanPlan {
  data::Month month{1970, 1};
  ListFormat list_format = ListFormat::kAuto;
  ProbeSelection probes;
  std::chrono::milliseconds second_pass_after{0};
  std::chrono::milliseconds give_up_after{0};  // 0: never
  double max_unmeasured = 0;
  ProgressMode progress = ProgressMode::kAuto;
  resolver::StubResolverOptions resolver;
};

// Or one line that names the option at fault. `today` is the local month.
Result<ScanPlan, std::string> make_scan_plan(const ScanOptions& options, data::Month today);

data::Month local_month_now();

}  // namespace dauth::scanner::cli

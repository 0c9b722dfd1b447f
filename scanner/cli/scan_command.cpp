// `dauth scan`: a month of the survey, or the rest of one that was stopped.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <optional>

#include "scanner/cli/command.h"
#include "scanner/cli/database_lock.h"
#include "scanner/cli/held_signals.h"
#include "scanner/cli/kept_apart.h"
#include "scanner/cli/scan.h"
#include "scanner/cli/scan_options.h"
#include "scanner/cli/scan_texts.h"
#include "scanner/cli/scan_watch.h"
#include "scanner/probe/domain_probe.h"

namespace dauth::scanner::cli {
namespace {

using data::RunRecord;
using data::RunState;

class ScanCommand final : public Command {
 public:
  explicit ScanCommand(CLI::App& app) : Command(app) { add_scan_options(app, options_); }

  ExitStatus run(Console& console) override {
    const auto refuse = [&](const std::string& line) {
      console.complain(printable(line));
      return ExitStatus::kUsage;
    };
    const auto plan = make_scan_plan(options_, local_month_now());
    if (!plan) return refuse(plan.error());
    if (const auto clash = clash_of(outputs(), inputs(), options_.database)) return refuse(*clash);
    ScanWatch watch(console);
    if (const auto opened = watch.open(options_, *plan); !opened) return refuse(opened.error());
    try {
      const ExitStatus status = run_watched(console, *plan, watch);
      watch.end(status);
      return status;
    } catch (...) {
      watch.end(ExitStatus::kFault);
      throw;
    }
  }

 private:
  std::vector<NamedPath> outputs() const {
    return {{"--log", options_.log},
            {"--metrics", options_.metrics},
            {"--metrics", options_.metrics.empty() ? std::string() : options_.metrics + ".new"}};
  }
  std::vector<NamedPath> inputs() const {
    std::vector<NamedPath> all{{"--categories", options_.categories}};
    for (const std::string& list : options_.lists) all.push_back({"LIST", list});
    for (const std::string& file : options_.exclude) all.push_back({"--exclude", file});
    return all;
  }

  ExitStatus run_watched(Console& console, const ScanPlan& plan, ScanWatch& watch) const {
    const auto refuse = [&](const std::string& line) {
      console.complain(printable(line));
      return ExitStatus::kUsage;
    };
    const auto categorizer = make_categorizer(options_.categories);
    if (!categorizer) return refuse("--categories: " + categorizer.error());
    auto excluded = excluded_names();
    if (!excluded) return refuse("--exclude: " + excluded.error());
    std::optional<int> stopped_by;
    auto intake = [&] {
      HeldSignals signals;  // the first octets of a pipe may be late
      auto opened = ListIntake::open(options_.lists, plan.list_format, HeldSignals::some_wait);
      stopped_by = signals.take();
      return opened;
    }();
    if (stopped_by) {
      console.say(stopped_text(plan.month, *stopped_by, std::nullopt, std::nullopt));
      watch.stopped(*stopped_by);
      return status_of_signal(*stopped_by);
    }
    if (!intake) return refuse("LIST: " + intake.error().message);

    auto lock = lock_database(console, options_.database, data::OpenMode::kCreate);
    if (!lock) return lock.error();
    auto store = data::Store::open(options_.database, data::OpenMode::kCreate);
    if (!store) return complain_of_open(console, options_.database, store.error());
    auto runs = store->runs();
    if (!runs) return complain_of_store(console, options_.database, runs.error());
    if (options_.unless_finished && is_finished(*runs, plan.month)) {
      if (options_.verbose) console.say(fmt::format("{}: finished already", plan.month.to_text()));
      return ExitStatus::kDone;
    }
    if (const auto begun = watch.begin_metrics(*runs); !begun) return refuse(begun.error());
    auto unfinished = unfinished_run(*store, std::move(*runs), plan);
    if (!unfinished) return refuse(unfinished.error());

    return run_scan(console, options_, plan,
                    {.store = std::move(*store),
                     .intake = std::move(*intake),
                     .categorizer = **categorizer,
                     .excluded = std::move(*excluded),
                     .unfinished = std::move(*unfinished)},
                    watch);
  }

  static bool is_finished(const std::vector<RunRecord>& runs, data::Month month) {
    return std::any_of(runs.begin(), runs.end(), [&](const RunRecord& run) {
      return run.settings.month == month && run.state == RunState::kComplete;
    });
  }

  Result<ExcludedNames, std::string> excluded_names() const {
    const auto uses = std::count(options_.lists.begin(), options_.lists.end(), "-") +
                      std::count(options_.exclude.begin(), options_.exclude.end(), "-");
    if (uses > 1 && std::count(options_.exclude.begin(), options_.exclude.end(), "-") > 0)
      return unexpected(std::string("standard input ('-') can be read only once"));
    return ExcludedNames::read(options_.exclude);
  }

  // The run to go on with, if there is one; a line for a person where the month cannot be surveyed.
  Result<std::optional<RunRecord>, std::string> unfinished_run(data::Store& store,
                                                               std::vector<RunRecord> runs,
                                                               const ScanPlan& plan) const {
    const std::string month = plan.month.to_text();
    std::optional<RunRecord> earlier;
    for (RunRecord& run : runs) {
      if (run.settings.month != plan.month) continue;
      const bool finished = run.state == RunState::kComplete || run.state == RunState::kImported;
      if (finished && !options_.replace) {
        return unexpected(
            fmt::format("--month: {} is in the database already ({}); --replace surveys it anew", month,
                        data::to_text(run.state)));
      }
      if (!finished) earlier = std::move(run);
    }
    if (!earlier) return std::optional<RunRecord>();
    const auto abandon = [&]() -> Result<std::optional<RunRecord>, std::string> {
      const auto dropped = store.abandon_run(earlier->id);
      if (!dropped)
        return unexpected(fmt::format("--database: '{}': {}", options_.database, dropped.error().message));
      return std::optional<RunRecord>();
    };
    // Nothing was asked before the list was whole.
    if (earlier->state == RunState::kListing) return abandon();
    const auto& settings = earlier->settings;
    const char* differing = settings.probes != probes_text(plan.probes)                   ? "--probes"
                            : settings.wildcard_types != wildcard_types_text(plan.probes) ? "--wildcard-types"
                            : settings.categories != options_.categories                  ? "--categories"
                            : settings.rules_version != kRulesVersion ? "the version of the rules"
                                                                      : nullptr;
    if (differing == nullptr) return earlier;
    if (options_.replace) return abandon();
    return unexpected(
        fmt::format("{} differs from what the unfinished run of {} was begun with; --replace starts anew",
                    differing, month));
  }

  ScanOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_scan_command(CLI::App& program) {
  return std::make_unique<ScanCommand>(
      *program.add_subcommand("scan", "survey the domains of the lists into the database (the monthly job)"));
}

}  // namespace dauth::scanner::cli

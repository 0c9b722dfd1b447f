// `dauth rejudge`: a month that was surveyed, judged again by today's rules from the answers in the database.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory_resource>

#include "scanner/cli/command.h"
#include "scanner/cli/database_lock.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/scan_texts.h"
#include "scanner/probe/domain_probe.h"
#include "scanner/probe/evidence.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner::cli {
namespace {

using data::Rejudgement;
using data::RunRecord;

// What has changed: a line for each metric and each way from one state to another.
std::string changes_text(const Rejudgement& result) {
  std::string text =
      fmt::format("{:<22}{:<12}{:<12}{:>9}  {}\n", "metric", "before", "after", "names", "such as");
  for (const Rejudgement::Change& change : result.changes) {
    text += fmt::format("{:<22}{:<12}{:<12}{:>9}  {}{}\n", data::to_text(change.metric),
                        data::to_text(change.before), data::to_text(change.after), count_text(change.names),
                        printable(fmt::format("{}", fmt::join(change.examples, ", "))),
                        change.names > change.examples.size() ? ", ..." : "");
  }
  return text;
}

class RejudgeCommand final : public Command {
 public:
  explicit RejudgeCommand(CLI::App& app) : Command(app) {
    add_database_option(app, database_);
    add_month_option(app, month_, "month that was surveyed (YYYY-MM)")->required();
    app.add_flag("--dry-run", dry_run_, "only tell what would change");
  }

  ExitStatus run(Console& console) override {
    const auto lock = lock_database(console, database_, data::OpenMode::kExisting);
    if (!lock) return lock.error();
    auto store = data::Store::open(database_, data::OpenMode::kExisting);
    if (!store) return complain_of_open(console, database_, store.error());
    const auto runs = store->runs();
    if (!runs) return complain_of_store(console, database_, runs.error());
    const data::Month month = *data::Month::from_text(month_);
    const auto run = std::find_if(runs->begin(), runs->end(), [&](const RunRecord& record) {
      return record.settings.month == month && record.state == data::RunState::kComplete;
    });
    if (run == runs->end()) {
      console.complain(fmt::format("--month: {} has no finished survey in the database", month_));
      return ExitStatus::kUsage;
    }
    if (!run->pruned.empty()) {
      console.complain(
          fmt::format("--month: the answers of {} were dropped by 'dauth prune' on {}; only its "
                      "counts are kept",
                      month_, run->pruned));
      return ExitStatus::kUsage;
    }
    if (run->settings.rules_version > kRulesVersion) {
      console.complain(fmt::format("--month: {} was judged by newer rules ({}) than this program's ({})",
                                   month_, run->settings.rules_version, kRulesVersion));
      return ExitStatus::kUsage;
    }
    const auto selection = parse_probe_selection(run->settings.probes, run->settings.wildcard_types);
    if (!selection) {
      console.complain(printable(fmt::format("--month: the run of {}: {}", month_, selection.error())));
      return ExitStatus::kFault;
    }

    const RandomLabelSource label = [seed = run->settings.seed](const dns::DomainName& domain) {
      return random_label(seed, domain);
    };
    std::pmr::unsynchronized_pool_resource pool;
    const auto result = store->rejudge(
        month, kRulesVersion,
        [&](const dns::DomainName& domain, const data::StoredAnswers& answers) {
          return judge_stored(pool, domain, answers, *selection, label);
        },
        dry_run_ ? data::RejudgeMode::kOnlyTell : data::RejudgeMode::kKeep);
    if (!result) return complain_of_store(console, database_, result.error());
    tell(console, *result);
    return ExitStatus::kDone;
  }

 private:
  void tell(Console& console, const Rejudgement& result) const {
    if (!result.changes.empty()) write_stdout(changes_text(result));
    std::string line = fmt::format(
        "{}: {} judged again by rules {} (before: {}), {}", month_, names_text(result.judged), kRulesVersion,
        result.rules_version,
        result.changed == 0 ? std::string("nothing changed") : names_text(result.changed) + " changed");
    if (result.excluded > 0) line += fmt::format("; {} not asked", names_text(result.excluded));
    if (dry_run_) line += "; --dry-run, so the month stays as it is";
    console.say(line);
    if (result.run.provisional != result.was_provisional) {
      console.say(fmt::format("{}: {} lost; the month is {}provisional{}", month_,
                              names_text(result.run.lost()), result.run.provisional ? "" : "no longer ",
                              dry_run_ ? " then" : " now"));
    }
  }

  std::string database_;
  std::string month_;
  bool dry_run_ = false;
};

}  // namespace

std::unique_ptr<Command> make_rejudge_command(CLI::App& program) {
  return std::make_unique<RejudgeCommand>(*program.add_subcommand(
      "rejudge", "judge a month again by today's rules from its answers; asks nothing"));
}

}  // namespace dauth::scanner::cli

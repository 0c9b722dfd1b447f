#include "scanner/cli/scan_options.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <ctime>

#include "scanner/cli/accepted_by.h"
#include "scanner/cli/command.h"
#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {
void add_scan_options(CLI::App& command, ScanOptions& options) {
  command.add_option("LIST", options.lists, "lists of domains: files, or '-' for standard input")->required();
  command.add_option("-d,--database", options.database, "the survey's database (SQLite), made when absent")
      ->type_name("DB")
      ->required();
  command
      .add_option("-m,--month", options.month, "month of the survey (YYYY-MM); default: the local month now")
      ->type_name("MONTH")
      ->check(is_month());
  command.add_option("--list-format", options.list_format, "plain, zone, csv, or auto: told by content")
      ->type_name("FORMAT")
      ->check(accepted_by(
          [](const std::string& text) -> Result<void, std::string> {
            if (list_format_from_text(text)) return {};
            return unexpected(fmt::format("'{}' is none of auto, plain, zone, csv", text));
          },
          ""))
      ->capture_default_str();
  command
      .add_option("--categories", options.categories,
                  "how names are grouped: jp, suffix (public suffixes), or a file of suffix and category")
      ->type_name("HOW")
      ->capture_default_str();
  command
      .add_option("--exclude", options.exclude,
                  "file of names that nothing is asked about, nor about what stands below them; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--probes", options.probes,
                  "what is asked of each domain, a list with commas; mx-hosts, the addresses of MX hosts, "
                  "can be added")
      ->type_name("LIST")
      ->capture_default_str();
  command
      .add_option("--wildcard-types", options.wildcard_types,
                  "RR types that tell '_domainkey' from a wildcard; TXT first")
      ->type_name("LIST")
      ->capture_default_str();
  add_resolver_options(command, options.resolver);
  command
      .add_option("--second-pass-after", options.second_pass_after,
                  "time between the main pass and the second one over the names that failed (s, min, h)")
      ->type_name("TIME")
      ->check(accepted_by(parse_duration, ""))
      ->capture_default_str();
  command
      .add_option("--give-up-after", options.give_up_after,
                  "time without a reply from any resolver after which the scan stops, so that the same "
                  "command can go on "
                  "later (s, min, h); 0s: never")
      ->type_name("TIME")
      ->check(accepted_by(parse_duration, ""))
      ->capture_default_str();
  command
      .add_option("--max-unmeasured", options.max_unmeasured,
                  "share of names lost to the survey above which the month is provisional and the status 3")
      ->type_name("SHARE")
      ->check(accepted_by(parse_share, ""))
      ->capture_default_str();
  command.add_option("--progress", options.progress, "auto, always or never: a line on stderr")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""))
      ->capture_default_str();
  command
      .add_option("--log", options.log,
                  "file that lines of JSON are appended to: what the scan does, and when")
      ->type_name("FILE");
  command
      .add_option("--metrics", options.metrics,
                  "file with the state of the scan for Prometheus, replaced every few seconds")
      ->type_name("FILE");
  command.add_flag("--no-preflight", options.no_preflight,
                   "survey though a resolver does not answer, or answers for names that cannot exist");
  command.add_flag("--replace", options.replace, "survey a month anew that is in the database already");
  command.add_flag("--unless-finished", options.unless_finished,
                   "do nothing where the month is finished: a job that runs each day then surveys each month "
                   "once, and goes on with one that was stopped");
  command.add_flag("-v,--verbose", options.verbose, "tell more on stderr");
}

Result<ScanPlan, std::string> make_scan_plan(const ScanOptions& options, data::Month today) {
  ScanPlan plan;
  plan.month = today;
  if (!options.month.empty()) {
    const auto month = data::Month::from_text(options.month);
    if (!month) return unexpected(fmt::format("--month: '{}' is no month (YYYY-MM)", options.month));
    plan.month = *month;
  }
  if (options.database.empty()) return unexpected(std::string("--database: an empty name"));
  if (options.replace && options.unless_finished)
    return unexpected(std::string("--unless-finished and --replace exclude each other"));
  plan.list_format = list_format_from_text(options.list_format).value_or(ListFormat::kAuto);
  auto probes = parse_probe_selection(options.probes, options.wildcard_types);
  if (!probes) return unexpected(std::move(probes.error()));
  plan.probes = std::move(*probes);
  const auto wait = parse_duration(options.second_pass_after);
  if (!wait) return unexpected("--second-pass-after: " + wait.error());
  plan.second_pass_after = *wait;
  const auto silence = parse_duration(options.give_up_after);
  if (!silence) return unexpected("--give-up-after: " + silence.error());
  plan.give_up_after = *silence;
  const auto share = parse_share(options.max_unmeasured);
  if (!share) return unexpected("--max-unmeasured: " + share.error());
  plan.max_unmeasured = *share;
  plan.progress = options.progress == "always"  ? ProgressMode::kAlways
                  : options.progress == "never" ? ProgressMode::kNever
                                                : ProgressMode::kAuto;
  auto resolver = to_stub_resolver_options(options.resolver);
  if (!resolver) return unexpected(resolver.error());
  plan.resolver = std::move(*resolver);
  return plan;
}

data::Month local_month_now() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return {local.tm_year + 1900, local.tm_mon + 1};
}

}  // namespace dauth::scanner::cli

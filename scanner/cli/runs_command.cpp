// `dauth runs`: what the database holds, run by run.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <nlohmann/json.hpp>

#include "scanner/cli/command.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/scan_texts.h"

namespace dauth::scanner::cli {
namespace {

// Of a list in a wrong format each line may be one; all of them are in the database.
constexpr std::size_t kRejectedShown = 10;
constexpr std::size_t kRejectedInJson = 100;

// Messages a second at one resolver; 0: no limit.
double rate_of(const data::RunSettings& settings, std::size_t resolver) {
  return resolver < settings.resolver_rates.size() ? settings.resolver_rates[resolver] : 0;
}

std::string resolvers_text(const data::RunSettings& settings) {
  std::vector<std::string> texts = settings.resolvers;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double rate = rate_of(settings, i);
    if (rate > 0) texts[i] += fmt::format(" (at most {} questions a second)", rate);
  }
  std::string text = fmt::format("{}", fmt::join(texts, ", "));
  if (settings.queries_per_second > 0) {
    text += fmt::format("; at most {} questions a second{}", settings.queries_per_second,
                        texts.size() == 1 ? "" : " over all");
  }
  return text;
}

nlohmann::ordered_json to_json(const data::RunRecord& run, const std::vector<data::RejectedLine>& rejected) {
  nlohmann::ordered_json json;
  json["month"] = run.settings.month.to_text();
  json["state"] = data::to_text(run.state);
  json["provisional"] = run.provisional;
  json["names"] = run.names;
  json["duplicates"] = run.duplicates;
  json["rejected"] = run.rejected;
  json["surveyed"] = run.surveyed;
  json["unmeasured"] = run.unmeasured;
  json["persistent_servfail"] = run.persistent_servfail;
  json["lost"] = run.lost();
  json["questions"] = run.figures.questions;
  json["retries"] = run.figures.retries;
  json["timeouts"] = run.figures.timeouts;
  json["tcp_questions"] = run.figures.tcp_questions;
  json["run_milliseconds"] = run.figures.run_milliseconds;
  json["started"] = run.started;
  json["finished"] = run.finished;
  json["lists"] = run.settings.lists;
  json["list_fingerprint"] = run.list_fingerprint;
  json["categories"] = run.settings.categories;
  json["suffix_list_version"] = run.settings.suffix_list_version;
  json["probes"] = run.settings.probes;
  json["wildcard_types"] = run.settings.wildcard_types;
  json["resolvers"] = run.settings.resolvers;
  auto rates = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < run.settings.resolvers.size(); ++i) rates.push_back(rate_of(run.settings, i));
  json["resolver_qps"] = std::move(rates);
  json["in_flight"] = run.settings.in_flight;
  json["qps"] = run.settings.queries_per_second;
  json["timeout_ms"] = run.settings.timeout_ms;
  json["tries"] = run.settings.tries;
  json["tool_version"] = run.settings.tool_version;
  json["rules_version"] = run.settings.rules_version;
  json["judged"] = run.judged;
  json["pruned"] = run.pruned;
  json["excluded"] = run.excluded;
  json["exclude"] = run.settings.exclude;
  json["rejected_lines"] = nlohmann::ordered_json::array();
  for (const data::RejectedLine& line : rejected) {
    nlohmann::ordered_json bad;
    bad["source"] = line.source;
    bad["line"] = line.line;
    bad["reason"] = line.reason;
    bad["text"] = line.text;
    json["rejected_lines"].push_back(std::move(bad));
  }
  return json;
}

std::string dump(const nlohmann::ordered_json& json) {
  // Paths and lines of lists are octets: what is not UTF-8 becomes U+FFFD.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

// Lines are broken to fit into `width` columns.
std::string as_text(const data::RunRecord& run, const std::vector<data::RejectedLine>& rejected,
                    std::size_t width) {
  constexpr std::size_t kValueColumn = 13;
  std::string state(data::to_text(run.state));
  if (run.provisional) state += ", provisional";
  std::string text = fmt::format("{}  {}\n", run.settings.month.to_text(), state);
  const auto line = [&](std::string_view label, const std::string& value) {
    // Whoever made the file may have written anything into it.
    if (!value.empty())
      text += wrapped(fmt::format("  {:<11}{}", label, printable(value)), kValueColumn, width);
  };
  line("started", run.started);
  line("finished", run.finished);
  line("lists", printable(fmt::format("{}", fmt::join(run.settings.lists, ", "))));
  if (run.state == data::RunState::kImported) return text;
  line("names", fmt::format("{} ({} mentioned again)", count_text(run.names), count_text(run.duplicates)));
  if (run.state != data::RunState::kComplete) line("surveyed", count_text(run.surveyed));
  line("unmeasured", run.persistent_servfail == 0
                         ? count_text(run.unmeasured)
                         : fmt::format("{} ({} SERVFAIL in both passes, {} lost)", count_text(run.unmeasured),
                                       count_text(run.persistent_servfail), count_text(run.lost())));
  line("questions", fmt::format("{} ({} retries, {} time-outs, {} over TCP)",
                                count_text(run.figures.questions), count_text(run.figures.retries),
                                count_text(run.figures.timeouts), count_text(run.figures.tcp_questions)));
  line("time", duration_text(std::chrono::milliseconds(run.figures.run_milliseconds)));
  line("probes", fmt::format("{} (wildcard types {})", run.settings.probes, run.settings.wildcard_types));
  line("categories",
       printable(fmt::format("{} ({})", run.settings.categories, run.settings.suffix_list_version)));
  line("resolvers", printable(resolvers_text(run.settings)));
  line("program", fmt::format("dauth {}, rules {}{}", run.settings.tool_version, run.settings.rules_version,
                              run.judged.empty() ? "" : ", judged again " + run.judged));
  if (run.excluded > 0 || !run.settings.exclude.empty()) {
    line("excluded", printable(fmt::format("{}{}{}", names_text(run.excluded),
                                           run.settings.exclude.empty() ? "" : ", by ",
                                           fmt::join(run.settings.exclude, ", "))));
  }
  line("pruned", run.pruned.empty() ? "" : run.pruned + "; its counts are kept");
  line("rejected", fmt::format("{} line{}", count_text(run.rejected), run.rejected == 1 ? "" : "s"));
  for (const data::RejectedLine& bad : rejected) {
    text += wrapped(fmt::format("    {}:{}: {}: '{}'", printable(bad.source), bad.line, printable(bad.reason),
                                printable(bad.text)),
                    6, width);
  }
  if (run.pruned.empty() && run.rejected > rejected.size())
    text += fmt::format("    and {} more\n", count_text(run.rejected - rejected.size()));
  return text;
}

class RunsCommand final : public Command {
 public:
  explicit RunsCommand(CLI::App& app) : Command(app) {
    add_database_option(app, database_);
    app.add_option("--format", format_, "text or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}).description(""))
        ->capture_default_str();
  }

  ExitStatus run(Console& console) override {
    auto store = data::Store::open(database_, data::OpenMode::kReadOnly);
    if (!store) return complain_of_open(console, database_, store.error());
    const auto runs = store->runs();
    if (!runs) return complain_of_store(console, database_, runs.error());
    if (format_ == "json") {
      auto list = nlohmann::ordered_json::array();
      for (const data::RunRecord& run : *runs) {
        const auto rejected = store->rejected_lines(run.id, kRejectedInJson);
        if (!rejected) return complain_of_store(console, database_, rejected.error());
        list.push_back(to_json(run, *rejected));
      }
      write_stdout(dump(list));
      return ExitStatus::kDone;
    }
    const std::size_t width = stdout_width();
    for (std::size_t i = 0; i < runs->size(); ++i) {
      const auto rejected = store->rejected_lines((*runs)[i].id, kRejectedShown);
      if (!rejected) return complain_of_store(console, database_, rejected.error());
      if (i > 0) write_stdout("\n");
      write_stdout(as_text((*runs)[i], *rejected, width));
    }
    if (runs->empty()) console.say("no runs in the database yet");
    return ExitStatus::kDone;
  }

 private:
  std::string database_;
  std::string format_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_runs_command(CLI::App& program) {
  return std::make_unique<RunsCommand>(
      *program.add_subcommand("runs", "the runs in the database: month, state, list, settings, figures"));
}

}  // namespace dauth::scanner::cli

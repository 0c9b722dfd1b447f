#include "report/quality_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "report/cells.h"
#include "report/labels.h"

namespace dauth::report {
namespace {

using data::MonthQuality;

constexpr std::array<std::string_view, 5> kColumns = {"month", "figure", "metric", "cause", "value"};

// Those that decide whether a name is lost (docs/measurement-method.md section 4), with the probe that asks.
struct Decisive {
  std::string_view metric;
  std::string_view probe;
};
constexpr std::array<Decisive, 4> kDecisive = {
    {{"mx", "mx"}, {"spf", "spf"}, {"domainkeys_subdomain", "domainkeys"}, {"dmarc", "dmarc"}}};
// Decides nothing, but is asked again like those; shown where some month asked.
constexpr Decisive kMxHosts = {"mx_ipv6", "mx-hosts"};

constexpr std::array kRunColumns = {
    Label::kNames,       Label::kExcluded, Label::kLost,      Label::kBroken,  Label::kQuestions,
    Label::kRetries,     Label::kTimeouts, Label::kTcp,       Label::kRunTime, Label::kRules,
    Label::kJudgedAgain, Label::kRejected, Label::kDuplicates};

bool is_imported(const MonthQuality& month) {
  return month.run.state == data::RunState::kImported;
}

// Whether the probe is one of the run's, "mx,spf,domainkeys"; a run that does not say had all of those days.
bool was_chosen(const MonthQuality& month, std::string_view probe) {
  std::string_view probes = month.run.settings.probes;
  if (probes.empty()) return probe != kMxHosts.probe;
  while (!probes.empty()) {
    const std::size_t end = std::min(probes.find(','), probes.size());
    if (probes.substr(0, end) == probe) return true;
    probes.remove_prefix(std::min(end + 1, probes.size()));
  }
  return false;
}

// "1:02:03"
std::string time_text(std::uint64_t milliseconds) {
  const std::uint64_t seconds = (milliseconds + 500) / 1000;
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

// In the order of kRunColumns.
std::vector<std::string> run_cells(const MonthQuality& month, Language language) {
  if (is_imported(month)) return std::vector<std::string>(kRunColumns.size());
  const data::RunRecord& run = month.run;
  std::string judged = run.judged.substr(0, run.judged.find('T'));
  if (judged.empty()) judged = label(Label::kNo, language);
  return {std::to_string(run.names),
          std::to_string(month.excluded),
          std::to_string(run.lost()),
          std::to_string(run.persistent_servfail),
          std::to_string(run.figures.questions),
          std::to_string(run.figures.retries),
          std::to_string(run.figures.timeouts),
          std::to_string(run.figures.tcp_questions),
          time_text(run.figures.run_milliseconds),
          std::to_string(run.settings.rules_version),
          std::move(judged),
          std::to_string(run.rejected),
          std::to_string(run.duplicates)};
}

std::uint64_t names_of(const MonthQuality& month, std::string_view metric, std::optional<data::Cause> cause) {
  std::uint64_t names = 0;
  for (const MonthQuality::Unmeasured& unmeasured : month.unmeasured) {
    if (unmeasured.metric == metric && (!cause || unmeasured.cause == *cause)) names += unmeasured.names;
  }
  return names;
}

// The causes that there are, in their order.
template <class Counts>
std::vector<data::Cause> causes_in(std::span<const MonthQuality> months, Counts counts) {
  std::vector<data::Cause> causes;
  for (const MonthQuality& month : months) {
    for (const MonthQuality::Unmeasured& unmeasured : month.unmeasured) {
      if (counts(unmeasured)) causes.push_back(unmeasured.cause);
    }
  }
  std::sort(causes.begin(), causes.end());
  causes.erase(std::unique(causes.begin(), causes.end()), causes.end());
  return causes;
}

void add_cause_columns(Table& table, const std::vector<data::Cause>& causes, Language language) {
  table.columns.push_back({std::string(label(Label::kUnmeasured, language))});
  for (const data::Cause cause : causes) table.columns.push_back({cause_label(to_text(cause), language)});
}

std::vector<std::string> cause_cells(const MonthQuality& month, std::string_view metric,
                                     const std::vector<data::Cause>& causes) {
  std::vector<std::string> cells = {std::to_string(names_of(month, metric, std::nullopt))};
  for (const data::Cause cause : causes) cells.push_back(std::to_string(names_of(month, metric, cause)));
  return cells;
}

Table run_table(const std::vector<MonthQuality>& months, Language language) {
  Table table;
  table.title = label(Label::kRuns, language);
  table.columns.push_back({std::string(label(Label::kMonth, language)), Align::kLeft});
  for (const Label column : kRunColumns) table.columns.push_back({std::string(label(column, language))});
  auto month = months.rbegin();
  add_month_rows(table, states_of(months),
                 [&](const data::MonthState&) { return run_cells(*month++, language); });
  return table;
}

Table cause_table(const std::vector<MonthQuality>& months, const Decisive& finding, Language language) {
  const std::string_view metric = finding.metric;
  Table table;
  table.title =
      fmt::format(fmt::runtime(label(Label::kUnmeasuredOf, language)), metric_label(metric, language));
  table.columns.push_back({std::string(label(Label::kMonth, language)), Align::kLeft});
  const auto causes =
      causes_in(months, [&](const MonthQuality::Unmeasured& one) { return one.metric == metric; });
  add_cause_columns(table, causes, language);
  auto month = months.rbegin();
  add_month_rows(table, states_of(months), [&](const data::MonthState&) {
    const MonthQuality& shown = *month++;
    if (is_imported(shown) || !was_chosen(shown, finding.probe)) {
      return std::vector<std::string>(causes.size() + 1);
    }
    return cause_cells(shown, metric, causes);
  });
  return table;
}

void add_notes(Document& document, const std::vector<MonthQuality>& months, Language language) {
  document.notes.emplace_back(label(Label::kNoteLost, language));
  document.notes.emplace_back(label(Label::kNoteQuestions, language));
  add_mark_notes(document.notes, states_of(months), language);
  add_cell_notes(document.notes, document.tables, language);
}

}  // namespace

std::vector<data::MonthState> states_of(const std::vector<MonthQuality>& months) {
  std::vector<data::MonthState> states;
  for (const MonthQuality& month : months) {
    states.push_back({month.run.settings.month, is_imported(month), month.run.provisional, true});
  }
  return states;
}

Document quality_document(const std::vector<MonthQuality>& months, Language language) {
  Document document;
  document.title = label(Label::kQualityTitle, language);
  if (months.empty()) {
    document.notes.emplace_back(label(Label::kNoCounts, language));
    return document;
  }
  document.tables.push_back(run_table(months, language));
  for (const Decisive& finding : kDecisive) {
    if (std::all_of(months.begin(), months.end(), is_imported)) break;
    document.tables.push_back(cause_table(months, finding, language));
  }
  const bool asked_hosts = std::any_of(months.begin(), months.end(), [](const MonthQuality& month) {
    return !is_imported(month) && was_chosen(month, kMxHosts.probe);
  });
  if (asked_hosts) document.tables.push_back(cause_table(months, kMxHosts, language));
  add_notes(document, months, language);
  return document;
}

Document quality_month_document(const std::vector<MonthQuality>& months, Language language) {
  if (months.empty()) return quality_document(months, language);
  const MonthQuality& month = months.back();
  const std::vector<MonthQuality> only = {month};
  Document document;
  document.title = fmt::format(fmt::runtime(label(Label::kQualityMonthTitle, language)),
                               month_cell(states_of(only).front()));
  document.tables.push_back(run_table(only, language));

  Table table;
  table.title = label(Label::kUnmeasuredByCause, language);
  table.columns.push_back({std::string(label(Label::kItem, language)), Align::kLeft});
  const auto causes = causes_in(only, [](const MonthQuality::Unmeasured&) { return true; });
  add_cause_columns(table, causes, language);
  for (const data::Metric metric : data::all_metrics()) {
    const std::string_view name = to_text(metric);
    if (names_of(month, name, std::nullopt) == 0) continue;
    std::vector<std::string> row = {metric_label(name, language)};
    for (std::string& cell : cause_cells(month, name, causes)) row.push_back(std::move(cell));
    table.rows.push_back(std::move(row));
  }
  if (!table.rows.empty()) document.tables.push_back(std::move(table));
  add_notes(document, only, language);
  return document;
}

std::span<const std::string_view> tidy_quality_columns() {
  return kColumns;
}

void add_tidy_quality(TidyWriter& writer, std::span<const MonthQuality> months) {
  for (const MonthQuality& month : months) {
    if (is_imported(month)) continue;
    const data::RunRecord& run = month.run;
    const std::string name = run.settings.month.to_text();
    const auto figure = [&](std::string_view what, TidyCell value) {
      writer.row({std::string_view(name), what, {}, {}, value});
    };
    figure("names", run.names);
    figure("duplicates", run.duplicates);
    figure("rejected_lines", run.rejected);
    figure("excluded", month.excluded);
    figure("unmeasured_names", run.unmeasured);
    figure("lost", run.lost());
    figure("persistent_servfail", run.persistent_servfail);
    figure("questions", run.figures.questions);
    figure("retries", run.figures.retries);
    figure("timeouts", run.figures.timeouts);
    figure("tcp_questions", run.figures.tcp_questions);
    figure("run_milliseconds", run.figures.run_milliseconds);
    figure("rules_version", std::uint64_t{run.settings.rules_version});
    figure("judged", run.judged.empty() ? TidyCell{} : TidyCell{std::string_view(run.judged)});
    for (const MonthQuality::Unmeasured& unmeasured : month.unmeasured) {
      writer.row({std::string_view(name), std::string_view("unmeasured"), std::string_view(unmeasured.metric),
                  to_text(unmeasured.cause), unmeasured.names});
    }
  }
}

}  // namespace dauth::report

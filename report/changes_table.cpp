#include "report/changes_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>

#include "report/cells.h"
#include "report/labels.h"
#include "report/survey_counts.h"

namespace dauth::report {
namespace {

using data::Metric;
using data::MonthChanges;
using Moves = data::MonthChanges::Moves;

constexpr std::array kCompared = {Metric::kMx,
                                  Metric::kSpf,
                                  Metric::kSpfRecord,
                                  Metric::kSpfAllFail,
                                  Metric::kSpfAllSoftfail,
                                  Metric::kSpfAllNeutral,
                                  Metric::kSpfAllPass,
                                  Metric::kSpfRedirect,
                                  Metric::kSpfNoAll,
                                  Metric::kDomainkeysSubdomain,
                                  Metric::kDmarc,
                                  Metric::kDmarcNone,
                                  Metric::kDmarcQuarantine,
                                  Metric::kDmarcReject};

constexpr std::array<std::string_view, 16> kColumns = {
    "from",   "to",   "category",          "operator",       "metric",   "before",    "began", "newly_listed",
    "ceased", "left", "became_unmeasured", "was_unmeasured", "moved_in", "moved_out", "after", "unmeasured"};

constexpr std::string_view kUnknown = "unknown";

data::MonthState state_of(const data::RunRecord& run) {
  return {run.settings.month, false, run.provisional, true, run.list_lines()};
}

void add_move_columns(Table& table, const MonthChanges& changes, Language language) {
  const auto add = [&](std::string heading) { table.columns.push_back({std::move(heading)}); };
  add(month_cell(state_of(changes.older)));
  for (const Label column : {Label::kBegan, Label::kNewlyListed, Label::kCeased, Label::kLeft,
                             Label::kBecameUnmeasured, Label::kWasUnmeasured}) {
    add(std::string(label(column, language)));
  }
  add(month_cell(state_of(changes.newer)));
  add(std::string(label(Label::kUnmeasured, language)));
}

std::vector<std::string> move_cells(const Moves& moves) {
  std::vector<std::string> cells;
  for (const std::uint64_t names :
       {moves.before, moves.began, moves.newly_listed, moves.ceased, moves.left, moves.became_unmeasured,
        moves.was_unmeasured, moves.after, moves.unmeasured}) {
    cells.push_back(std::to_string(names));
  }
  return cells;
}

// The rows of one metric in the order of the tables.
std::vector<const MonthChanges::Row*> rows_of(const MonthChanges& changes, std::string_view metric) {
  std::vector<const MonthChanges::Row*> rows;
  for (const MonthChanges::Row& row : changes.rows) {
    if (row.metric == metric) rows.push_back(&row);
  }
  std::sort(rows.begin(), rows.end(), [](const MonthChanges::Row* a, const MonthChanges::Row* b) {
    return category_before(a->category.code(), b->category.code());
  });
  return rows;
}

// "registered" and the metrics, each once, in their order.
std::vector<std::string_view> metrics_of(const MonthChanges& changes) {
  std::vector<std::string_view> metrics;
  for (const MonthChanges::Row& row : changes.rows) {
    if (metrics.empty() || metrics.back() != row.metric) metrics.push_back(row.metric);
  }
  return metrics;
}

const Moves& total_of(const MonthChanges& changes, std::string_view metric) {
  static const Moves kNone;
  const auto found = std::find_if(changes.rows.begin(), changes.rows.end(), [&](const auto& row) {
    return row.metric == metric && row.category == data::Category::total();
  });
  return found == changes.rows.end() ? kNone : found->moves;
}

Table total_table(const MonthChanges& changes, Language language) {
  Table table;
  table.title = label(Label::kAllCategories, language);
  table.columns.push_back({std::string(label(Label::kItem, language)), Align::kLeft});
  add_move_columns(table, changes, language);
  for (const std::string_view metric : metrics_of(changes)) {
    std::vector<std::string> row = {metric_label(metric, language)};
    for (std::string& cell : move_cells(total_of(changes, metric))) row.push_back(std::move(cell));
    table.rows.push_back(std::move(row));
  }
  return table;
}

bool has_moved_category(const MonthChanges& changes) {
  return std::any_of(changes.rows.begin(), changes.rows.end(), [](const MonthChanges::Row& row) {
    return row.moves.moved_in > 0 || row.moves.moved_out > 0;
  });
}

Table category_table(const MonthChanges& changes, std::string_view metric, Language language) {
  Table table;
  table.title = filled_label(Label::kByCategory, language, metric_label(metric, language));
  table.columns.push_back({std::string(label(Label::kCategory, language)), Align::kLeft});
  add_move_columns(table, changes, language);
  const bool has_moved = has_moved_category(changes);
  // Before what it has led to.
  const auto place = static_cast<std::ptrdiff_t>(table.columns.size()) - 2;
  if (has_moved) {
    table.columns.insert(table.columns.begin() + place, {{std::string(label(Label::kMovedIn, language))},
                                                         {std::string(label(Label::kMovedOut, language))}});
  }
  for (const MonthChanges::Row* found : rows_of(changes, metric)) {
    std::vector<std::string> row = {category_label(found->category.code(), language)};
    for (std::string& cell : move_cells(found->moves)) row.push_back(std::move(cell));
    if (has_moved) {
      row.insert(row.begin() + place,
                 {std::to_string(found->moves.moved_in), std::to_string(found->moves.moved_out)});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// The findings that most names began or ceased with, the largest first.
std::vector<std::string_view> largest_moves(const MonthChanges& changes) {
  const std::vector<std::string_view> order = metrics_of(changes);
  const auto moved = [&](std::string_view metric) {
    const Moves& total = total_of(changes, metric);
    return total.began + total.ceased;
  };
  // The most first; of equal ones the first.
  std::multimap<std::uint64_t, std::string_view, std::greater<>> by_names;
  for (const std::string_view metric : order) {
    if (metric != data::kRegisteredMetric && moved(metric) > 0) by_names.emplace(moved(metric), metric);
  }
  std::vector<std::string_view> metrics;
  for (const auto& [names, metric] : by_names) metrics.push_back(metric);
  if (metrics.size() > kOperatorTables) metrics.resize(kOperatorTables);
  return metrics;
}

Table operator_table(const MonthChanges& changes, std::string_view metric, Language language) {
  Table table;
  table.title = filled_label(Label::kOperatorsOf, language, metric_label(metric, language));
  table.columns.push_back({std::string(label(Label::kOperator, language)), Align::kLeft});
  table.columns.push_back({std::string(label(Label::kBegan, language))});
  table.columns.push_back({std::string(label(Label::kCeased, language))});
  for (const MonthChanges::OperatorMoves& moves : changes.operators) {
    if (moves.metric != metric) continue;
    std::string name = moves.name_server_operator;
    if (name.empty()) name = label(Label::kUnknown, language);
    table.rows.push_back({std::move(name), std::to_string(moves.began), std::to_string(moves.ceased)});
  }
  return table;
}

std::vector<std::string> notes_of(const MonthChanges& changes, bool has_operators, Language language) {
  std::vector<std::string> notes;
  const auto older = changes.older.settings;
  const auto newer = changes.newer.settings;
  if (older.rules_version != newer.rules_version) {
    const auto& behind = older.rules_version < newer.rules_version ? older : newer;
    notes.push_back(filled_label(Label::kNoteOtherRules, language, older.month.to_text(), older.rules_version,
                                 newer.month.to_text(), newer.rules_version, behind.month.to_text()));
  }
  notes.emplace_back(label(Label::kNoteChanges, language));
  notes.emplace_back(label(Label::kNoteNeverAbsent, language));
  if (has_moved_category(changes)) notes.emplace_back(label(Label::kNoteMoved, language));
  if (has_operators) notes.emplace_back(label(Label::kNoteOperators, language));
  if (!changes.not_asked.empty()) {
    std::string names;
    for (const std::string& metric : changes.not_asked) {
      names += (names.empty() ? "" : ", ") + metric_label(metric, language);
    }
    notes.push_back(filled_label(Label::kNoteNotCompared, language, names));
  }
  add_mark_notes(notes, {state_of(changes.older), state_of(changes.newer)}, language);
  return notes;
}

}  // namespace

std::span<const Metric> compared_metrics() {
  return kCompared;
}

Document changes_document(const MonthChanges& changes, Language language) {
  Document document;
  document.title = filled_label(Label::kChangesTitle, language, month_cell(state_of(changes.older)),
                                month_cell(state_of(changes.newer)));
  document.tables.push_back(total_table(changes, language));
  for (const std::string_view metric : metrics_of(changes)) {
    document.tables.push_back(category_table(changes, metric, language));
  }
  const auto largest = largest_moves(changes);
  for (const std::string_view metric : largest) {
    document.tables.push_back(operator_table(changes, metric, language));
  }
  document.notes = notes_of(changes, !largest.empty(), language);
  return document;
}

std::span<const std::string_view> tidy_changes_columns() {
  return kColumns;
}

void add_tidy_changes(TidyWriter& writer, const MonthChanges& changes) {
  const std::string from = changes.older.settings.month.to_text();
  const std::string to = changes.newer.settings.month.to_text();
  for (const std::string_view metric : metrics_of(changes)) {
    for (const MonthChanges::Row* row : rows_of(changes, metric)) {
      const Moves& moves = row->moves;
      writer.row({std::string_view(from), std::string_view(to), std::string_view(row->category.code()),
                  TidyCell{}, metric, moves.before, moves.began, moves.newly_listed, moves.ceased, moves.left,
                  moves.became_unmeasured, moves.was_unmeasured, moves.moved_in, moves.moved_out, moves.after,
                  moves.unmeasured});
    }
  }
  for (const MonthChanges::OperatorMoves& moves : changes.operators) {
    const std::string_view name = moves.name_server_operator.empty() ? kUnknown : moves.name_server_operator;
    writer.row({std::string_view(from), std::string_view(to), std::string_view("TOTAL"), name,
                std::string_view(moves.metric), TidyCell{}, moves.began, TidyCell{}, moves.ceased, TidyCell{},
                TidyCell{}, TidyCell{}, TidyCell{}, TidyCell{}, TidyCell{}, TidyCell{}});
  }
}

}  // namespace dauth::report

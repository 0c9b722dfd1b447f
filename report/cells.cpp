#include "report/cells.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/labels.h"

namespace dauth::report {
namespace {

constexpr std::string_view kMissing = "-";

// The month before, of a month that is not the first of all.
data::Month before(data::Month month) {
  return month.month_of_year() == 1 ? data::Month(month.year() - 1, 12)
                                    : data::Month(month.year(), month.month_of_year() - 1);
}

template <class Holds>
bool any_cell(const std::vector<Table>& tables, Holds holds) {
  return std::any_of(tables.begin(), tables.end(), [&](const Table& table) {
    return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
      // The first cell names the row.
      return !row.empty() && std::any_of(std::next(row.begin()), row.end(), holds);
    });
  });
}

}  // namespace

std::string count_cell(const data::CountRow* row) {
  if (row == nullptr) return "";
  if (row->unmeasured.value_or(0) == 0) return std::to_string(row->count);
  return fmt::format("{} +{}?", row->count, *row->unmeasured);
}

std::string rate_cell(const data::CountRow* row, const data::CountRow* denominator) {
  if (row == nullptr || denominator == nullptr || denominator->count == 0) return "";
  const auto percent = [&](std::uint64_t count) {
    return fmt::format("{:.2f}",
                       100.0 * static_cast<double>(count) / static_cast<double>(denominator->count));
  };
  const std::string lower = percent(row->count);
  const std::string upper = percent(row->count + row->unmeasured.value_or(0));
  return lower == upper ? lower + "%" : fmt::format("{}-{}%", lower, upper);
}

std::string month_cell(const data::MonthState& state) {
  std::string text = state.month.to_text();
  if (state.provisional) text += " p";
  if (state.imported) text += " i";
  return text;
}

std::vector<MonthGap> gaps_between(const std::vector<data::MonthState>& months) {
  std::vector<MonthGap> gaps;
  for (std::size_t i = 1; i < months.size(); ++i) {
    if (months[i - 1].month.next() < months[i].month) {
      gaps.push_back({months[i - 1].month.next(), before(months[i].month)});
    }
  }
  return gaps;
}

void add_month_rows(Table& table, const std::vector<data::MonthState>& months,
                    const std::function<std::vector<std::string>(const data::MonthState&)>& cells) {
  const std::vector<MonthGap> gaps = gaps_between(months);
  auto gap = gaps.rbegin();
  for (auto state = months.rbegin(); state != months.rend(); ++state) {
    if (gap != gaps.rend() && state->month < gap->first) {
      std::string text = gap->first.to_text();
      if (gap->first != gap->last) text += "..." + gap->last.to_text();
      std::vector<std::string> row = {std::move(text)};
      row.resize(table.columns.size(), std::string(kMissing));
      table.rows.push_back(std::move(row));
      ++gap;
    }
    std::vector<std::string> row = {month_cell(*state)};
    for (std::string& cell : cells(*state)) row.push_back(std::move(cell));
    table.rows.push_back(std::move(row));
  }
}

bool has_counts(const SurveyCounts& counts, data::Month month, std::string_view metric) {
  const auto rows = counts.of(month);
  return std::any_of(rows.begin(), rows.end(),
                     [&](const data::CountRow& row) { return row.metric == metric; });
}

bool has_counts(const SurveyCounts& counts, std::string_view metric, std::string_view category) {
  const auto& months = counts.months();
  return std::any_of(months.begin(), months.end(), [&](const data::MonthState& state) {
    return counts.find(state.month, metric, category) != nullptr;
  });
}

void add_mark_notes(std::vector<std::string>& notes, const std::vector<data::MonthState>& months,
                    Language language) {
  const auto add_where = [&](Label note, auto holds) {
    if (std::any_of(months.begin(), months.end(), holds)) notes.emplace_back(label(note, language));
  };
  add_where(Label::kNoteProvisional, [](const data::MonthState& state) { return state.provisional; });
  add_where(Label::kNoteImported, [](const data::MonthState& state) { return state.imported; });
  for (const data::MonthState& state : months) {
    const data::ListLines& lines = state.list_lines;
    if (!lines.many_rejected()) continue;
    notes.push_back(filled_label(Label::kNoteRejected, language, state.month.to_text(), lines.rejected,
                                 fmt::format("{:.2f}", 100 * lines.rejected_share())));
  }
}

void add_cell_notes(std::vector<std::string>& notes, const std::vector<Table>& tables, Language language) {
  const auto add_where = [&](Label note, auto holds) {
    if (any_cell(tables, holds)) notes.emplace_back(label(note, language));
  };
  add_where(Label::kNoteMissing, [](const std::string& cell) { return cell == kMissing; });
  add_where(Label::kNoteNoCount, [](const std::string& cell) { return cell.empty(); });
  add_where(Label::kNoteUnmeasuredCell, [](const std::string& cell) { return cell.ends_with('?'); });
  add_where(Label::kNoteRateRange, [](const std::string& cell) {
    return cell.ends_with('%') && cell.find('-') != std::string::npos;
  });
}

}  // namespace dauth::report

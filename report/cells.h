// What several tables share: cells, rows of months with the gaps between them, and the notes about both.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"

namespace dauth::report {

// "120", or "120 +3?" where three further names could not be measured; empty where there is no count.
std::string count_cell(const data::CountRow* row);
// "43.89%", or "43.89-44.01%" from the lower to the upper bound where they differ; empty where one of the two
// is missing or the denominator is 0.
std::string rate_cell(const data::CountRow* row, const data::CountRow* denominator);
// "2026-11", with its marks: "2026-11 p", "2006-01 i".
std::string month_cell(const data::MonthState& state);

// Months that nobody measured, between two that somebody did.
struct MonthGap {
  data::Month first;
  data::Month last;
};
// Oldest first; the months in order, oldest first.
std::vector<MonthGap> gaps_between(const std::vector<data::MonthState>& months);

// A row each month, newest first; a row of "-" each gap. `cells` gives what stands behind the month.
void add_month_rows(Table& table, const std::vector<data::MonthState>& months,
                    const std::function<std::vector<std::string>(const data::MonthState&)>& cells);

// Whether some month has a count of the metric in the category; whether this month has one in any.
bool has_counts(const SurveyCounts& counts, std::string_view metric, std::string_view category);
bool has_counts(const SurveyCounts& counts, data::Month month, std::string_view metric);

// Notes on the marks of these months, and on lists of theirs of which much was no name.
void add_mark_notes(std::vector<std::string>& notes, const std::vector<data::MonthState>& months,
                    Language language);
// Notes on cells, where the tables have such ones: "-", an empty one, "+N?", a range of rates.
void add_cell_notes(std::vector<std::string>& notes, const std::vector<Table>& tables, Language language);

}  // namespace dauth::report

// Tidy rows of counts: one a stored count, for programs and spreadsheets; the same in every language.
//
//   month,category,metric,count,unmeasured,denominator,denominator_label,share,share_max
//
// count and unmeasured are names. `denominator` is the month's and category's count of the metric that
// `denominator_label` names: registered for mx and exists, mx for all others, nothing for registered itself.
// share = count / denominator is a lower bound, share_max = (count + unmeasured) / denominator the upper one;
// parts of 1 with six decimals, and above 1 where more names publish the metric than have MX. unmeasured and
// share_max are empty for imported months, whatever is not there is empty. Lines end in LF; order: month,
// metric, category, as in a published file.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "report/survey_counts.h"
#include "report/tidy.h"

namespace dauth::report {

std::span<const std::string_view> tidy_count_columns();

struct TidySelection {
  std::span<const data::MonthState> months;
  std::span<const std::string_view> metrics = {};  // empty: all
  std::string_view category = {};                  // empty: all
};

void add_tidy_counts(TidyWriter& writer, const SurveyCounts& counts, const TidySelection& selection);

// A row of the count with this denominator; without one where `denominator` is empty or has no count.
void add_tidy_count(TidyWriter& writer, const SurveyCounts& counts, const data::CountRow& row,
                    std::string_view denominator);

// The counts of these months, with the header. Only the metrics in `metrics`; all where it is empty.
std::string to_tidy_csv(const SurveyCounts& counts, std::span<const data::MonthState> months,
                        std::span<const std::string_view> metrics);

}  // namespace dauth::report

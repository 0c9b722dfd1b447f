// Tidy CSV: one line a stored count, for programs and spreadsheets; the same in every language.
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

namespace dauth::report {

// The counts of these months, with the header. Only the metrics in `metrics`; all where it is empty.
std::string to_tidy_csv(const SurveyCounts& counts, std::span<const data::MonthState> months,
                        std::span<const std::string_view> metrics);

}  // namespace dauth::report

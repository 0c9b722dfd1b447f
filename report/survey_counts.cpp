#include "report/survey_counts.h"

#include <algorithm>
#include <tuple>

#include "data/category.h"
#include "data/finding.h"

namespace dauth::report {
namespace {

using Key = std::tuple<data::Month, std::string_view, std::string_view>;

Key key_of(const data::CountRow& row) {
  return {row.month, row.metric, row.category.code()};
}

std::size_t rank_of(std::string_view code) {
  const auto codes = data::jp_category_codes();
  if (code == data::Category::total().code()) return codes.size() + 1;
  // For codes that are not of .jp, the place behind them.
  return static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin());
}

}  // namespace

SurveyCounts::SurveyCounts(std::vector<data::CountRow> rows, std::vector<data::MonthState> months)
    : rows_(std::move(rows)), months_(std::move(months)) {
  std::sort(rows_.begin(), rows_.end(),
            [](const data::CountRow& a, const data::CountRow& b) { return key_of(a) < key_of(b); });
  std::sort(months_.begin(), months_.end(),
            [](const data::MonthState& a, const data::MonthState& b) { return a.month < b.month; });
  std::erase_if(months_, [&](const data::MonthState& state) { return of(state.month).empty(); });
}

const data::CountRow* SurveyCounts::find(data::Month month, std::string_view metric,
                                         std::string_view category) const {
  const Key key{month, metric, category};
  const auto found =
      std::lower_bound(rows_.begin(), rows_.end(), key,
                       [](const data::CountRow& row, const Key& k) { return key_of(row) < k; });
  return found != rows_.end() && key_of(*found) == key ? &*found : nullptr;
}

std::span<const data::CountRow> SurveyCounts::of(data::Month month) const {
  const auto first = std::lower_bound(rows_.begin(), rows_.end(), month,
                                      [](const data::CountRow& row, data::Month m) { return row.month < m; });
  const auto last = std::upper_bound(first, rows_.end(), month,
                                     [](data::Month m, const data::CountRow& row) { return m < row.month; });
  return {first, last};
}

std::vector<std::string> SurveyCounts::categories_of(data::Month month) const {
  std::vector<std::string> codes;
  for (const data::CountRow& row : of(month)) codes.push_back(row.category.code());
  std::sort(codes.begin(), codes.end(), category_before);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

bool category_before(std::string_view a, std::string_view b) {
  return std::pair(rank_of(a), a) < std::pair(rank_of(b), b);
}

std::string_view denominator_of(std::string_view metric) {
  if (metric == data::kRegisteredMetric) return "";
  if (metric == to_text(data::Metric::kMx) || metric == to_text(data::Metric::kExists))
    return data::kRegisteredMetric;
  return to_text(data::Metric::kMx);
}

}  // namespace dauth::report

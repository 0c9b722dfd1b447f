#include "report/tidy_csv.h"

#include <algorithm>
#include <array>
#include <vector>

#include "data/finding.h"

namespace dauth::report {
namespace {

constexpr std::array<std::string_view, 9> kColumns = {
    "month",       "category",          "metric", "count",    "unmeasured",
    "denominator", "denominator_label", "share",  "share_max"};

std::size_t rank_of(std::string_view metric) {
  if (metric == data::kRegisteredMetric) return 0;
  const auto known = data::metric_from_text(metric);
  return known ? static_cast<std::size_t>(*known) + 1 : data::kMetricCount + 1;
}

}  // namespace

std::span<const std::string_view> tidy_count_columns() {
  return kColumns;
}

void add_tidy_count(TidyWriter& writer, const SurveyCounts& counts, const data::CountRow& row,
                    std::string_view denominator) {
  const data::CountRow* divisor = counts.find(row.month, denominator, row.category.code());
  TidyCell unmeasured;
  TidyCell divisor_count;
  TidyCell divisor_name;
  TidyCell share;
  TidyCell share_max;
  if (row.unmeasured) unmeasured = *row.unmeasured;
  if (divisor != nullptr) {
    divisor_count = divisor->count;
    divisor_name = denominator;
    const auto share_of = [&](std::uint64_t count) {
      return Share{static_cast<double>(count) / static_cast<double>(divisor->count)};
    };
    if (divisor->count > 0) {
      share = share_of(row.count);
      if (row.unmeasured) share_max = share_of(row.count + *row.unmeasured);
    }
  }
  const std::string month = row.month.to_text();
  writer.row({std::string_view(month), std::string_view(row.category.code()), std::string_view(row.metric),
              row.count, unmeasured, divisor_count, divisor_name, share, share_max});
}

void add_tidy_counts(TidyWriter& writer, const SurveyCounts& counts, const TidySelection& selection) {
  const auto& metrics = selection.metrics;
  for (const data::MonthState& state : selection.months) {
    std::vector<const data::CountRow*> rows;
    for (const data::CountRow& row : counts.of(state.month)) {
      if (!selection.category.empty() && row.category.code() != selection.category) continue;
      if (metrics.empty() || std::find(metrics.begin(), metrics.end(), row.metric) != metrics.end()) {
        rows.push_back(&row);
      }
    }
    std::sort(rows.begin(), rows.end(), [](const data::CountRow* a, const data::CountRow* b) {
      const auto rank_a = rank_of(a->metric);
      const auto rank_b = rank_of(b->metric);
      if (rank_a != rank_b) return rank_a < rank_b;
      return category_before(a->category.code(), b->category.code());
    });
    for (const data::CountRow* row : rows) add_tidy_count(writer, counts, *row, denominator_of(row->metric));
  }
}

std::string to_tidy_csv(const SurveyCounts& counts, std::span<const data::MonthState> months,
                        std::span<const std::string_view> metrics) {
  std::string out;
  TidyWriter writer(TidyForm::kCsv, kColumns, out);
  add_tidy_counts(writer, counts, {.months = months, .metrics = metrics});
  return out;
}

}  // namespace dauth::report

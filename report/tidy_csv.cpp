#include "report/tidy_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "data/finding.h"
#include "report/escape.h"

namespace dauth::report {
namespace {

constexpr std::string_view kHeader =
    "month,category,metric,count,unmeasured,denominator,denominator_label,share,share_max\n";

std::size_t rank_of(std::string_view metric) {
  if (metric == data::kRegisteredMetric) return 0;
  const auto known = data::metric_from_text(metric);
  return known ? static_cast<std::size_t>(*known) + 1 : data::kMetricCount + 1;
}

void append_line(std::string& out, const SurveyCounts& counts, const data::CountRow& row) {
  const std::string_view denominator_name = denominator_of(row.metric);
  const data::CountRow* denominator = counts.find(row.month, denominator_name, row.category.code());
  const std::string unmeasured = row.unmeasured ? std::to_string(*row.unmeasured) : "";
  fmt::format_to(std::back_inserter(out), "{},{},{},{},{},", row.month.to_text(),
                 csv_field(row.category.code()), csv_field(row.metric), row.count, unmeasured);
  if (denominator == nullptr) {
    out += ",,,\n";
    return;
  }
  fmt::format_to(std::back_inserter(out), "{},{},", denominator->count, denominator_name);
  if (denominator->count == 0) {
    out += ",\n";
    return;
  }
  const auto share = [&](std::uint64_t count) {
    return fmt::format("{:.6f}", static_cast<double>(count) / static_cast<double>(denominator->count));
  };
  out += share(row.count);
  out += ',';
  if (row.unmeasured) out += share(row.count + *row.unmeasured);
  out += '\n';
}

}  // namespace

std::string to_tidy_csv(const SurveyCounts& counts, std::span<const data::MonthState> months,
                        std::span<const std::string_view> metrics) {
  std::string out(kHeader);
  for (const data::MonthState& state : months) {
    std::vector<const data::CountRow*> rows;
    for (const data::CountRow& row : counts.of(state.month)) {
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
    for (const data::CountRow* row : rows) append_line(out, counts, *row);
  }
  return out;
}

}  // namespace dauth::report

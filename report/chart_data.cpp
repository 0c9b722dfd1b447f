#include "report/chart_data.h"

#include <algorithm>
#include <array>

#include "data/finding.h"
#include "report/cells.h"

namespace dauth::report {
namespace {

constexpr std::string_view kMx = "mx";
constexpr std::array<std::string_view, 4> kMeasures = {"spf", "domainkeys_subdomain", "dmarc", kMx};
constexpr int kGapSlots = 3;

int months_between(data::Month first, data::Month last) {
  return (last.year() - first.year()) * 12 + last.month_of_year() - first.month_of_year();
}

data::Month before(data::Month month) {
  return month.month_of_year() == 1 ? data::Month(month.year() - 1, 12)
                                    : data::Month(month.year(), month.month_of_year() - 1);
}

std::vector<ChartSlot> slots_of(const std::vector<data::MonthState>& months) {
  std::vector<ChartSlot> slots;
  for (const data::MonthState& state : months) {
    if (!slots.empty() && slots.back().last.next() < state.month) {
      const data::Month first = slots.back().last.next();
      const data::Month last = before(state.month);
      const int length = months_between(first, last) + 1;
      if (length < kGapSlots) {
        for (data::Month month = first; month < state.month; month = month.next()) {
          slots.push_back({.first = month, .last = month, .is_gap = true});
        }
      } else {
        slots.insert(slots.end(), kGapSlots, {.first = first, .last = last, .is_gap = true});
      }
    }
    slots.push_back({.first = state.month,
                     .last = state.month,
                     .imported = state.imported,
                     .provisional = state.provisional});
  }
  return slots;
}

std::optional<double> percent(std::uint64_t count, std::optional<std::uint64_t> denominator) {
  if (!denominator || *denominator == 0) return std::nullopt;
  return 100.0 * static_cast<double>(count) / static_cast<double>(*denominator);
}

}  // namespace

std::string ChartSlot::text() const {
  std::string text = first.to_text();
  if (first != last) text += "..." + last.to_text();
  if (provisional) text += " p";
  if (imported) text += " i";
  return text;
}

std::optional<double> ChartPoint::lower(Denominator denominator) const {
  return percent(count, denominator == Denominator::kMx ? mx : registered);
}

std::optional<double> ChartPoint::upper(Denominator denominator) const {
  return percent(count + unmeasured.value_or(0), denominator == Denominator::kMx ? mx : registered);
}

ChartData::ChartData(const SurveyCounts& counts) : slots_(slots_of(counts.months())) {
  for (const data::MonthState& state : counts.months()) {
    for (std::string& code : counts.categories_of(state.month)) categories_.push_back(std::move(code));
  }
  std::sort(categories_.begin(), categories_.end(), category_before);
  categories_.erase(std::unique(categories_.begin(), categories_.end()), categories_.end());
  for (const std::string_view metric : kMeasures) {
    const bool is_counted =
        std::any_of(counts.months().begin(), counts.months().end(),
                    [&](const data::MonthState& state) { return has_counts(counts, state.month, metric); });
    if (is_counted) measures_.push_back(metric);
  }

  points_.reserve(categories_.size() * measures_.size() * slots_.size());
  for (const std::string& category : categories_) {
    for (const std::string_view metric : measures_) {
      for (const ChartSlot& slot : slots_) {
        const auto number_of = [&](std::string_view name) -> std::optional<std::uint64_t> {
          const data::CountRow* row = counts.find(slot.first, name, category);
          return row == nullptr ? std::nullopt : std::optional(row->count);
        };
        const data::CountRow* row = slot.is_gap ? nullptr : counts.find(slot.first, metric, category);
        points_.emplace_back();
        if (row == nullptr) continue;
        points_.back() = {.count = row->count,
                          .unmeasured = row->unmeasured,
                          .mx = metric == kMx ? std::nullopt : number_of(kMx),
                          .registered = number_of(data::kRegisteredMetric)};
      }
    }
  }
}

const std::optional<ChartPoint>& ChartData::at(std::size_t category, std::size_t measure,
                                               std::size_t slot) const {
  return points_[(category * measures_.size() + measure) * slots_.size() + slot];
}

}  // namespace dauth::report

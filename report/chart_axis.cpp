#include "report/chart_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace dauth::report {

std::size_t PercentAxis::tick_count() const {
  return static_cast<std::size_t>(std::lround(top / step)) + 1;
}

std::string PercentAxis::tick_text(std::size_t i) const {
  return fmt::format("{:.{}f}%", step * static_cast<double>(i), i == 0 ? 0 : decimals);
}

PercentAxis percent_axis(double highest) {
  if (!(highest > 0)) return {};
  constexpr double kMostSteps = 6;
  PercentAxis axis;
  const double power = std::floor(std::log10(highest / kMostSteps));
  axis.step = std::pow(10, power + 1);
  for (const double factor : {1.0, 2.0, 5.0}) {
    const double step = factor * std::pow(10, power);
    if (highest / step <= kMostSteps) {
      axis.step = step;
      break;
    }
  }
  // A value on a line of the axis is to stay on it, however the division came out.
  constexpr double kRounding = 1e-9;
  axis.top = axis.step * std::max(1.0, std::ceil(highest / axis.step - kRounding));
  axis.decimals = std::max(0, static_cast<int>(-std::floor(std::log10(axis.step) + kRounding)));
  return axis;
}

std::vector<std::size_t> named_slots(const std::vector<ChartSlot>& slots, double slots_per_name) {
  std::vector<std::size_t> named;
  for (std::size_t i = slots.size(); i-- > 0;) {
    if (slots[i].is_gap) continue;
    if (!named.empty() && static_cast<double>(named.back() - i) < slots_per_name) continue;
    named.push_back(i);
  }
  std::reverse(named.begin(), named.end());
  return named;
}

}  // namespace dauth::report

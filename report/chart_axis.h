// The axes of a drawn chart: round numbers of percent upwards, and which months are named below.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/chart_data.h"

namespace dauth::report {

// From 0 to `top` in steps of 1, 2 or 5 times a power of ten, three to six of them.
struct PercentAxis {
  double top = 1;
  double step = 0.2;
  int decimals = 1;  // that tell the steps apart

  std::size_t tick_count() const;              // with 0
  std::string tick_text(std::size_t i) const;  // "0%", "0.2%"
};

// For values from 0 to `highest`; from 0 to 1 % where that is 0.
PercentAxis percent_axis(double highest);

// The indices of the slots whose months are named, so that names of the width of `slots_per_name` slots do
// not touch: the newest always, then as many as fit, never a gap. In order of time.
std::vector<std::size_t> named_slots(const std::vector<ChartSlot>& slots, double slots_per_name);

}  // namespace dauth::report

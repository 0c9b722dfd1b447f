// ChartData: the rates over time that charts show, by category and measure; what the page and the drawing
// share.
//
// A slot is a place on the axis of time: a month that has counts, or part of a gap. A gap of one or two
// months takes a slot for each, a longer one takes three whatever its length, so that twenty years without a
// survey do not press the surveyed months into the margins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/month.h"
#include "report/survey_counts.h"

namespace dauth::report {

struct ChartSlot {
  data::Month first;
  data::Month last;  // the same as `first` for a month that has counts
  bool is_gap = false;
  bool imported = false;
  bool provisional = false;

  // "2026-11 p", "2006-02...2026-10", as in the tables.
  std::string text() const;
};

enum class Denominator : std::uint8_t { kMx, kRegistered };

// Names. A part is missing where it was not counted; `mx` is missing for MX itself.
struct ChartPoint {
  std::uint64_t count = 0;
  std::optional<std::uint64_t> unmeasured;
  std::optional<std::uint64_t> mx;
  std::optional<std::uint64_t> registered;

  // In percent of the denominator, from none to all of the unmeasured names having it; nothing where the
  // denominator is missing or 0.
  std::optional<double> lower(Denominator denominator) const;
  std::optional<double> upper(Denominator denominator) const;
};

class ChartData {
 public:
  // Measures without any count, and months before the first and behind the last, are left out.
  explicit ChartData(const SurveyCounts& counts);

  const std::vector<ChartSlot>& slots() const { return slots_; }
  // Codes in the order of the tables, TOTAL last.
  const std::vector<std::string>& categories() const { return categories_; }
  // Metrics, out of spf, domainkeys_subdomain, dmarc, mx, in this order.
  const std::vector<std::string_view>& measures() const { return measures_; }

  // By indices into the three. Nothing for a gap and where the month has no count.
  const std::optional<ChartPoint>& at(std::size_t category, std::size_t measure, std::size_t slot) const;

  // The index of the category that is shown first: TOTAL, or the last one where there is no total.
  std::size_t first_shown() const { return categories_.empty() ? 0 : categories_.size() - 1; }

 private:
  std::vector<ChartSlot> slots_;
  std::vector<std::string> categories_;
  std::vector<std::string_view> measures_;
  std::vector<std::optional<ChartPoint>> points_;  // by category, measure, slot
};

}  // namespace dauth::report

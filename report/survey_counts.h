// SurveyCounts: the counts that tables are made from, found by month, metric and category.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"

namespace dauth::report {

class SurveyCounts {
 public:
  // As Store::counts() and Store::months() give them, in any order. Months without counts are left out.
  SurveyCounts(std::vector<data::CountRow> rows, std::vector<data::MonthState> months);

  // Oldest first.
  const std::vector<data::MonthState>& months() const { return months_; }

  // Nothing where there is no such count.
  const data::CountRow* find(data::Month month, std::string_view metric, std::string_view category) const;
  // The counts of one month, by metric and category code.
  std::span<const data::CountRow> of(data::Month month) const;
  // The codes of a month's categories in the order of the tables: those of .jp, others by code, TOTAL.
  std::vector<std::string> categories_of(data::Month month) const;

 private:
  std::vector<data::CountRow> rows_;  // by month, metric, category code
  std::vector<data::MonthState> months_;
};

// The order of the tables: codes of .jp in theirs, others by code, TOTAL last. True where a stands before b.
bool category_before(std::string_view a, std::string_view b);

// The metric that a count is divided by: "registered" for mx and exists, "mx" for all others, "" for
// registered.
std::string_view denominator_of(std::string_view metric);

}  // namespace dauth::report

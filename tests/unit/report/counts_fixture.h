// Counts for the tests of tables, written shortly.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/survey_counts.h"

namespace dauth::report {

class CountsBuilder {
 public:
  CountsBuilder& measured(data::Month month) {
    months_.push_back({month, false, false, true});
    return *this;
  }
  CountsBuilder& provisional(data::Month month) {
    months_.push_back({month, false, true, true});
    return *this;
  }
  CountsBuilder& imported(data::Month month) {
    months_.push_back({month, true, false, true});
    return *this;
  }
  // A count of the month that was named last.
  CountsBuilder& count(std::string_view category, std::string_view metric, std::uint64_t number,
                       std::optional<std::uint64_t> unmeasured = std::nullopt) {
    rows_.push_back({months_.back().month, data::Category::from_text(category).value(), std::string(metric),
                     number, unmeasured});
    return *this;
  }
  SurveyCounts build() const { return {rows_, months_}; }

 private:
  std::vector<data::CountRow> rows_;
  std::vector<data::MonthState> months_;
};

}  // namespace dauth::report

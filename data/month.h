// Month: a calendar month of the survey, "2026-11".
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dauth::data {

class Month {
 public:
  // From "YYYY-MM", 1970-01 to 9999-12; nothing for anything else.
  static std::optional<Month> from_text(std::string_view text);
  // From a year and a month of 1 to 12 that the caller knows to be sound.
  Month(int year, int month_of_year) : index_(year * 12 + month_of_year - 1) {}

  int year() const { return index_ / 12; }
  int month_of_year() const { return index_ % 12 + 1; }
  std::string to_text() const;
  Month next() const { return Month(index_ + 1); }

  friend auto operator<=>(const Month&, const Month&) = default;

 private:
  explicit Month(int index) : index_(index) {}
  int index_;  // months since year 0
};

}  // namespace dauth::data

#include "data/month.h"

#include <fmt/format.h>

namespace dauth::data {

std::optional<Month> Month::from_text(std::string_view text) {
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  int digits[6];
  for (std::size_t i = 0, d = 0; i < text.size(); ++i) {
    if (i == 4) continue;
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    digits[d++] = text[i] - '0';
  }
  const int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
  const int month = digits[4] * 10 + digits[5];
  if (year < 1970 || month < 1 || month > 12) return std::nullopt;
  return Month(year, month);
}

std::string Month::to_text() const {
  return fmt::format("{:04d}-{:02d}", year(), month_of_year());
}

}  // namespace dauth::data

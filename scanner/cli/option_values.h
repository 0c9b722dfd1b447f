// Values of options as people write them: times with a unit, shares, counts for reading.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/dns/result.h"

namespace dauth::scanner::cli {

// "300ms", "5s", "10min", "2h": a whole or decimal number and its unit. The error is a phrase for a person.
Result<std::chrono::milliseconds, std::string> parse_duration(std::string_view text);

// "1%", "0.5 %" or "0.01": a share from 0 to 1.
Result<double, std::string> parse_share(std::string_view text);

// "300ms", "2.5s", "10min", "1min 24s", "2h 5min": rounded to the smaller of the units shown.
std::string duration_text(std::chrono::milliseconds duration);

// "18:05:09", the local time.
std::string clock_time_text(std::chrono::system_clock::time_point time);

// "1,234,567".
std::string count_text(std::uint64_t count);
// The same of a number that is larger than 64 bits, from its digits.
std::string grouped_digits(std::string digits);

}  // namespace dauth::scanner::cli

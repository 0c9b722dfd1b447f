#include "scanner/cli/option_values.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace dauth::scanner::cli {
namespace {

struct Unit {
  std::string_view name;
  double milliseconds;
};
constexpr std::array<Unit, 4> kUnits = {{{"ms", 1}, {"s", 1000}, {"min", 60'000}, {"h", 3'600'000}}};

// The number at the start of `text`, which is shortened to what follows it.
Result<double, std::string> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(value) || value < 0) {
    return unexpected(fmt::format("'{}' does not begin with a number", text));
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return value;
}

}  // namespace

Result<std::chrono::milliseconds, std::string> parse_duration(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number) return unexpected(number.error());
  for (const Unit& unit : kUnits) {
    if (rest != unit.name) continue;
    const double milliseconds = std::round(*number * unit.milliseconds);
    constexpr double kLongest = 366.0 * 24 * 3'600'000;
    if (milliseconds > kLongest) return unexpected(fmt::format("'{}' is longer than a year", text));
    return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
  }
  return unexpected(fmt::format("'{}' needs a unit: ms, s, min or h", text));
}

Result<double, std::string> parse_share(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number) return unexpected(number.error());
  if (rest != "" && rest != "%") return unexpected(fmt::format("'{}' is no share such as 1% or 0.01", text));
  const double share = rest == "%" ? *number / 100 : *number;
  if (share > 1)
    return unexpected(fmt::format("'{}' is more than all of them; did you mean {}%?", text, text));
  return share;
}

std::string duration_text(std::chrono::milliseconds duration) {
  const auto milliseconds = duration.count();
  if (milliseconds < 1000) return fmt::format("{}ms", milliseconds);
  if (milliseconds < 60'000) return fmt::format("{}s", static_cast<double>(milliseconds) / 1000);
  // From a minute on the larger unit and the next one: "1min 24s", "2h 5min", "10min".
  const auto two = [](std::int64_t count, std::int64_t of, const char* larger, const char* smaller) {
    return count % of == 0 ? fmt::format("{}{}", count / of, larger)
                           : fmt::format("{}{} {}{}", count / of, larger, count % of, smaller);
  };
  const std::int64_t seconds = (milliseconds + 500) / 1000;
  if (seconds < 3600) return two(seconds, 60, "min", "s");
  return two((seconds + 30) / 60, 60, "h", "min");
}

std::string clock_time_text(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm local{};
  localtime_r(&seconds, &local);
  return fmt::format("{:02}:{:02}:{:02}", local.tm_hour, local.tm_min, local.tm_sec);
}

std::string count_text(std::uint64_t count) {
  return grouped_digits(fmt::format("{}", count));
}

std::string grouped_digits(std::string digits) {
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

}  // namespace dauth::scanner::cli

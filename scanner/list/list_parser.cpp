#include "scanner/list/list_parser.h"

#include <fmt/format.h>

namespace dauth::scanner {

data::RejectedLine rejected_line(const std::string& source, std::uint64_t number, std::string reason,
                                 std::string_view text) {
  constexpr std::size_t kShownText = 200;
  return {source, number, std::move(reason), std::string(text.substr(0, kShownText))};
}

ListError list_error(const std::string& source, std::string_view message) {
  return {.message = fmt::format("{}: {}", source, message)};
}

ListError list_error(const std::string& source, std::uint64_t line, std::string_view message) {
  return {.message = fmt::format("{}:{}: {}", source, line, message)};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace dauth::scanner

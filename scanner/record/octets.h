// Classes of octets and comparisons without case, for ASCII alone and for no locale.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace dauth::scanner {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alphanumeric(char c) {
  return is_alpha(c) || is_digit(c);
}
// WSP of RFC 5234.
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
// VCHAR of RFC 5234; false for octets over 126 whatever the sign of char.
constexpr bool is_visible(char c) {
  return c >= '!' && c <= '~';
}
constexpr char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lowered(a[i]) != lowered(b[i])) return false;
  }
  return true;
}

constexpr bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// `word` is in lower case.
inline bool contains_ignoring_case(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return lowered(a) == b; }) != text.end();
}

}  // namespace dauth::scanner

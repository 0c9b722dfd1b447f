// Utf8Reader: the characters of a text that may not be UTF-8 (RFC 3629). Internal to the escapers.
#pragma once

#include <optional>
#include <string_view>

namespace dauth::report {

struct Utf8Character {
  // The scalar value; nothing for an octet that is no part of a well-formed character.
  std::optional<char32_t> scalar;
  std::string_view octets;
};

class Utf8Reader {
 public:
  explicit Utf8Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  // The next character, or the next single octet where none starts. Not at the end.
  Utf8Character next();

 private:
  std::string_view rest_;
};

}  // namespace dauth::report

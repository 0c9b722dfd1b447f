// Language: what the tables' words are in.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace dauth::report {

enum class Language : std::uint8_t { kEnglish, kJapanese };

// From "en" or "ja".
std::optional<Language> language_from_text(std::string_view text);

}  // namespace dauth::report

// The second-level labels of `.jp` that are not registered names themselves: organizational types,
// prefectures in romaji and as A-labels of their kanji, and the designated cities with a second level of
// their own (docs/measurement-method.md section 3). They are closed sets; the cities below the prefectures
// come from the public suffix list.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace dauth::scanner {

enum class JpSecondLevel : std::uint8_t {
  kOrganizational,        // "co": the category is the label
  kPrefecture,            // "tokyo"
  kPrefectureOfCityName,  // "osaka": its capital, a designated city, has the same name: city.osaka.jp
  kKanjiPrefecture,       // "xn--1lqs71d"
  kDesignatedCity,        // "kobe"
};

struct JpSecondLevelLabel {
  std::string_view label;  // lower case
  JpSecondLevel kind;
};

// Sorted by label.
std::span<const JpSecondLevelLabel> jp_second_level_labels();

// `label` in lower case; nothing for a registered name's.
std::optional<JpSecondLevel> jp_second_level(std::string_view label);

}  // namespace dauth::scanner

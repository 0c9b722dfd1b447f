#include "data/category.h"

#include <algorithm>
#include <array>

namespace dauth::data {
namespace {
constexpr std::array<std::string_view, 13> kJpCodes = {
    "AD", "AC", "CO", "GO", "OR", "NE", "GR", "ED", "LG", "GEOGRAPHIC", "PREFECTURE", "GENERAL", "OTHER"};
}  // namespace

std::optional<Category> Category::from_text(std::string_view code) {
  if (code.empty() || code.size() > kMaxLength) return std::nullopt;
  const bool sound = std::all_of(code.begin(), code.end(), [](char c) {
    return c > ' ' && c < 0x7f && std::string_view(",\"'<>`|").find(c) == std::string_view::npos;
  });
  if (!sound) return std::nullopt;
  return Category(std::string(code));
}

std::span<const std::string_view> jp_category_codes() {
  return kJpCodes;
}

bool is_jp_category(std::string_view code) {
  return std::find(kJpCodes.begin(), kJpCodes.end(), code) != kJpCodes.end();
}

}  // namespace dauth::data

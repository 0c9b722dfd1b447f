// Category: the second-level group that a listed name is counted in (docs/measurement-method.md section 3).
//
// For `.jp` one of the codes AD AC CO GO OR NE GR ED LG GEOGRAPHIC PREFECTURE GENERAL OTHER; with
// `--categories suffix` or a file, a public suffix ("co.uk") or a code of the user's own. TOTAL is not a
// name's category but a row of the tables.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dauth::data {

class Category {
 public:
  static constexpr std::size_t kMaxLength = 253;

  // 1 to 253 octets of printable ASCII without blanks, commas, quotes or angle brackets; nothing otherwise.
  static std::optional<Category> from_text(std::string_view code);

  static Category other() { return Category("OTHER"); }
  static Category total() { return Category("TOTAL"); }

  const std::string& code() const { return code_; }

  friend auto operator<=>(const Category&, const Category&) = default;

 private:
  explicit Category(std::string code) : code_(std::move(code)) {}
  std::string code_;
};

// The 13 codes of `.jp` in the order of the tables: AD AC CO GO OR NE GR ED LG GEOGRAPHIC PREFECTURE GENERAL
// OTHER.
std::span<const std::string_view> jp_category_codes();
// True for one of those 13.
bool is_jp_category(std::string_view code);

}  // namespace dauth::data

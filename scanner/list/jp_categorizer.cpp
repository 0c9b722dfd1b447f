#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "scanner/list/categorizers.h"
#include "scanner/list/jp_second_level.h"
#include "scanner/list/suffix_list.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kLongestSecondLevel = 20;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

bool equals_without_case(std::string_view label, std::string_view lower_case) {
  return std::ranges::equal(label, lower_case, [](char a, char b) { return lower(a) == b; });
}

// The rules of docs/measurement-method.md section 3, in their order.
class JpCategorizer final : public Categorizer {
 public:
  explicit JpCategorizer(std::unique_ptr<SuffixList> suffixes) : suffixes_(std::move(suffixes)) {
    for (const std::string_view code : data::jp_category_codes()) {
      codes_.push_back(*data::Category::from_text(code));
    }
  }

  data::Category category_of(const dns::DomainName& name) const override {
    const auto top = name.label_from_right(0);
    const auto second = name.label_from_right(1);
    if (!top || !second || !equals_without_case(*top, "jp")) return other_;
    if (second->size() > kLongestSecondLevel) return general_;
    std::array<char, kLongestSecondLevel> room;
    std::ranges::transform(*second, room.begin(), lower);
    const std::string_view label(room.data(), second->size());
    const std::optional<JpSecondLevel> kind = jp_second_level(label);
    if (!kind) return general_;

    const auto third = name.label_from_right(2);
    if (!third) return other_;
    const bool has_fourth = name.label_from_right(3).has_value();
    switch (*kind) {
      case JpSecondLevel::kOrganizational:
        return from_list(label).value_or(other_);
      case JpSecondLevel::kKanjiPrefecture:
        return prefecture_;
      case JpSecondLevel::kDesignatedCity:
        return has_fourth || equals_without_case(*third, "city") ? geographic_ : other_;
      case JpSecondLevel::kPrefecture:
      case JpSecondLevel::kPrefectureOfCityName:
        break;
    }
    if (suffixes_->is_public_suffix(suffix_text(name, 3))) return has_fourth ? geographic_ : other_;
    const bool is_government =
        equals_without_case(*third, "pref") || (label == "tokyo" && equals_without_case(*third, "metro")) ||
        (*kind == JpSecondLevel::kPrefectureOfCityName && equals_without_case(*third, "city"));
    return is_government ? geographic_ : prefecture_;
  }

  std::optional<data::Category> from_list(std::string_view code) const override {
    const auto found = std::ranges::find_if(codes_, [&](const data::Category& category) {
      return std::ranges::equal(code, category.code(), {}, lower, lower);
    });
    if (found == codes_.end()) return std::nullopt;
    return *found;
  }

  std::string suffix_list_version() const override { return suffixes_->version(); }

 private:
  std::unique_ptr<SuffixList> suffixes_;
  std::vector<data::Category> codes_;
  data::Category other_ = data::Category::other();
  data::Category general_ = *data::Category::from_text("GENERAL");
  data::Category geographic_ = *data::Category::from_text("GEOGRAPHIC");
  data::Category prefecture_ = *data::Category::from_text("PREFECTURE");
};

}  // namespace

std::unique_ptr<Categorizer> make_jp_categorizer(std::unique_ptr<SuffixList> suffixes) {
  return std::make_unique<JpCategorizer>(std::move(suffixes));
}

}  // namespace dauth::scanner

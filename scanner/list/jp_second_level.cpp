#include "scanner/list/jp_second_level.h"

#include <algorithm>

namespace dauth::scanner {
namespace {

using enum JpSecondLevel;

constexpr JpSecondLevelLabel kLabels[] = {
    {"ac", kOrganizational},
    {"ad", kOrganizational},
    {"aichi", kPrefecture},
    {"akita", kPrefecture},
    {"aomori", kPrefecture},
    {"chiba", kPrefectureOfCityName},
    {"co", kOrganizational},
    {"ed", kOrganizational},
    {"ehime", kPrefecture},
    {"fukui", kPrefecture},
    {"fukuoka", kPrefectureOfCityName},
    {"fukushima", kPrefecture},
    {"gifu", kPrefecture},
    {"go", kOrganizational},
    {"gr", kOrganizational},
    {"gunma", kPrefecture},
    {"hiroshima", kPrefectureOfCityName},
    {"hokkaido", kPrefecture},
    {"hyogo", kPrefecture},
    {"ibaraki", kPrefecture},
    {"ishikawa", kPrefecture},
    {"iwate", kPrefecture},
    {"kagawa", kPrefecture},
    {"kagoshima", kPrefecture},
    {"kanagawa", kPrefecture},
    {"kawasaki", kDesignatedCity},
    {"kitakyushu", kDesignatedCity},
    {"kobe", kDesignatedCity},
    {"kochi", kPrefecture},
    {"kumamoto", kPrefectureOfCityName},
    {"kyoto", kPrefectureOfCityName},
    {"lg", kOrganizational},
    {"mie", kPrefecture},
    {"miyagi", kPrefecture},
    {"miyazaki", kPrefecture},
    {"nagano", kPrefecture},
    {"nagasaki", kPrefecture},
    {"nagoya", kDesignatedCity},
    {"nara", kPrefecture},
    {"ne", kOrganizational},
    {"niigata", kPrefectureOfCityName},
    {"oita", kPrefecture},
    {"okayama", kPrefectureOfCityName},
    {"okinawa", kPrefecture},
    {"or", kOrganizational},
    {"osaka", kPrefectureOfCityName},
    {"saga", kPrefecture},
    {"saitama", kPrefectureOfCityName},
    {"sapporo", kDesignatedCity},
    {"sendai", kDesignatedCity},
    {"shiga", kPrefecture},
    {"shimane", kPrefecture},
    {"shizuoka", kPrefectureOfCityName},
    {"tochigi", kPrefecture},
    {"tokushima", kPrefecture},
    {"tokyo", kPrefecture},
    {"tottori", kPrefecture},
    {"toyama", kPrefecture},
    {"wakayama", kPrefecture},
    {"xn--0trq7p7nn", kKanjiPrefecture},   // 和歌山
    {"xn--1ctwo", kKanjiPrefecture},       // 富山
    {"xn--1lqs03n", kKanjiPrefecture},     // 京都
    {"xn--1lqs71d", kKanjiPrefecture},     // 東京
    {"xn--2m4a15e", kKanjiPrefecture},     // 長野
    {"xn--32vp30h", kKanjiPrefecture},     // 青森
    {"xn--4it168d", kKanjiPrefecture},     // 福岡
    {"xn--4it797k", kKanjiPrefecture},     // 静岡
    {"xn--4pvxs", kKanjiPrefecture},       // 栃木
    {"xn--5js045d", kKanjiPrefecture},     // 埼玉
    {"xn--5rtp49c", kKanjiPrefecture},     // 石川
    {"xn--5rtq34k", kKanjiPrefecture},     // 香川
    {"xn--6btw5a", kKanjiPrefecture},      // 宮崎
    {"xn--6orx2r", kKanjiPrefecture},      // 山口
    {"xn--7t0a264c", kKanjiPrefecture},    // 群馬
    {"xn--8ltr62k", kKanjiPrefecture},     // 長崎
    {"xn--8pvr4u", kKanjiPrefecture},      // 熊本
    {"xn--c3s14m", kKanjiPrefecture},      // 愛媛
    {"xn--d5qv7z876c", kKanjiPrefecture},  // 鹿児島
    {"xn--djrs72d6uy", kKanjiPrefecture},  // 北海道
    {"xn--djty4k", kKanjiPrefecture},      // 岩手
    {"xn--efvn9s", kKanjiPrefecture},      // 新潟
    {"xn--ehqz56n", kKanjiPrefecture},     // 三重
    {"xn--elqq16h", kKanjiPrefecture},     // 福井
    {"xn--f6qx53a", kKanjiPrefecture},     // 兵庫
    {"xn--k7yn95e", kKanjiPrefecture},     // 高知
    {"xn--kbrq7o", kKanjiPrefecture},      // 大分
    {"xn--klt787d", kKanjiPrefecture},     // 福島
    {"xn--kltp7d", kKanjiPrefecture},      // 徳島
    {"xn--kltx9a", kKanjiPrefecture},      // 広島
    {"xn--klty5x", kKanjiPrefecture},      // 島根
    {"xn--mkru45i", kKanjiPrefecture},     // 千葉
    {"xn--nit225k", kKanjiPrefecture},     // 岐阜
    {"xn--ntso0iqx3a", kKanjiPrefecture},  // 神奈川
    {"xn--ntsq17g", kKanjiPrefecture},     // 奈良
    {"xn--pssu33l", kKanjiPrefecture},     // 大阪
    {"xn--qqqt11m", kKanjiPrefecture},     // 佐賀
    {"xn--rht27z", kKanjiPrefecture},      // 山梨
    {"xn--rht3d", kKanjiPrefecture},       // 岡山
    {"xn--rht61e", kKanjiPrefecture},      // 山形
    {"xn--rny31h", kKanjiPrefecture},      // 秋田
    {"xn--tor131o", kKanjiPrefecture},     // 鳥取
    {"xn--uist22h", kKanjiPrefecture},     // 茨城
    {"xn--uisz3g", kKanjiPrefecture},      // 宮城
    {"xn--uuwu58a", kKanjiPrefecture},     // 沖縄
    {"xn--vgu402c", kKanjiPrefecture},     // 愛知
    {"xn--zbx025d", kKanjiPrefecture},     // 滋賀
    {"yamagata", kPrefecture},
    {"yamaguchi", kPrefecture},
    {"yamanashi", kPrefecture},
    {"yokohama", kDesignatedCity},
};
static_assert(std::ranges::is_sorted(kLabels, {}, &JpSecondLevelLabel::label));

}  // namespace

std::span<const JpSecondLevelLabel> jp_second_level_labels() {
  return kLabels;
}

std::optional<JpSecondLevel> jp_second_level(std::string_view label) {
  const auto* const found = std::ranges::lower_bound(kLabels, label, {}, &JpSecondLevelLabel::label);
  if (found == std::ranges::end(kLabels) || found->label != label) return std::nullopt;
  return found->kind;
}

}  // namespace dauth::scanner

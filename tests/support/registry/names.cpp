#include "tests/support/registry/names.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace dauth::testing {
namespace {

using std::string_view;

constexpr std::array<string_view, 40> kFirstWords = {
    "sakura", "yamato", "fuji", "midori", "aoba",    "hikari", "taiyo", "asahi", "kawa", "mori",
    "hana",   "tsuru",  "kame", "matsu",  "take",    "ume",    "tsuki", "hoshi", "sora", "umi",
    "shima",  "hama",   "kita", "minami", "higashi", "nishi",  "naka",  "oka",   "tani", "ishi",
    "kuro",   "shiro",  "aka",  "ao",     "kin",     "gin",    "tetsu", "kome",  "mizu", "kaze"};
constexpr std::array<string_view, 40> kSecondWords = {
    "shokai",  "denki",   "kogyo",   "sangyo",   "shoten",   "kensetsu", "gakuen", "iin",
    "kobo",    "sekkei",  "tsushin", "bussan",   "unyu",     "seika",    "suisan", "noen",
    "ryokan",  "insatsu", "kikai",   "yakuhin",  "koumuten", "fudosan",  "kaikei", "horitsu",
    "shuppan", "gakki",   "sekiyu",  "seimitsu", "garasu",   "jidosha",  "kagaku", "orimono",
    "shuzo",   "hoken",   "keibi",   "soko",     "kanko",    "kenkyujo", "juku",   "dofu"};
constexpr std::array<string_view, 16> kJapaneseFirst = {"桜",   "大和", "富士",   "緑",    "青葉", "光",
                                                        "太陽", "朝日", "さくら", "森",    "花",   "鶴",
                                                        "松",   "竹",   "梅",     "ひかり"};
constexpr std::array<string_view, 16> kJapaneseSecond = {"商会", "電気", "工業", "産業", "商店", "建設",
                                                         "学園", "医院", "工房", "設計", "通信", "物産",
                                                         "運輸", "水産", "農園", "すし"};
constexpr std::array<string_view, 12> kPrefectures = {"hokkaido", "miyagi",  "chiba",     "tokyo",
                                                      "kanagawa", "niigata", "aichi",     "kyoto",
                                                      "osaka",    "hyogo",   "hiroshima", "okinawa"};
constexpr std::array<string_view, 10> kKanjiPrefectures = {"北海道", "宮城", "千葉", "東京", "神奈川",
                                                           "新潟",   "愛知", "京都", "大阪", "沖縄"};
constexpr std::array<string_view, 14> kCities = {
    "chiyoda.tokyo",     "minato.tokyo",     "bunkyo.tokyo", "hachioji.tokyo",    "hakone.kanagawa",
    "kamakura.kanagawa", "odawara.kanagawa", "kita.osaka",   "higashiyama.kyoto", "ebetsu.hokkaido",
    "ichikawa.chiba",    "asao.kawasaki",    "aoba.sendai",  "nada.kobe"};
constexpr std::array<string_view, 20> kGovernments = {"pref.hokkaido",        "pref.kanagawa",
                                                      "metro.tokyo",          "pref.chiba",
                                                      "pref.osaka",           "city.kyoto",
                                                      "city.chiba",           "city.saitama",
                                                      "city.kawasaki",        "city.kobe",
                                                      "city.sapporo",         "city.sendai",
                                                      "city.yokohama",        "city.chiyoda.tokyo",
                                                      "city.minato.tokyo",    "town.hakone.kanagawa",
                                                      "vill.ogasawara.tokyo", "city.kamakura.kanagawa",
                                                      "city.ebetsu.hokkaido", "city.ichikawa.chiba"};
constexpr std::array<string_view, 4> kLocalGovernments = {"city", "town", "vill", "pref"};

constexpr std::array<string_view, 8> kOrganizational = {"AD", "AC", "CO", "GO", "OR", "NE", "GR", "ED"};

std::string lower(string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
  return out;
}

}  // namespace

std::string NameMaker::make(string_view category, NameShape shape) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    std::string name = candidate(category, shape);
    if (made_.insert(name).second) return name;
  }
  throw std::runtime_error(fmt::format("no further names of category {}", category));
}

std::string NameMaker::candidate(string_view category, NameShape shape) {
  switch (shape) {
    case NameShape::kOrdinary:
      break;
    case NameShape::kLongLabel: {
      std::string long_label = label() + "-";
      long_label.resize(63, 'x');
      return long_label + ".jp";
    }
    case NameShape::kLongName:
      return long_name(243);
    case NameShape::kLongestName:
      return long_name(255);
  }
  if (std::find(kOrganizational.begin(), kOrganizational.end(), category) != kOrganizational.end()) {
    return fmt::format("{}.{}.jp", label(), lower(category));
  }
  if (category == "LG") return local_government();
  if (category == "GEOGRAPHIC") return geographic();
  if (category == "PREFECTURE") {
    if (random_.one_in(2)) return fmt::format("{}.{}.jp", label(), random_.pick<string_view>(kPrefectures));
    return fmt::format("{}.{}.jp", random_.one_in(2) ? japanese_label() : label(),
                       random_.pick<string_view>(kKanjiPrefectures));
  }
  if (category == "GENERAL") return (random_.one_in(25) ? japanese_label() : label()) + ".jp";
  throw std::runtime_error(fmt::format("no names are known for category {}", category));
}

std::string NameMaker::label() {
  const string_view first = random_.pick<string_view>(kFirstWords);
  const string_view second = random_.pick<string_view>(kSecondWords);
  switch (random_.below(4)) {
    case 0:
      return fmt::format("{}{}", first, second);
    case 1:
      return fmt::format("{}-{}", first, second);
    case 2:
      return fmt::format("{}{}{}", first, second, random_.below(100));
    default:
      return fmt::format("{}-{}-{}", first, second, random_.below(10'000));
  }
}

std::string NameMaker::japanese_label() {
  const string_view first = random_.pick<string_view>(kJapaneseFirst);
  const string_view second = random_.pick<string_view>(kJapaneseSecond);
  return random_.one_in(8) ? fmt::format("{}{}", first, second)
                           : fmt::format("{}{}{}", first, second, random_.below(10'000));
}

std::string NameMaker::geographic() {
  if (random_.one_in(20)) {
    std::string government = fmt::format("{}.jp", random_.pick<string_view>(kGovernments));
    if (!made_.contains(government)) return government;
  }
  return fmt::format("{}.{}.jp", label(), random_.pick<string_view>(kCities));
}

std::string NameMaker::local_government() {
  if (!made_.contains("metro.tokyo.lg.jp")) return "metro.tokyo.lg.jp";
  const string_view place = random_.pick<string_view>(kFirstWords);
  const string_view ending = random_.pick<string_view>(kFirstWords);
  const string_view kind = random_.pick<string_view>(kLocalGovernments);
  return random_.one_in(2) ? fmt::format("{}.{}{}.lg.jp", kind, place, ending)
                           : fmt::format("{}.{}-{}.lg.jp", kind, place, ending);
}

// Labels before ".jp" (4 octets in wire form with the root) up to the length asked for.
std::string NameMaker::long_name(std::size_t wire_length) {
  std::string name = "jp";
  std::size_t left = wire_length - 4;
  while (left > 0) {
    // A label takes one octet more than its length; none may be left over for an empty one.
    const std::size_t take = left <= 64 ? left : left < 66 ? 40 : 64;
    std::string part = label();
    part.resize(take - 1, 'y');
    if (part.back() == '-') part.back() = 'y';
    name = part + "." + name;
    left -= take;
  }
  return name;
}

}  // namespace dauth::testing

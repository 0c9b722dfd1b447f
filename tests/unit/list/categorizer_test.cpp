#include "scanner/list/categorizer.h"

#include <unistd.h>

#include <filesystem>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/list/jp_second_level.h"
#include "scanner/list/list_name.h"
#include "scanner/list/suffix_list.h"
#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string category(const Categorizer& categorizer, std::string_view name) {
  const auto read = read_listed_name(name);
  EXPECT_TRUE(read) << name;
  if (!read) return {};
  return categorizer.category_of(*read).code();
}

struct Case {
  std::string_view name;
  std::string_view category;
};

class JpCategory : public ::testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() { jp_ = std::move(*make_categorizer("jp")); }
  static void TearDownTestSuite() { jp_.reset(); }
  static inline std::unique_ptr<Categorizer> jp_;
};

TEST_P(JpCategory, FollowsTheRules) {
  EXPECT_EQ(category(*jp_, GetParam().name), GetParam().category);
}

INSTANTIATE_TEST_SUITE_P(Organizational, JpCategory,
                         ::testing::Values(Case{"shimane-u.ac.jp", "AC"}, Case{"example.ad.jp", "AD"},
                                           Case{"example.co.jp", "CO"}, Case{"example.ed.jp", "ED"},
                                           Case{"example.go.jp", "GO"}, Case{"example.gr.jp", "GR"},
                                           Case{"example.ne.jp", "NE"}, Case{"EXAMPLE.OR.JP.", "OR"},
                                           Case{"pref.osaka.lg.jp", "LG"}, Case{"a.b.c.example.co.jp", "CO"},
                                           Case{"tokyo.co.jp", "CO"}, Case{"co.jp", "OTHER"}));
INSTANTIATE_TEST_SUITE_P(
    Prefecture, JpCategory,
    ::testing::Values(Case{"example.tokyo.jp", "PREFECTURE"}, Case{"www.example.Osaka.JP", "PREFECTURE"},
                      Case{"tokyo.jp", "OTHER"}, Case{"metro.tokyo.jp", "GEOGRAPHIC"},
                      Case{"metro.osaka.jp", "PREFECTURE"}, Case{"www.METRO.tokyo.jp", "GEOGRAPHIC"},
                      Case{"pref.hokkaido.jp", "GEOGRAPHIC"}, Case{"city.osaka.jp", "GEOGRAPHIC"},
                      Case{"www.city.osaka.jp", "GEOGRAPHIC"}, Case{"city.tokyo.jp", "PREFECTURE"},
                      Case{"city.nara.jp", "PREFECTURE"}, Case{"pre.tokyo.jp", "PREFECTURE"},
                      Case{"chiyoda.tokyo.jp", "OTHER"},
                      Case{"chiyoda.osaka.jp", "PREFECTURE"},  // a city of another prefecture
                      Case{"chi\\.yoda.tokyo.jp", "PREFECTURE"}, Case{"x.chiyoda\\.tokyo.jp", "GENERAL"},
                      Case{"chiyoda\\.tokyo.tokyo.jp", "PREFECTURE"}));
INSTANTIATE_TEST_SUITE_P(Geographic, JpCategory,
                         ::testing::Values(Case{"example.chiyoda.tokyo.jp", "GEOGRAPHIC"},
                                           Case{"mail.example.CHIYODA.tokyo.jp", "GEOGRAPHIC"},
                                           Case{"city.chiyoda.tokyo.jp", "GEOGRAPHIC"},
                                           Case{"vill.ogasawara.tokyo.jp", "GEOGRAPHIC"},
                                           Case{"kobe.jp", "OTHER"}, Case{"city.kobe.jp", "GEOGRAPHIC"},
                                           Case{"www.city.kobe.jp", "GEOGRAPHIC"},
                                           Case{"chuo.kobe.jp", "OTHER"},
                                           Case{"example.chuo.kobe.jp", "GEOGRAPHIC"},
                                           Case{"example.no-such-ward.nagoya.jp", "GEOGRAPHIC"}));
INSTANTIATE_TEST_SUITE_P(Kanji, JpCategory,
                         ::testing::Values(Case{"例え.東京.jp", "PREFECTURE"}, Case{"東京.jp", "OTHER"},
                                           Case{"example.北海道.jp", "PREFECTURE"},
                                           Case{"www.example.XN--1LQS71D.jp", "PREFECTURE"},
                                           Case{"chiyoda.東京.jp", "PREFECTURE"},
                                           Case{"日本語.jp", "GENERAL"}));
INSTANTIATE_TEST_SUITE_P(Else, JpCategory,
                         ::testing::Values(Case{"example.jp", "GENERAL"}, Case{"www.example.jp", "GENERAL"},
                                           Case{"tokyo.example.jp", "GENERAL"},
                                           Case{"co.example.jp", "GENERAL"},
                                           Case{"a-name-longer-than-any-prefecture.jp", "GENERAL"},
                                           Case{"com.jp", "GENERAL"}, Case{"jp", "OTHER"},
                                           Case{"example.com", "OTHER"}, Case{"example.tokyo", "OTHER"},
                                           Case{"co.jp.com", "OTHER"}));

TEST(JpCategorizer, PutsTheRootElsewhere) {
  EXPECT_EQ((*make_categorizer("jp"))->category_of(dns::DomainName()).code(), "OTHER");
}

TEST(JpCategorizer, TakesOnlyItsOwnCodesFromTypedLists) {
  const auto jp = std::move(*make_categorizer("jp"));
  for (const std::string_view code : data::jp_category_codes()) EXPECT_EQ(jp->from_list(code)->code(), code);
  EXPECT_EQ(jp->from_list("geographic")->code(), "GEOGRAPHIC");
  for (const std::string_view code : {"", "TOTAL", "XX", "co.jp", "CO "})
    EXPECT_FALSE(jp->from_list(code)) << code;
}

TEST(JpSecondLevel, AgreesWithThePublicSuffixList) {
  const auto suffixes = std::move(*SuffixList::load());
  std::map<JpSecondLevel, int> kinds;
  for (const auto& [label, kind] : jp_second_level_labels()) {
    EXPECT_TRUE(suffixes->is_public_suffix(std::string(label) + ".jp")) << label;
    ++kinds[kind];
    if (kind == JpSecondLevel::kDesignatedCity) {
      EXPECT_TRUE(suffixes->is_public_suffix("ward." + std::string(label) + ".jp"));
      EXPECT_FALSE(suffixes->is_public_suffix("city." + std::string(label) + ".jp"));
    }
  }
  EXPECT_EQ(kinds[JpSecondLevel::kOrganizational], 9);
  EXPECT_EQ(kinds[JpSecondLevel::kPrefecture] + kinds[JpSecondLevel::kPrefectureOfCityName], 47);
  EXPECT_EQ(kinds[JpSecondLevel::kPrefectureOfCityName], 10);
  EXPECT_EQ(kinds[JpSecondLevel::kKanjiPrefecture], 47);
  EXPECT_EQ(kinds[JpSecondLevel::kDesignatedCity], 7);
  EXPECT_FALSE(suffixes->is_public_suffix("example.jp"));
}

TEST(SuffixList, SaysWhichOneItIs) {
  EXPECT_THAT((*make_categorizer("jp"))->suffix_list_version(),
              ::testing::AnyOf(::testing::MatchesRegex("public_suffix_list.* 20..-..-.. xxh128:[0-9a-f]{32}"),
                               StartsWith("libpsl built-in sha1:")));
}

TEST(SuffixCategorizer, TakesThePublicSuffix) {
  const auto suffix = std::move(*make_categorizer("suffix"));
  const std::vector<Case> cases = {{"example.co.uk", "co.uk"},
                                   {"www.EXAMPLE.Co.Uk", "co.uk"},
                                   {"example.uk", "uk"},
                                   {"co.uk", "OTHER"},
                                   {"uk", "OTHER"},
                                   {"example.gov.br", "gov.br"},
                                   {"example.de", "de"},
                                   {"a.b.c.d.example.de", "de"},
                                   {"www.blogspot.com", "com"},  // the list's private part does not count
                                   {"example.github.io", "io"},
                                   {"example.test", "OTHER"},
                                   {"test", "OTHER"},
                                   {"example.foo.ck", "foo.ck"},
                                   {"foo.ck", "OTHER"},
                                   {"www.ck", "ck"},
                                   {"a.www.ck", "ck"},
                                   {"example.日本", "OTHER"},
                                   {"例え.中国", "xn--fiqs8s"},
                                   {"example.chiyoda.tokyo.jp", "chiyoda.tokyo.jp"},
                                   {"example\\.co.uk", "uk"},
                                   {"co\\.uk.uk", "uk"}};
  for (const Case& one : cases) EXPECT_EQ(category(*suffix, one.name), one.category) << one.name;
  EXPECT_EQ(suffix->category_of(dns::DomainName()).code(), "OTHER");
  EXPECT_EQ(suffix->from_list("gov.br")->code(), "gov.br");
  EXPECT_FALSE(suffix->from_list("TOTAL"));
}

class FileCategories : public ::testing::Test {
 protected:
  FileCategories()
      : path_(std::filesystem::temp_directory_path() /
              ("dauth-categories-" + std::to_string(::getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())) {}
  ~FileCategories() override { std::filesystem::remove(path_); }

  Result<std::unique_ptr<Categorizer>, std::string> make(std::string_view text) {
    std::ofstream(path_, std::ios::binary) << text;
    return make_categorizer(path_.string());
  }

  std::filesystem::path path_;
};

TEST_F(FileCategories, TakeTheLongestSuffix) {
  const auto made = make(
      "\xef\xbb\xbf# suffix, category\r\n"
      "go.jp\tGOV\r\n"
      "\r\n"
      "JP,REST # the others\n"
      ".court.go.jp  COURT\n"
      "日本語.jp, IDN\n"
      "go.jp\tGOV\n");
  ASSERT_TRUE(made) << made.error();
  const Categorizer& file = **made;
  EXPECT_EQ(category(file, "example.go.jp"), "GOV");
  EXPECT_EQ(category(file, "go.jp"), "GOV");
  EXPECT_EQ(category(file, "www.court.go.jp"), "COURT");
  EXPECT_EQ(category(file, "example.co.jp"), "REST");
  EXPECT_EQ(category(file, "www.xn--wgv71a119e.jp"), "IDN");
  EXPECT_EQ(category(file, "xgo.jp"), "REST");
  EXPECT_EQ(category(file, "example.com"), "OTHER");
  EXPECT_THAT(file.suffix_list_version(), HasSubstr(path_.string() + " xxh128:"));
}

TEST_F(FileCategories, MayNameTheRest) {
  const auto made = make(". WORLD\njp JP\n");
  ASSERT_TRUE(made) << made.error();
  EXPECT_EQ(category(**made, "example.com"), "WORLD");
  EXPECT_EQ(category(**made, "example.jp"), "JP");
}

TEST_F(FileCategories, SayWhereTheyAreWrong) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"go.jp\tGOV\nco.jp\n", ":2: a suffix without a category"},
      {"go..jp\tGOV\n", ":1: empty label"},
      {"go.jp\tGOV\ngo.jp\tOTHER\n", ":2: another category for this suffix, which has GOV"},
      {"go.jp\tTOTAL\n", ":1: no category code"},
      {"go.jp\t<b>\n", ":1: no category code"},
      {"go.jp\ttwo words\n", ":1: no category code"},
      {"# nothing\n", ": no suffix in it"}};
  for (const auto& [text, message] : cases) {
    const auto made = make(text);
    ASSERT_FALSE(made) << text;
    EXPECT_THAT(made.error(), StartsWith(path_.string() + message));
  }
  std::filesystem::remove(path_);
  EXPECT_EQ(make_categorizer(path_.string()).error(), path_.string() + ": No such file or directory");
}

}  // namespace
}  // namespace dauth::scanner

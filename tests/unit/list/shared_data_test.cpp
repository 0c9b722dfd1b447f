// The lists and the category cases under DAUTH_DATA, which are not part of the repository.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/list/categorizer.h"
#include "scanner/list/jp_second_level.h"
#include "scanner/list/list_name.h"
#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::read_whole;
using testing::WholeList;

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

struct Sample {
  std::string file;
  ListFormat format;
  std::vector<std::string> names;
  std::vector<std::string> rejections;
};

class SampleList : public ::testing::TestWithParam<Sample> {};

TEST_P(SampleList, GivesItsNames) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  const std::string octets = testing::file_contents(*data + "/lists/samples/" + GetParam().file);
  ASSERT_FALSE(octets.empty());
  for (const std::size_t piece : {std::size_t{1}, octets.size()}) {
    const auto list = read_whole(std::make_unique<testing::PiecewiseSource>(octets, piece));
    EXPECT_EQ(list.format, GetParam().format);
    EXPECT_EQ(list.names, GetParam().names);
    EXPECT_EQ(list.rejections, GetParam().rejections);
    EXPECT_FALSE(list.error) << *list.error;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Table, SampleList,
    ::testing::Values(
        Sample{"axfr-dig-style.zone", ListFormat::kZone, {"example.jp.test"}, {}},
        Sample{"crlf-bom-comments.txt",
               ListFormat::kPlain,
               {"example.jp", "www.example.co.jp", "xn--wgv71a119e.jp", "example.jp"},
               {}},
        Sample{"crux-origin.csv", ListFormat::kCsv, {}, {"2: a URL, not a name"}},
        Sample{"csv-quoted.csv", ListFormat::kCsv, {"example.go.jp"}, {}},
        Sample{"hosts-style.txt",
               ListFormat::kPlain,
               {},
               {"1: blank inside the name", "2: blank inside the name"}},
        Sample{"majestic-style.csv", ListFormat::kCsv, {"example.com"}, {}},
        Sample{"rank-domain.csv", ListFormat::kCsv, {"google.com", "facebook.com", "example.co.jp"}, {}},
        Sample{
            "relative-origin-parens.zone", ListFormat::kZone, {"example.jp.test", "esc\\.dot.jp.test"}, {}},
        Sample{"typed-list.tsv",
               ListFormat::kPlain,
               {"example.co.jp", "example.jp", "city.chiyoda.tokyo.jp"},
               {}}),
    [](const auto& sample) {
      std::string name = sample.param.file;
      std::ranges::replace_if(name, [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
      return name;
    });

TEST(SampleZone, OfGovGivesEachDelegationOnce) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  const std::string octets = testing::file_contents(*data + "/lists/gov.czds.zone");
  ASSERT_FALSE(octets.empty());
  std::set<std::string> expected;
  for (const std::string& line : split(octets, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() < 5 || fields[3] != "ns" || fields[0] == "gov.") continue;
    expected.insert(fields[0].substr(0, fields[0].size() - 1));
  }
  ASSERT_GT(expected.size(), 10000U);
  const auto list = read_whole(octets);
  EXPECT_EQ(list.format, ListFormat::kZone);
  EXPECT_FALSE(list.error);
  EXPECT_THAT(list.rejections, IsEmpty());
  EXPECT_EQ(list.names.size(), expected.size());
  EXPECT_EQ(std::set<std::string>(list.names.begin(), list.names.end()), expected);
}

TEST(CategoryCases, AllHold) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  const auto list = read_whole(testing::file_contents(*data + "/jp/category-vectors.tsv"));
  EXPECT_EQ(list.entries.size(), 60U);
  EXPECT_THAT(list.rejections, IsEmpty());
  const auto jp = std::move(*make_categorizer("jp"));
  for (const ListEntry& entry : list.entries) {
    EXPECT_EQ(jp->category_of(entry.name).code(), entry.category) << entry.name.to_text();
  }
}

TEST(CategoryCases, KnowEverySecondLevelOfThePublicSuffixList) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  std::set<std::string> listed;
  for (std::string line : split(testing::file_contents(*data + "/jp/public-suffix-jp.txt"), '\n')) {
    if (line.starts_with("*.")) line = line.substr(2);
    if (line.starts_with('!') || line.starts_with("//") || std::ranges::count(line, '.') != 1) continue;
    const auto name = read_listed_name(line);
    ASSERT_TRUE(name) << line;
    listed.insert(std::string(*name->label_from_right(1)));
  }
  std::set<std::string> known;
  for (const auto& label : jp_second_level_labels()) known.insert(std::string(label.label));
  EXPECT_EQ(known, listed);
}

TEST(NamesSeen, AreAllNames) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  const auto list = read_whole(testing::file_contents(*data + "/jp/names-seen.txt"));
  EXPECT_THAT(list.rejections, IsEmpty());
  EXPECT_GT(list.names.size(), 20000U);
  const auto jp = std::move(*make_categorizer("jp"));
  for (const ListEntry& entry : list.entries)
    EXPECT_TRUE(data::is_jp_category(jp->category_of(entry.name).code()));
}

}  // namespace
}  // namespace dauth::scanner

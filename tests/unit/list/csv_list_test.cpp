#include "scanner/list/csv_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::read_whole;

std::vector<std::string> split(std::string_view text, char separator = ',') {
  std::vector<std::string> fields = {"left", "over", "from", "before", "…"};
  EXPECT_TRUE(split_csv(text, separator, fields)) << text;
  return fields;
}

TEST(SplitCsv, FollowsRfc4180) {
  EXPECT_THAT(split("a,b,c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split(""), ElementsAre(""));
  EXPECT_THAT(split(",a,"), ElementsAre("", "a", ""));
  EXPECT_THAT(split(R"("a,b","c""d",e)"), ElementsAre("a,b", "c\"d", "e"));
  EXPECT_THAT(split(R"("",x)"), ElementsAre("", "x"));
  EXPECT_THAT(split(R"(a, "b,c" ,d)"), ElementsAre("a", "b,c ", "d"));
  EXPECT_THAT(split(R"(a"b,c)"), ElementsAre("a\"b", "c"));
  EXPECT_THAT(split("a;b,c", ';'), ElementsAre("a", "b,c"));
  EXPECT_THAT(split("a\tb", '\t'), ElementsAre("a", "b"));
}

TEST(SplitCsv, TellsAQuoteThatDoesNotEnd) {
  std::vector<std::string> fields;
  EXPECT_FALSE(split_csv(R"("a,b)", ',', fields));
  EXPECT_FALSE(split_csv(R"(a,")", ',', fields));
  EXPECT_FALSE(split_csv(R"("a"")", ',', fields));
}

TEST(CsvList, TakesRankAndDomain) {
  const auto list = read_whole("1,google.com\n2,Example.co.jp.\n3,日本語.jp\r\n\n# note\n4,\"quoted.jp\"\n");
  EXPECT_EQ(list.format, ListFormat::kCsv);
  EXPECT_THAT(list.names, ElementsAre("google.com", "example.co.jp", "xn--wgv71a119e.jp", "quoted.jp"));
  EXPECT_THAT(list.rejections, IsEmpty());
  EXPECT_EQ(list.entries[3].line, 6U);
}

TEST(CsvList, FindsTheNamedColumn) {
  EXPECT_THAT(read_whole("GlobalRank,TldRank,Domain,TLD\n1,1,example.com,com\n").names,
              ElementsAre("example.com"));
  EXPECT_THAT(read_whole("\"domain\",\"registrant\"\n\"example.go.jp\",\"Cabinet, Office\"\n").names,
              ElementsAre("example.go.jp"));
  EXPECT_THAT(read_whole("Rank;Domain\n1;example.jp\n").names, ElementsAre("example.jp"));
  EXPECT_THAT(read_whole("rank\thostname\n1\twww.example.jp\n").names, ElementsAre("www.example.jp"));
  EXPECT_THAT(read_whole("name,domain\nExample Company,example.jp\n").names, ElementsAre("example.jp"));
  EXPECT_THAT(read_whole("domain\nexample.jp\n").names, ElementsAre("example.jp"));
  EXPECT_THAT(read_whole("example.jp,1000\nexample.co.jp,999\n").names,
              ElementsAre("example.jp", "example.co.jp"));
}

TEST(CsvList, ReadsCategoriesBesideNames) {
  const auto list = read_whole("name,category\nexample.co.jp,CO\nexample.jp,\n");
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].category, "CO");
  EXPECT_EQ(list.entries[1].category, std::nullopt);
}

TEST(CsvList, RejectsRowsThatGiveNoName) {
  const auto list = read_whole("rank,domain\n1,https://www.example.jp\n2\n3,\"open.jp\n4,\n5,good.jp\n");
  EXPECT_THAT(list.names, ElementsAre("good.jp"));
  EXPECT_THAT(list.rejections, ElementsAre("2: a URL, not a name", "3: too few columns",
                                           "4: a quoted field does not end on its line", "5: empty name"));
  EXPECT_THAT(read_whole("rang,seite\n1,example.jp\n").rejections, ElementsAre("1: no column holds a name"));
  EXPECT_THAT(read_whole("rang,seite\n1,example.jp\n").names, ElementsAre("example.jp"));
}

}  // namespace
}  // namespace dauth::scanner

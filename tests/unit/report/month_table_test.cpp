#include "report/month_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using data::Month;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<std::string> headings(const Table& table) {
  std::vector<std::string> found;
  for (const Column& column : table.columns) found.push_back(column.heading);
  return found;
}

TEST(MonthTable, ShowsTheNewestMonthWithARowACategory) {
  CountsBuilder builder;
  builder.measured(Month(2026, 10)).count("CO", "registered", 99, 0).count("TOTAL", "registered", 99, 0);
  builder.measured(Month(2026, 11));
  for (const std::string_view code : {"TOTAL", "de", "OTHER", "co.uk", "GENERAL", "LG", "PREFECTURE", "AD"}) {
    builder.count(code, "registered", 2, 0);
  }
  const Document document = month_document(builder.build(), Language::kEnglish);
  EXPECT_EQ(document.title, "Mail authentication in 2026-11");
  ASSERT_EQ(document.tables.size(), 1U) << "no rates without anything to rate";
  std::vector<std::string> categories;
  for (const auto& row : document.tables[0].rows) categories.push_back(row[0]);
  EXPECT_THAT(categories,
              ElementsAre("AD", "LG", "prefecture", "general-use", "other", "co.uk", "de", "total"));
}

TEST(MonthTable, LeavesColumnsWithoutAnyCountOut) {
  const SurveyCounts counts = CountsBuilder()
                                  .measured(Month(2026, 11))
                                  .count("CO", "registered", 10, 0)
                                  .count("CO", "mx", 8, 0)
                                  .count("CO", "spf", 4, 0)
                                  .count("CO", "dmarc", 0, 0)
                                  .build();
  const Document document = month_document(counts, Language::kEnglish);
  EXPECT_THAT(headings(document.tables[0]), ElementsAre("category", "registered", "MX", "SPF", "DMARC"));
  EXPECT_THAT(document.tables[0].rows, ElementsAre(ElementsAre("CO", "10", "8", "4", "0")));
  EXPECT_THAT(headings(document.tables[1]),
              ElementsAre("category", "SPF / MX", "DMARC / MX", "MX / registered", "SPF / registered",
                          "DMARC / registered"));
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("CO", "50.00%", "0.00%", "80.00%", "40.00%", "0.00%")));
}

TEST(MonthTable, UnmeasuredIsASecondNumberAndARange) {
  const SurveyCounts counts = CountsBuilder()
                                  .provisional(Month(2026, 11))
                                  .count("CO", "registered", 200, 0)
                                  .count("CO", "mx", 100, 0)
                                  .count("CO", "spf", 40, 5)
                                  .build();
  const Document document = month_document(counts, Language::kEnglish);
  EXPECT_EQ(document.title, "Mail authentication in 2026-11 p");
  EXPECT_THAT(document.tables[0].rows, ElementsAre(ElementsAre("CO", "200", "100", "40 +5?")));
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("CO", "40.00-45.00%", "50.00%", "20.00-22.50%")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("+N?")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("A range")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("p: provisional")));
}

TEST(MonthTable, MxHostsHaveColumnsWhereTheMonthAskedThem) {
  CountsBuilder builder;
  builder.measured(Month(2026, 11)).count("CO", "registered", 20, 0).count("CO", "mx", 10, 0);
  builder.count("CO", "spf", 4, 0).count("CO", "mx_ipv6", 3, 1).count("CO", "mx_no_address", 1, 0);
  for (const Language language : {Language::kEnglish, Language::kJapanese}) {
    const Document document = month_document(builder.build(), language);
    const bool english = language == Language::kEnglish;
    EXPECT_THAT(headings(document.tables[0]),
                ElementsAre(english ? "category" : "種別", english ? "registered" : "登録数", "MX",
                            english ? "MX over IPv6" : "IPv6 で届く MX",
                            english ? "MX without address" : "アドレスのない MX", "SPF"));
    EXPECT_THAT(document.tables[0].rows, ElementsAre(ElementsAre("CO", "20", "10", "3 +1?", "1", "4")));
    EXPECT_THAT(headings(document.tables[1]),
                Contains(english ? "MX over IPv6 / MX" : "IPv6 で届く MX / MX"));
    EXPECT_THAT(document.tables[1].rows,
                ElementsAre(ElementsAre("CO", "40.00%", "30.00-40.00%", "50.00%", "20.00%")))
        << "of names with MX alone";
    EXPECT_THAT(document.notes, Contains(HasSubstr("AAAA")));
  }
}

TEST(MonthTable, NothingIsDividedByZero) {
  const SurveyCounts counts = CountsBuilder()
                                  .imported(Month(2026, 11))
                                  .count("CO", "registered", 2)
                                  .count("CO", "mx", 0)
                                  .count("CO", "spf", 1)
                                  .build();
  const Document document = month_document(counts, Language::kEnglish);
  EXPECT_THAT(document.tables[1].rows, ElementsAre(ElementsAre("CO", "", "0.00%", "50.00%")));
  EXPECT_THAT(document.notes, Not(Contains(HasSubstr("A range"))));
}

TEST(MonthTable, SaysThatThereAreNoCounts) {
  const Document document = month_document(CountsBuilder().build(), Language::kJapanese);
  EXPECT_THAT(document.notes, ElementsAre("集計された月はありません。"));
}

}  // namespace
}  // namespace dauth::report

// The tables with months down (rates, spf, dmarc) and what one month of spf and dmarc shows by category.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/policy_tables.h"
#include "report/rates_table.h"
#include "report/report.h"
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

SurveyCounts series() {
  return CountsBuilder()
      .imported(Month(2005, 12))
      .count("TOTAL", "registered", 200)
      .count("TOTAL", "mx", 100)
      .count("TOTAL", "spf", 1)
      .measured(Month(2026, 9))
      .count("TOTAL", "registered", 400, 0)
      .count("TOTAL", "mx", 200, 0)
      .count("TOTAL", "spf", 100, 10)
      .count("TOTAL", "dmarc", 20, 0)
      .count("CO", "registered", 10, 0)
      .count("CO", "mx", 5, 0)
      .count("CO", "spf", 4, 0)
      .provisional(Month(2026, 10))
      .count("TOTAL", "registered", 400, 0)
      .count("TOTAL", "mx", 200, 20)
      .count("TOTAL", "spf", 110, 0)
      .count("TOTAL", "dmarc", 300, 0)
      .build();
}

TEST(RatesTable, ShowsBothDenominatorsWithMonthsDown) {
  const Document document = rates_document(series(), "TOTAL", Language::kEnglish);
  EXPECT_EQ(document.title, "Rates of mail authentication: total");
  ASSERT_EQ(document.tables.size(), 2U);
  EXPECT_EQ(document.tables[0].title, "Share of domains with MX");
  EXPECT_THAT(headings(document.tables[0]), ElementsAre("month", "MX", "SPF", "DMARC"));
  EXPECT_THAT(document.tables[0].rows, ElementsAre(ElementsAre("2026-10 p", "200 +20?", "55.00%", "150.00%"),
                                                   ElementsAre("2026-09", "200", "50.00-55.00%", "10.00%"),
                                                   ElementsAre("2006-01...2026-08", "-", "-", "-"),
                                                   ElementsAre("2005-12 i", "100", "1.00%", "")));
  EXPECT_EQ(document.tables[1].title, "Share of registered domains");
  EXPECT_THAT(headings(document.tables[1]), ElementsAre("month", "registered", "MX", "SPF", "DMARC"));
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("2026-10 p", "400", "50.00-55.00%", "27.50%", "75.00%"),
                          ElementsAre("2026-09", "400", "50.00%", "25.00-27.50%", "5.00%"),
                          ElementsAre("2006-01...2026-08", "-", "-", "-", "-"),
                          ElementsAre("2005-12 i", "200", "50.00%", "0.50%", "")));
  for (const char* note : {"p: provisional", "i: imported", "-: months", "An empty cell", "A range", "+N?"}) {
    EXPECT_THAT(document.notes, Contains(HasSubstr(note)));
  }
}

TEST(RatesTable, OfAnotherCategory) {
  const Document document = rates_document(series(), "CO", Language::kJapanese);
  EXPECT_EQ(document.title, "送信ドメイン認証の普及率(CO)");
  EXPECT_THAT(document.tables[0].rows[1], ElementsAre("2026-09", "5", "80.00%"));
  EXPECT_THAT(document.tables[0].rows[0], ElementsAre("2026-10 p", "", ""));
}

TEST(RatesTable, ARangeIsShownOnlyWhereItsEndsPrintDifferently) {
  const SurveyCounts counts = CountsBuilder()
                                  .measured(Month(2026, 11))
                                  .count("TOTAL", "registered", 1'800'000, 0)
                                  .count("TOTAL", "mx", 1'000'000, 0)
                                  .count("TOTAL", "spf", 500'000, 3)
                                  .build();
  const Document document = rates_document(counts, "TOTAL", Language::kEnglish);
  EXPECT_EQ(document.tables[0].rows[0].back(), "50.00%");
  EXPECT_THAT(document.notes, Not(Contains(HasSubstr("A range"))));
}

TEST(RatesTable, TidyRowsHaveOneDenominatorEach) {
  const std::string csv =
      render_report(series(), {.table = TableKind::kRates, .format = Format::kCsv, .category = "CO"});
  EXPECT_EQ(csv,
            "month,category,metric,count,unmeasured,denominator,denominator_label,share,share_max\n"
            "2026-09,CO,spf,4,0,5,mx,0.800000,0.800000\n"
            "2026-09,CO,mx,5,0,10,registered,0.500000,0.500000\n"
            "2026-09,CO,spf,4,0,10,registered,0.400000,0.400000\n");
}

SurveyCounts policies() {
  CountsBuilder builder;
  builder.measured(Month(2026, 10)).count("TOTAL", "mx", 90, 0).count("TOTAL", "spf_record", 50, 0);
  builder.measured(Month(2026, 11));
  for (const std::string_view code : {"CO", "LG", "TOTAL"}) {
    const std::uint64_t n = code == "LG" ? 0 : 1;
    builder.count(code, "mx", 100 * n, 0)
        .count(code, "spf", 70 * n, 2 * n)
        .count(code, "spf_txt", 60 * n, 2 * n)
        .count(code, "spf_type99", 15 * n, 0)
        .count(code, "spf_record", 55 * n, 2 * n)
        .count(code, "spf_all_fail", 20 * n, 2 * n)
        .count(code, "dmarc", 9 * n, 0)
        .count(code, "dmarc_reject", 4 * n, 0);
  }
  return builder.build();
}

TEST(SpfTable, Type99AloneAndBesideFollowFromTheCounts) {
  const Document document = policy_by_month(policies(), PolicyKind::kSpf, "TOTAL", Language::kEnglish);
  ASSERT_EQ(document.tables.size(), 2U);
  EXPECT_THAT(headings(document.tables[0]), ElementsAre("month", "SPF record", "SPF -all (fail)"));
  EXPECT_THAT(document.tables[0].rows,
              ElementsAre(ElementsAre("2026-11", "55 +2?", "20 +2?"), ElementsAre("2026-10", "50", "")));
  EXPECT_THAT(headings(document.tables[1]), ElementsAre("month", "MX", "SPF", "SPF by TXT", "SPF type 99",
                                                        "type 99 alone", "type 99 beside TXT"));
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("2026-11", "100", "70 +2?", "60 +2?", "15", "10", "5"),
                          ElementsAre("2026-10", "90", "", "", "", "", "")));
}

TEST(SpfTable, CountsThatDoNotFitTogetherSayNothingOfType99) {
  const SurveyCounts counts = CountsBuilder()
                                  .imported(Month(2006, 1))
                                  .count("TOTAL", "spf", 10)
                                  .count("TOTAL", "spf_txt", 11)
                                  .count("TOTAL", "spf_type99", 1)
                                  .build();
  const Document document = policy_by_month(counts, PolicyKind::kSpf, "TOTAL", Language::kEnglish);
  EXPECT_THAT(document.tables.back().rows, ElementsAre(ElementsAre("2006-01 i", "10", "11", "1", "", "")));
}

TEST(SpfTable, OfOneMonthHasCategoriesDownAndZerosAreShown) {
  const Document document = policy_by_category(policies(), PolicyKind::kSpf, Language::kEnglish);
  EXPECT_EQ(document.title, "SPF in 2026-11");
  EXPECT_THAT(document.tables[0].rows,
              ElementsAre(ElementsAre("CO", "55 +2?", "20 +2?"), ElementsAre("LG", "0", "0"),
                          ElementsAre("total", "55 +2?", "20 +2?")));
  EXPECT_THAT(document.tables[1].rows[1], ElementsAre("LG", "0", "0", "0", "0", "0", "0"));
}

TEST(DmarcTable, ByMonthAndByCategory) {
  const Document months = policy_by_month(policies(), PolicyKind::kDmarc, "CO", Language::kJapanese);
  EXPECT_EQ(months.title, "DMARC の公開状況(CO)");
  EXPECT_THAT(headings(months.tables[0]), ElementsAre("年月", "MX", "DMARC", "DMARC p=reject"));
  EXPECT_THAT(months.tables[0].rows,
              ElementsAre(ElementsAre("2026-11", "100", "9", "4"), ElementsAre("2026-10", "", "", "")));
  const Document one = policy_by_category(policies(), PolicyKind::kDmarc, Language::kEnglish);
  EXPECT_THAT(one.tables[0].rows,
              ElementsAre(ElementsAre("CO", "100", "9", "4"), ElementsAre("LG", "0", "0", "0"),
                          ElementsAre("total", "100", "9", "4")));
}

TEST(SeriesTables, SayThatThereAreNoCounts) {
  const SurveyCounts none = CountsBuilder().build();
  for (const TableKind table : {TableKind::kRates, TableKind::kSpf, TableKind::kDmarc, TableKind::kMonth}) {
    for (const Layout layout : {Layout::kMonths, Layout::kOneMonth}) {
      const Report report = make_report(none, {.table = table, .layout = layout});
      EXPECT_THAT(report.document.notes, ElementsAre("No month has counts."));
      EXPECT_THAT(render(report, Format::kJson), HasSubstr("\"rows\": []"));
    }
  }
}

}  // namespace
}  // namespace dauth::report

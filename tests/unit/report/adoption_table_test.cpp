#include "report/adoption_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using data::Month;
using Row = std::vector<std::string>;

constexpr std::size_t kSpfBlock = 0;
constexpr std::size_t kDomainkeysBlock = 1;

Document english(const SurveyCounts& counts, PrefectureColumn prefecture = PrefectureColumn::kLeftOut) {
  return adoption_document(counts, Language::kEnglish, prefecture);
}

// The cells of a column, from the top.
Row column(const Table& table, std::string_view heading) {
  Row cells;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].heading != heading) continue;
    for (const Row& row : table.rows) cells.push_back(row[i]);
  }
  return cells;
}

TEST(AdoptionTable, HasTheBlocksAndColumnsOf2005) {
  const Document document = english(CountsBuilder().imported(Month(2005, 4)).count("CO", "spf", 180).build());
  std::vector<std::string> titles;
  for (const Table& table : document.tables) titles.push_back(table.title);
  EXPECT_THAT(titles, ElementsAre("SPF", "DomainKeys", "Registered", "MX"));
  std::vector<std::string> headings;
  for (const Column& heading : document.tables[0].columns) headings.push_back(heading.heading);
  EXPECT_THAT(headings, ElementsAre("month", "AD", "AC", "CO", "GO", "OR", "NE", "GR", "ED", "regional",
                                    "general-use", "total"));
}

TEST(AdoptionTable, ShowsPrefecturesWhereAskedTo) {
  const SurveyCounts counts = CountsBuilder()
                                  .measured(Month(2026, 11))
                                  .count("PREFECTURE", "spf", 7, 0)
                                  .count("TOTAL", "spf", 9, 0)
                                  .build();
  EXPECT_THAT(column(english(counts).tables[kSpfBlock], "prefecture"), ElementsAre());
  EXPECT_THAT(column(english(counts, PrefectureColumn::kShown).tables[kSpfBlock], "prefecture"),
              ElementsAre("7"));
}

TEST(AdoptionTable, ADomainkeysCellIsPolicyAndSubdomain) {
  CountsBuilder builder;
  builder.imported(Month(2005, 10));
  builder.count("AD", "domainkeys_policy", 1).count("AD", "domainkeys_subdomain", 3);
  builder.count("AC", "domainkeys_policy", 0).count("AC", "domainkeys_subdomain", 1);
  builder.count("CO", "domainkeys_policy", 0).count("CO", "domainkeys_subdomain", 0);
  builder.count("GO", "domainkeys_policy", 2);
  builder.count("OR", "domainkeys_policy", 0);
  builder.count("NE", "domainkeys_subdomain", 4);
  builder.count("GR", "domainkeys_subdomain", 0);
  const Table table = english(builder.build()).tables[kDomainkeysBlock];
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("2005-10 i", "1(3)", "0(1)", "0", "2", "0", "(4)", "0", "",
                                                  "", "", "")))
      << "policy(subdomain), 0 where both are 0, what is there where one is missing";
}

TEST(AdoptionTable, MonthsGoDownNewestFirstWithTheirMarks) {
  CountsBuilder builder;
  builder.imported(Month(2005, 4)).count("TOTAL", "spf", 1);
  builder.provisional(Month(2005, 6)).count("TOTAL", "spf", 3, 1);
  builder.measured(Month(2005, 5)).count("TOTAL", "spf", 2, 0);
  const Document document = english(builder.build());
  EXPECT_THAT(column(document.tables[kSpfBlock], "month"), ElementsAre("2005-06 p", "2005-05", "2005-04 i"));
  EXPECT_THAT(document.notes, Contains(HasSubstr("p: provisional")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("i: imported")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("lower bounds")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("also those in categories that are not shown")));
}

TEST(AdoptionTable, NotesStandOnlyWhereTheyAreNeeded) {
  CountsBuilder builder;
  builder.measured(Month(2005, 4));
  for (const std::string_view code :
       {"AD", "AC", "CO", "GO", "OR", "NE", "GR", "ED", "GEOGRAPHIC", "GENERAL", "TOTAL"}) {
    for (const std::string_view metric : adoption_metrics()) builder.count(code, metric, 1, 0);
  }
  EXPECT_THAT(english(builder.build()).notes, ElementsAre(HasSubstr("DomainKeys:"), HasSubstr("The total")));
}

TEST(AdoptionTable, MissingMonthsAreShownAsOneRowAGap) {
  CountsBuilder builder;
  builder.imported(Month(2005, 11)).count("TOTAL", "spf", 1);
  builder.imported(Month(2006, 1)).count("TOTAL", "spf", 2);
  builder.measured(Month(2026, 11)).count("TOTAL", "spf", 3, 0);
  const Document document = english(builder.build());
  EXPECT_THAT(column(document.tables[kSpfBlock], "month"),
              ElementsAre("2026-11", "2006-02...2026-10", "2006-01 i", "2005-12", "2005-11 i"));
  EXPECT_THAT(column(document.tables[kSpfBlock], "total"), ElementsAre("3", "-", "2", "-", "1"));
  EXPECT_THAT(document.notes, Contains(HasSubstr("not measured")));
}

TEST(AdoptionTable, WhatWasNotMeasuredIsBlankAndNotZero) {
  const SurveyCounts counts =
      CountsBuilder().measured(Month(2026, 11)).count("TOTAL", "registered", 3, 0).build();
  const Document document = english(counts);
  EXPECT_THAT(column(document.tables[kSpfBlock], "total"), ElementsAre(""));
  EXPECT_THAT(column(document.tables[kDomainkeysBlock], "total"), ElementsAre(""));
  EXPECT_THAT(document.notes, Contains(HasSubstr("empty cell")));
}

TEST(AdoptionTable, SaysThatThereAreNoCounts) {
  const Document document = english(CountsBuilder().build());
  EXPECT_TRUE(document.tables.empty());
  EXPECT_THAT(document.notes, ElementsAre("No month has counts."));
}

}  // namespace
}  // namespace dauth::report

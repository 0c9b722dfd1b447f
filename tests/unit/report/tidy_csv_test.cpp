#include "report/tidy_csv.h"

#include <gtest/gtest.h>

#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using data::Month;

const std::string kHeader =
    "month,category,metric,count,unmeasured,denominator,denominator_label,share,share_max\n";

TEST(TidyCsv, HasALineACountWithItsDenominator) {
  const SurveyCounts counts = CountsBuilder()
                                  .measured(Month(2026, 11))
                                  .count("TOTAL", "spf", 41, 5)
                                  .count("CO", "spf", 40, 5)
                                  .count("CO", "mx", 100, 0)
                                  .count("CO", "exists", 150, 10)
                                  .count("CO", "registered", 200, 0)
                                  .build();
  EXPECT_EQ(to_tidy_csv(counts, counts.months(), {}),
            kHeader +
                "2026-11,CO,registered,200,0,,,,\n"
                "2026-11,CO,exists,150,10,200,registered,0.750000,0.800000\n"
                "2026-11,CO,mx,100,0,200,registered,0.500000,0.500000\n"
                "2026-11,CO,spf,40,5,100,mx,0.400000,0.450000\n"
                "2026-11,TOTAL,spf,41,5,,,,\n");
}

TEST(TidyCsv, WhatIsNotKnownIsEmpty) {
  const SurveyCounts counts = CountsBuilder()
                                  .imported(Month(2005, 4))
                                  .count("CO", "mx", 0)
                                  .count("CO", "spf", 0)
                                  .count("AD", "mx", 4)
                                  .count("AD", "spf", 1)
                                  .build();
  EXPECT_EQ(to_tidy_csv(counts, counts.months(), {}), kHeader +
                                                          "2005-04,AD,mx,4,,,,,\n"
                                                          "2005-04,CO,mx,0,,,,,\n"
                                                          "2005-04,AD,spf,1,,4,mx,0.250000,\n"
                                                          "2005-04,CO,spf,0,,0,mx,,\n");
}

TEST(TidyCsv, TakesTheMonthsAndMetricsThatItIsGiven) {
  CountsBuilder builder;
  builder.measured(Month(2026, 10)).count("CO", "mx", 1, 0).count("CO", "spf", 1, 0);
  builder.measured(Month(2026, 11)).count("CO", "mx", 1, 0).count("CO", "spf", 1, 0);
  const SurveyCounts counts = builder.build();
  constexpr std::string_view kOnly[] = {"spf"};
  EXPECT_EQ(to_tidy_csv(counts, std::span(counts.months()).last(1), kOnly),
            kHeader + "2026-11,CO,spf,1,0,1,mx,1.000000,1.000000\n");
}

TEST(TidyCsv, CategoriesThatWouldBeFormulasAreGuarded) {
  const SurveyCounts counts =
      CountsBuilder().measured(Month(2026, 11)).count("=cmd", "mx", 1, 0).count("-x", "mx", 2, 0).build();
  EXPECT_EQ(to_tidy_csv(counts, counts.months(), {}),
            kHeader + "2026-11,'-x,mx,2,0,,,,\n2026-11,'=cmd,mx,1,0,,,,\n");
}

TEST(SurveyCounts, KnowsTheOrderOfCategories) {
  EXPECT_TRUE(category_before("AD", "AC"));
  EXPECT_TRUE(category_before("OTHER", "ac.uk"));
  EXPECT_TRUE(category_before("ac.uk", "de"));
  EXPECT_TRUE(category_before("zz", "TOTAL"));
  EXPECT_FALSE(category_before("TOTAL", "TOTAL"));
}

TEST(SurveyCounts, MonthsWithoutCountsAreLeftOut) {
  CountsBuilder builder;
  builder.measured(Month(2026, 10));
  builder.measured(Month(2026, 11)).count("CO", "mx", 1, 0);
  ASSERT_EQ(builder.build().months().size(), 1U);
  EXPECT_EQ(builder.build().months()[0].month, Month(2026, 11));
}

}  // namespace
}  // namespace dauth::report

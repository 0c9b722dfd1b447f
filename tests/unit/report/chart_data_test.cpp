#include "report/chart_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "report/chart_axis.h"
#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using data::Month;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts_of(const ChartData& data) {
  std::vector<std::string> texts;
  for (const ChartSlot& slot : data.slots()) texts.push_back((slot.is_gap ? "gap " : "") + slot.text());
  return texts;
}

TEST(ChartData, GapsAreSlotsAndLongOnesAreShort) {
  CountsBuilder builder;
  builder.imported(Month(2005, 12)).count("TOTAL", "mx", 1);
  builder.provisional(Month(2006, 2)).count("TOTAL", "mx", 1);
  builder.measured(Month(2006, 5)).count("TOTAL", "mx", 1);
  builder.measured(Month(2006, 9)).count("TOTAL", "mx", 1);
  builder.measured(Month(2026, 11)).count("TOTAL", "mx", 1);
  EXPECT_THAT(
      texts_of(ChartData(builder.build())),
      ElementsAre("2005-12 i", "gap 2006-01", "2006-02 p", "gap 2006-03", "gap 2006-04", "2006-05",
                  "gap 2006-06...2006-08", "gap 2006-06...2006-08", "gap 2006-06...2006-08", "2006-09",
                  "gap 2006-10...2026-10", "gap 2006-10...2026-10", "gap 2006-10...2026-10", "2026-11"));
}

TEST(ChartData, CategoriesAndMeasuresThatAreThere) {
  CountsBuilder builder;
  builder.measured(Month(2026, 10))
      .count("TOTAL", "mx", 9)
      .count("GENERAL", "dmarc", 1)
      .count("AD", "spf_record", 1);
  builder.measured(Month(2026, 11)).count("zz", "spf", 9);
  const ChartData data(builder.build());
  EXPECT_THAT(data.categories(), ElementsAre("AD", "GENERAL", "zz", "TOTAL"));
  EXPECT_EQ(data.first_shown(), 3U);
  EXPECT_THAT(data.measures(), ElementsAre("spf", "dmarc", "mx"));
}

TEST(ChartData, RatesHaveBothDenominatorsAndBothBounds) {
  CountsBuilder builder;
  builder.measured(Month(2026, 11))
      .count("TOTAL", "registered", 200)
      .count("TOTAL", "mx", 80, 20)
      .count("TOTAL", "spf", 40, 8);
  const ChartData data(builder.build());
  const auto spf = data.at(0, 0, 0).value();
  EXPECT_EQ(spf.lower(Denominator::kMx), 50.0);
  EXPECT_EQ(spf.upper(Denominator::kMx), 60.0);
  EXPECT_EQ(spf.lower(Denominator::kRegistered), 20.0);
  EXPECT_EQ(spf.upper(Denominator::kRegistered), 24.0);
  const auto mx = data.at(0, 1, 0).value();
  EXPECT_EQ(mx.lower(Denominator::kMx), std::nullopt);
  EXPECT_EQ(mx.lower(Denominator::kRegistered), 40.0);
  EXPECT_EQ(mx.upper(Denominator::kRegistered), 50.0);
}

TEST(ChartData, WhatWasNotCountedHasNoRate) {
  CountsBuilder builder;
  builder.imported(Month(2026, 10)).count("TOTAL", "mx", 0).count("TOTAL", "spf", 0);
  builder.measured(Month(2026, 11)).count("TOTAL", "mx", 5).count("AD", "spf", 1);
  const ChartData data(builder.build());
  EXPECT_THAT(data.categories(), ElementsAre("AD", "TOTAL"));
  EXPECT_EQ(data.at(1, 0, 0).value().lower(Denominator::kMx), std::nullopt) << "no name has MX";
  EXPECT_EQ(data.at(1, 0, 0).value().lower(Denominator::kRegistered), std::nullopt);
  EXPECT_FALSE(data.at(1, 0, 1)) << "never counted for the total";
  EXPECT_FALSE(data.at(0, 0, 0));
  EXPECT_EQ(data.at(0, 0, 1).value().lower(Denominator::kMx), std::nullopt) << "MX not counted for AD";
}

TEST(ChartData, OfNoMonths) {
  const ChartData data(CountsBuilder().build());
  EXPECT_THAT(data.slots(), IsEmpty());
  EXPECT_THAT(data.categories(), IsEmpty());
  EXPECT_THAT(data.measures(), IsEmpty());
}

TEST(PercentAxis, RoundSteps) {
  struct Case {
    double highest;
    double top;
    std::size_t ticks;
    std::string_view second;
  };
  const Case cases[] = {
      {0, 1, 6, "0.2%"},           {100, 100, 6, "20%"},   {60, 60, 7, "10%"},
      {61, 80, 5, "20%"},          {0.3, 0.3, 7, "0.05%"}, {0.012, 0.012, 7, "0.002%"},
      {1e-4, 1e-4, 6, "0.00002%"}, {104.2, 120, 7, "20%"}, {std::nan(""), 1, 6, "0.2%"},
  };
  for (const Case& c : cases) {
    const PercentAxis axis = percent_axis(c.highest);
    EXPECT_NEAR(axis.top, c.top, c.top * 1e-6) << c.highest;
    EXPECT_EQ(axis.tick_count(), c.ticks) << c.highest;
    EXPECT_EQ(axis.tick_text(1), c.second) << c.highest;
    EXPECT_EQ(axis.tick_text(0), "0%");
  }
}

TEST(PercentAxis, HoldsWhateverIsShown) {
  for (double highest = 1e-7; highest < 1e6; highest *= 1.07) {
    const PercentAxis axis = percent_axis(highest);
    EXPECT_GE(axis.top * (1 + 1e-6), highest);
    EXPECT_LE(axis.tick_count(), 7U) << highest;
    EXPECT_GE(axis.tick_count(), 3U) << highest;
  }
}

TEST(NamedSlots, TheNewestAndThoseThatHaveRoomNeverAGap) {
  CountsBuilder builder;
  for (int month = 1; month <= 6; ++month) builder.measured(Month(2025, month)).count("TOTAL", "mx", 1);
  builder.measured(Month(2026, 11)).count("TOTAL", "mx", 1);
  const ChartData data(builder.build());
  ASSERT_EQ(data.slots().size(), 10U);
  EXPECT_THAT(named_slots(data.slots(), 1), ElementsAre(0, 1, 2, 3, 4, 5, 9));
  EXPECT_THAT(named_slots(data.slots(), 3), ElementsAre(2, 5, 9));
  EXPECT_THAT(named_slots(data.slots(), 100), ElementsAre(9));
  EXPECT_THAT(named_slots({}, 1), IsEmpty());
}

}  // namespace
}  // namespace dauth::report

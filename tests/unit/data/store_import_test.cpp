// Published counts of earlier months beside measured ones.
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

class StoreImportTest : public StoreTest {
 protected:
  static CountRow count(Month month, std::string_view code, std::string_view metric, std::uint64_t number) {
    return {month, category(code), std::string(metric), number, std::nullopt};
  }

  static void measure(Store& store, Month month, std::size_t names) {
    const RunId run = listed_run(store, month, many_names(names));
    survey(store, run, [](const PlannedName&) { return all_absent(); });
    must(store.finish_run(run, 1));
  }

  static std::vector<std::string> registered(Store& store) {
    std::vector<std::string> found;
    for (const CountRow& row : must(store.counts(std::nullopt, std::nullopt))) {
      if (row.metric == "registered" && row.category == Category::total()) {
        found.push_back(row.month.to_text() + " " + std::to_string(row.count));
      }
    }
    return found;
  }
};

TEST_F(StoreImportTest, KeepsCountsAsPrinted) {
  Store store = open();
  // The total of a misprint does not fit its parts, and stays as it is.
  must(store.import_counts(std::vector<CountRow>{count(Month(2005, 5), "CO", "registered", 10),
                                                 count(Month(2005, 5), "TOTAL", "registered", 7),
                                                 count(Month(2005, 4), "TOTAL", "mx", 3)},
                           "wide.csv", false));

  const auto counts = must(store.counts(std::nullopt, std::nullopt));
  ASSERT_EQ(counts.size(), 3U);
  EXPECT_EQ(counts[0].month, Month(2005, 4));
  EXPECT_EQ(counts[1].category.code(), "CO");
  EXPECT_EQ(counts[1].count, 10U);
  EXPECT_EQ(counts[2].category.code(), "TOTAL");
  EXPECT_EQ(counts[2].count, 7U);
  for (const CountRow& row : counts) EXPECT_FALSE(row.unmeasured);

  const auto months = must(store.months());
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months[0].month, Month(2005, 4));
  EXPECT_TRUE(months[0].imported);
  EXPECT_FALSE(months[0].provisional);
  const auto record = run_of(store, Month(2005, 5));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, RunState::kImported);
  EXPECT_EQ(record->settings.lists, std::vector<std::string>{"wide.csv"});
  EXPECT_EQ(RawDatabase(path_).rows("SELECT * FROM monthly_count WHERE metric = 'mx'"),
            std::vector<std::string>{"2005-04|TOTAL|mx|3|"});
}

TEST_F(StoreImportTest, ReplacesAMonthOnlyWhereAskedTo) {
  Store store = open();
  const std::vector<CountRow> first = {count(Month(2005, 4), "TOTAL", "registered", 1)};
  const std::vector<CountRow> second = {count(Month(2005, 3), "TOTAL", "registered", 2),
                                        count(Month(2005, 4), "TOTAL", "registered", 2)};
  must(store.import_counts(first, "a", false));

  const auto refused = store.import_counts(second, "b", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Kind::kConflict);
  EXPECT_EQ(refused.error().message, "2005-04 was imported before");
  EXPECT_EQ(registered(store), std::vector<std::string>{"2005-04 1"}) << "nor is the other month taken";

  must(store.import_counts(second, "b", true));
  EXPECT_EQ(registered(store), (std::vector<std::string>{"2005-03 2", "2005-04 2"}));
}

TEST_F(StoreImportTest, AMeasuredMonthStaysUnlessAskedFor) {
  Store store = open();
  measure(store, Month(2026, 11), 5);
  const std::vector<CountRow> rows = {count(Month(2026, 11), "TOTAL", "registered", 9)};
  const auto refused = store.import_counts(rows, "a", false);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "2026-11 was surveyed before");
  EXPECT_EQ(registered(store), std::vector<std::string>{"2026-11 5"});

  must(store.import_counts(rows, "a", true));
  EXPECT_EQ(registered(store), std::vector<std::string>{"2026-11 9"});
  EXPECT_FALSE(store.for_each_domain(Month(2026, 11), [](const DomainRow&) { return true; }));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM observation"), std::vector<std::string>{"0"});
}

TEST_F(StoreImportTest, AMeasurementTakesAnImportedMonthsPlace) {
  Store store = open();
  must(store.import_counts(std::vector<CountRow>{count(Month(2026, 11), "TOTAL", "registered", 9)}, "a",
                           false));
  measure(store, Month(2026, 11), 5);
  EXPECT_EQ(registered(store), std::vector<std::string>{"2026-11 5"});
  EXPECT_FALSE(must(store.months())[0].imported);
}

TEST_F(StoreImportTest, RefusesWhatItCannotHold) {
  Store store = open();
  const std::vector<CountRow> twice = {count(Month(2005, 4), "CO", "mx", 1),
                                       count(Month(2005, 4), "CO", "mx", 1)};
  EXPECT_EQ(store.import_counts(twice, "a", false).error().kind, Kind::kConflict);
  const std::vector<CountRow> unknown = {count(Month(2005, 4), "NEW", "nothing", 1)};
  EXPECT_EQ(store.import_counts(unknown, "a", false).error().kind, Kind::kConflict);
  EXPECT_TRUE(must(store.months()).empty());
}

TEST_F(StoreImportTest, CountsCanBeAskedForARange) {
  Store store = open();
  std::vector<CountRow> rows;
  for (int month = 1; month <= 12; ++month) rows.push_back(count(Month(2005, month), "TOTAL", "mx", 1));
  must(store.import_counts(rows, "a", false));
  EXPECT_EQ(must(store.counts(Month(2005, 3), Month(2005, 5))).size(), 3U);
  EXPECT_EQ(must(store.counts(Month(2005, 3), std::nullopt)).size(), 10U);
  EXPECT_EQ(must(store.counts(std::nullopt, Month(2005, 3))).size(), 3U);
  EXPECT_EQ(must(store.counts(Month(2005, 5), Month(2005, 3))).size(), 0U);
}

}  // namespace
}  // namespace dauth::data

// The end of a run: counted, made visible, put in an earlier one's place.
#include <map>
#include <set>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

class StoreFinishTest : public StoreTest {
 protected:
  static inline const Month kMonth{2026, 11};

  // "CO spf" -> "2/1": count and unmeasured.
  static std::map<std::string, std::string> counts(Store& store) {
    std::map<std::string, std::string> found;
    for (const CountRow& row : must(store.counts(std::nullopt, std::nullopt))) {
      EXPECT_EQ(row.month, kMonth);
      found[row.category.code() + " " + row.metric] =
          std::to_string(row.count) + "/" + (row.unmeasured ? std::to_string(*row.unmeasured) : "-");
    }
    return found;
  }
};

TEST_F(StoreFinishTest, CountsByCategoryAndInTotal) {
  Store store = open();
  const RunId run = listed_run(store, kMonth,
                               {listed("a.co.jp", "CO"), listed("b.co.jp", "CO"), listed("c.co.jp", "CO"),
                                listed("d.ne.jp", "NE"), listed("e.example", "example")});
  survey(store, run, [](const PlannedName& planned) {
    // DMARC was not chosen for this run.
    Observation observation;
    observation[Metric::kMx] = Finding::published();
    observation[Metric::kSpf] = Finding::absent();
    const std::string text = planned.name.to_text();
    if (text == "a.co.jp" || text == "d.ne.jp") observation[Metric::kSpf] = Finding::published();
    if (text == "b.co.jp") observation[Metric::kSpf] = Finding::unmeasured(Cause::kTimeout);
    if (text == "e.example") observation = Observation::all_unmeasured(Cause::kExcluded);
    return observation;
  });
  EXPECT_TRUE(counts(store).empty()) << "nothing is to be seen before the end";

  const RunRecord record = must(store.finish_run(run, 0.2));

  EXPECT_EQ(record.state, RunState::kComplete);
  EXPECT_EQ(record.names, 5U);
  EXPECT_EQ(record.surveyed, 5U);
  EXPECT_EQ(record.unmeasured, 1U) << "an excluded name has not failed";
  EXPECT_FALSE(record.provisional) << "one of five is not above a limit of 0.2";
  EXPECT_FALSE(record.finished.empty());
  const std::map<std::string, std::string> expected = {
      {"CO registered", "3/0"},      {"CO mx", "3/0"},      {"CO spf", "1/1"},
      {"NE registered", "1/0"},      {"NE mx", "1/0"},      {"NE spf", "1/0"},
      {"example registered", "1/0"}, {"example mx", "0/1"}, {"example spf", "0/1"},
      {"TOTAL registered", "5/0"},   {"TOTAL mx", "4/1"},   {"TOTAL spf", "2/2"}};
  EXPECT_EQ(counts(store), expected) << "metrics that nobody asked for have no rows";

  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT month, category, metric, count, unmeasured FROM monthly_count "
                     "WHERE category = 'TOTAL' AND metric = 'spf'"),
            std::vector<std::string>{"2026-11|TOTAL|spf|2|2"});
  EXPECT_EQ(raw.rows("SELECT cause.name, cause_count.count FROM cause_count JOIN cause ON cause.id = cause "
                     "JOIN category ON category.id = category JOIN metric ON metric.id = metric "
                     "WHERE code = 'TOTAL' AND metric.name = 'spf' ORDER BY cause.id"),
            (std::vector<std::string>{"timeout|1", "excluded|1"}));
  EXPECT_EQ(raw.rows("SELECT count(*) FROM plan"), std::vector<std::string>{"0"});
  EXPECT_EQ(raw.rows("SELECT domain, mx, spf, dmarc FROM domain_finding ORDER BY domain LIMIT 2"),
            (std::vector<std::string>{"a.co.jp|1|1|2", "b.co.jp|1|2|2"}));
  EXPECT_EQ(raw.rows("SELECT month, domain, metric, cause FROM unmeasured_finding WHERE cause <> 'excluded'"),
            std::vector<std::string>{"2026-11|b.co.jp|spf|timeout"});
}

TEST_F(StoreFinishTest, SaysForWhichNamesAProbeWasNotAskedWhereItWasForOthers) {
  Store store = open();
  const RunId run = listed_run(store, kMonth, many_names(4));
  survey(store, run, [](const PlannedName& planned) {
    Observation observation;
    if (planned.position == 1) observation[Metric::kDkimPolicy] = Finding::absent();
    if (planned.position == 2) observation[Metric::kDmarc] = Finding::unmeasured(Cause::kRefused);
    return observation;
  });
  must(store.finish_run(run, 1));
  const auto found = counts(store);
  EXPECT_EQ(found.at("TOTAL dkim_policy"), "0/3");
  EXPECT_EQ(found.at("TOTAL dmarc"), "0/4") << "asked once, though never measured";
  EXPECT_EQ(found.count("TOTAL mx"), 0U);
  EXPECT_EQ(RawDatabase(path_).rows("SELECT metric.name, cause.name, sum(count) FROM cause_count "
                                    "JOIN cause ON cause.id = cause JOIN metric ON metric.id = metric "
                                    "JOIN category ON category.id = category WHERE code = 'CO' "
                                    "GROUP BY 1, 2 ORDER BY 1, 2"),
            (std::vector<std::string>{"dkim_policy|not_asked|3", "dmarc|not_asked|3", "dmarc|refused|1"}));
}

TEST_F(StoreFinishTest, IsProvisionalAboveTheLimit) {
  for (const auto& [limit, provisional] :
       {std::pair{0.1, false}, std::pair{0.099, true}, std::pair{0.0, true}}) {
    Store store = open();
    const RunId run = listed_run(store, kMonth, many_names(20));
    survey(store, run, [](const PlannedName& planned) {
      return planned.position <= 2 ? Observation::all_unmeasured(Cause::kServfail) : all_absent();
    });
    EXPECT_EQ(must(store.finish_run(run, limit)).provisional, provisional) << limit;
    const auto months = must(store.months());
    ASSERT_EQ(months.size(), 1U);
    EXPECT_EQ(months[0].provisional, provisional);
    EXPECT_TRUE(months[0].complete);
    EXPECT_FALSE(months[0].imported);
  }
}

TEST_F(StoreFinishTest, AServfailThatPersistedIsNotLost) {
  Store store = open();
  const RunId run = listed_run(store, kMonth, many_names(20));
  survey(store, run, [](const PlannedName& planned) {
    if (planned.position <= 3) return Observation::all_unmeasured(Cause::kPersistentServfail);
    Observation observation =
        planned.position == 4 ? Observation::all_unmeasured(Cause::kPersistentServfail) : all_absent();
    if (planned.position <= 5) observation[Metric::kMx] = Finding::unmeasured(Cause::kServfail);
    return observation;
  });
  const RunRecord running = must(store.runs()).front();
  EXPECT_EQ(running.unmeasured, 5U);
  EXPECT_EQ(running.persistent_servfail, 3U);

  const RunRecord record = must(store.finish_run(run, 0.1));

  EXPECT_EQ(record.unmeasured, 5U);
  EXPECT_EQ(record.persistent_servfail, 3U);
  EXPECT_EQ(record.lost(), 2U) << "the fourth has another cause too, the fifth no persistent one";
  EXPECT_FALSE(record.provisional);
  EXPECT_EQ(RawDatabase(path_).rows("SELECT cause.name, cause_count.count FROM cause_count "
                                    "JOIN cause ON cause.id = cause JOIN metric ON metric.id = metric "
                                    "JOIN category ON category.id = category "
                                    "WHERE code = 'TOTAL' AND metric.name = 'mx' ORDER BY cause.id"),
            (std::vector<std::string>{"servfail|2", "persistent_servfail|3"}));
}

TEST_F(StoreFinishTest, RowsThatDoNotAddUpToTheListAreAConflict) {
  Store store = open();
  const RunId run = listed_run(store, kMonth, many_names(3));
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent()}, {2, all_absent()}}, {}));
  const auto finished = store.finish_run(run, 1);
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().kind, Kind::kConflict);
  EXPECT_EQ(finished.error().message, "the list has 3 names, but 2 were surveyed");
  EXPECT_EQ(run_of(store, kMonth)->state, RunState::kSurveying);
  EXPECT_EQ(must(store.names_to_survey(run, 0, 10)).size(), 1U) << "and can be gone on with";
}

TEST_F(StoreFinishTest, TakesTheEarlierRunsPlaceAtTheEndOnly) {
  Store store = open();
  const RunId first = listed_run(store, kMonth, many_names(5));
  survey(store, first, [](const PlannedName&) { return Observation::all_unmeasured(Cause::kTimeout); });
  must(store.finish_run(first, 1));
  const RunId second = listed_run(store, kMonth, many_names(7));
  survey(store, second, [](const PlannedName&) { return all_absent(); });

  EXPECT_EQ(counts(store).at("TOTAL registered"), "5/0") << "until then the earlier run stands";
  EXPECT_EQ(must(store.runs()).size(), 2U);
  EXPECT_EQ(run_of(store, kMonth)->id, second);
  must(store.finish_run(second, 1));

  EXPECT_EQ(counts(store).at("TOTAL registered"), "7/0");
  EXPECT_EQ(counts(store).at("TOTAL mx"), "0/0");
  const auto runs = must(store.runs());
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].id, second);
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT count(*) FROM observation"), std::vector<std::string>{"7"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM unmeasured"), std::vector<std::string>{"0"});
}

TEST_F(StoreFinishTest, AFinishedRunIsNotChangedAnyMore) {
  Store store = open();
  const RunId run = listed_run(store, kMonth, many_names(2));
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 1));
  EXPECT_EQ(store.save(run, std::vector<SurveyedName>{{1, all_absent()}}, {}).error().kind, Kind::kConflict);
  EXPECT_EQ(store.finish_run(run, 1).error().kind, Kind::kConflict);
  EXPECT_EQ(store.abandon_run(run).error().kind, Kind::kConflict);
}

TEST_F(StoreFinishTest, AnEmptyListMakesAMonthOfNoNames) {
  Store store = open();
  const RunId run = listed_run(store, kMonth, {});
  EXPECT_FALSE(must(store.finish_run(run, 0)).provisional);
  EXPECT_EQ(counts(store), (std::map<std::string, std::string>{{"TOTAL registered", "0/0"}}));
}

TEST_F(StoreFinishTest, DomainsComeSortedByTheirOctetsUntilTheSinkHasEnough) {
  Store store = open();
  const std::vector<ListedName> names = {listed("b.jp"),           listed("a-b.jp"), listed("a.jp"),
                                         listed("xn--q9jyb4c.jp"), listed("0.jp"),   listed("B0.jp")};
  const RunId run = listed_run(store, kMonth, names);
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 1));
  std::vector<std::string> found;
  must(store.for_each_domain(kMonth, [&](const DomainRow& row) {
    found.push_back(row.domain);
    return found.size() < 5;
  }));
  EXPECT_EQ(found, (std::vector<std::string>{"0.jp", "a-b.jp", "a.jp", "b.jp", "b0.jp"}));
  EXPECT_EQ(store.for_each_domain(Month(2026, 12), [](const DomainRow&) { return true; }).error().kind,
            Kind::kConflict);
}

TEST_F(StoreFinishTest, TheFileGivesBackThePagesOfThePlan) {
  Store store = open();
  const RunId run = listed_run(store, Month{2026, 11}, many_names(20'000));
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 0.01));
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("PRAGMA auto_vacuum"), std::vector<std::string>{"2"});
  EXPECT_EQ(raw.rows("PRAGMA freelist_count"), std::vector<std::string>{"0"});
}

}  // namespace
}  // namespace dauth::data

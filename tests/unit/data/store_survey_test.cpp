// The survey: rows saved, resumed, surveyed again.
#include <algorithm>
#include <map>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

class StoreSurveyTest : public StoreTest {
 protected:
  static std::vector<std::uint64_t> positions(const std::vector<PlannedName>& names) {
    std::vector<std::uint64_t> found;
    for (const PlannedName& next : names) found.push_back(next.position);
    return found;
  }

  // The observations of a run that was finished, by domain.
  static std::map<std::string, Observation> exported(Store& store, Month month) {
    std::map<std::string, Observation> rows;
    must(store.for_each_domain(month, [&](const DomainRow& row) {
      rows.emplace(row.domain, row.observation);
      return true;
    }));
    return rows;
  }
};

TEST_F(StoreSurveyTest, ResumesWithTheNamesThatHaveNoRow) {
  RunId run = 0;
  {
    Store store = open();
    run = listed_run(store, Month(2026, 11), many_names(10));
    const std::vector<SurveyedName> rows = {{2, all_absent()}, {7, all_absent()}, {1, all_absent()}};
    must(store.save(
        run, rows,
        {.questions = 9, .retries = 2, .timeouts = 1, .tcp_questions = 3, .run_milliseconds = 50}));
  }
  Store store = open();
  using Positions = std::vector<std::uint64_t>;
  EXPECT_EQ(positions(must(store.names_to_survey(run, 0, 100))), (Positions{3, 4, 5, 6, 8, 9, 10}));
  EXPECT_EQ(positions(must(store.names_to_survey(run, 0, 3))), (Positions{3, 4, 5}));
  EXPECT_EQ(positions(must(store.names_to_survey(run, 5, 3))), (Positions{6, 8, 9}));
  EXPECT_EQ(positions(must(store.names_to_survey(run, 10, 3))), Positions{});
  EXPECT_EQ(positions(must(store.names_to_survey(run, 1'000'000, 3))), Positions{});
  must(
      store.save(run, std::vector<SurveyedName>{{3, all_absent()}}, {.questions = 1, .run_milliseconds = 7}));

  const auto record = run_of(store, Month(2026, 11));
  EXPECT_EQ(record->surveyed, 4U);
  EXPECT_EQ(record->figures.questions, 10U);
  EXPECT_EQ(record->figures.retries, 2U);
  EXPECT_EQ(record->figures.timeouts, 1U);
  EXPECT_EQ(record->figures.tcp_questions, 3U);
  EXPECT_EQ(record->figures.run_milliseconds, 57U);
}

TEST_F(StoreSurveyTest, EveryFindingComesBackAsItWasSaved) {
  Store store = open();
  // One name for each metric and state, so that no two columns can be exchanged; with each cause.
  std::vector<Finding> states = {Finding::published(), Finding::absent()};
  for (int number = 1; number < 256; ++number) {
    if (const auto cause = cause_from_number(number)) states.push_back(Finding::unmeasured(*cause));
  }
  std::map<std::string, Observation> expected;
  std::vector<ListedName> names;
  for (const Metric metric : all_metrics()) {
    for (std::size_t i = 0; i < states.size(); ++i) {
      Observation observation = i % 2 == 0 ? all_absent() : Observation::all_unmeasured(Cause::kTimeout);
      observation[metric] = states[i];
      observation.domainkeys_evidence = static_cast<DomainkeysEvidence>(i % 9);
      const std::string text = std::string(to_text(metric)) + std::to_string(i) + ".jp";
      names.push_back(listed(text, "GENERAL"));
      expected.emplace(text, observation);
    }
  }
  const RunId run = listed_run(store, Month(2026, 11), names);
  survey(store, run, [&](const PlannedName& planned) { return expected.at(planned.name.to_text()); });

  std::vector<std::string> failed;
  for (const PlannedName& planned : must(store.names_that_failed(run, 0, 10'000))) {
    failed.push_back(planned.name.to_text());
  }
  std::sort(failed.begin(), failed.end());
  std::vector<std::string> expected_failed;
  std::size_t unmeasured = 0;
  for (const auto& [text, observation] : expected) {
    if (has_lookup_failure(observation) || has_mx_host_failure(observation)) expected_failed.push_back(text);
    unmeasured += has_lookup_failure(observation) ? 1 : 0;
  }
  EXPECT_EQ(failed, expected_failed) << "the database, has_lookup_failure() and has_mx_host_failure() agree";
  EXPECT_EQ(must(store.count_names_that_failed(run)), failed.size());
  EXPECT_GT(failed.size(), unmeasured);
  EXPECT_EQ(run_of(store, Month(2026, 11))->unmeasured, unmeasured);

  const auto record = must(store.finish_run(run, 1));
  EXPECT_EQ(record.unmeasured, unmeasured);
  EXPECT_EQ(exported(store, Month(2026, 11)), expected);
}

TEST_F(StoreSurveyTest, TheSecondPassTakesTheFailedInOrderAndReplacesThem) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(40));
  survey(store, run, [](const PlannedName& planned) {
    Observation observation =
        planned.position % 4 == 0 ? Observation::all_unmeasured(Cause::kServfail) : all_absent();
    if (planned.position % 8 == 0) observation[Metric::kMx] = Finding::unmeasured(Cause::kTimeout);
    return observation;
  });
  using Positions = std::vector<std::uint64_t>;
  EXPECT_EQ(positions(must(store.names_that_failed(run, 0, 3))), (Positions{4, 8, 12}));
  EXPECT_EQ(positions(must(store.names_that_failed(run, 12, 100))), (Positions{16, 20, 24, 28, 32, 36, 40}));

  Observation again = all_absent();
  again[Metric::kSpf] = Finding::published();
  again[Metric::kDmarc] = Finding::unmeasured(Cause::kRefused);
  must(store.save(run, std::vector<SurveyedName>{{4, all_absent()}, {8, again}}, {}));
  EXPECT_EQ(positions(must(store.names_that_failed(run, 0, 3))), (Positions{8, 12, 16}));
  const auto record = run_of(store, Month(2026, 11));
  EXPECT_EQ(record->surveyed, 40U) << "rows in place of others are not counted twice";
  EXPECT_EQ(record->unmeasured, 9U);

  RawDatabase raw(path_);
  EXPECT_EQ(
      raw.rows("SELECT cause, metrics = 1 << 22 FROM unmeasured JOIN run ON observation = first_row + 8"),
      std::vector<std::string>{"3|1"})
      << "the causes of the first pass are gone";
  EXPECT_EQ(raw.rows("SELECT count(*) FROM unmeasured JOIN run ON observation = first_row + 4"),
            std::vector<std::string>{"0"});
}

TEST_F(StoreSurveyTest, WhatWasNotAskedHasNoCauseRow) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(3));
  survey(store, run, [](const PlannedName&) { return Observation(); });
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM unmeasured"), std::vector<std::string>{"0"});
  EXPECT_TRUE(must(store.names_that_failed(run, 0, 10)).empty());
}

TEST_F(StoreSurveyTest, NamesThatFailedAreHandedOutWithWhatTheyFailedFor) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(9));
  survey(store, run, [](const PlannedName& planned) {
    Observation observation = all_absent();
    if (planned.position == 1) observation = Observation::all_unmeasured(Cause::kTimeout);
    if (planned.position == 2) observation[Metric::kMx] = Finding::unmeasured(Cause::kServfail);
    if (planned.position == 3) {
      observation[Metric::kMx] = Finding::unmeasured(Cause::kTimeout);
      observation[Metric::kSpf] = Finding::unmeasured(Cause::kPersistentServfail);
      observation[Metric::kSpfTxt] = Finding::unmeasured(Cause::kPersistentServfail);
    }
    if (planned.position == 5) observation[Metric::kExists] = Finding::published();
    if (planned.position == 7) observation[Metric::kMxIpv6] = Finding::unmeasured(Cause::kServfail);
    if (planned.position == 8) observation[Metric::kMxNoAddress] = Finding::unmeasured(Cause::kTimeout);
    if (planned.position == 9) {
      observation[Metric::kMxIpv6] = Finding::unmeasured(Cause::kExcluded);
      observation[Metric::kMxNoAddress] = Finding::unmeasured(Cause::kNotAsked);
    }
    return observation;
  });
  const auto failed = must(store.names_that_failed(run, 0, 10));
  ASSERT_EQ(failed.size(), 5U);
  EXPECT_EQ(must(store.count_names_that_failed(run)), 5U);
  EXPECT_TRUE(failed[0].mx_host_failure);
  EXPECT_FALSE(failed[1].mx_host_failure);
  EXPECT_EQ(failed[3].position, 7U);
  EXPECT_EQ(failed[3].failures, 0U) << "it is not lost";
  EXPECT_TRUE(failed[3].mx_host_failure);
  EXPECT_TRUE(failed[3].servfail);
  EXPECT_TRUE(failed[4].mx_host_failure);
  EXPECT_FALSE(failed[4].servfail);
  EXPECT_EQ(run_of(store, Month(2026, 11))->unmeasured, 3U);
  EXPECT_EQ(run_of(store, Month(2026, 11))->excluded, 0U) << "a host was left out, and no name";
  EXPECT_EQ(failed[0].failures, 4U);
  EXPECT_FALSE(failed[0].servfail);
  EXPECT_EQ(failed[1].failures, 1U);
  EXPECT_TRUE(failed[1].servfail);
  EXPECT_EQ(failed[2].failures, 2U);
  EXPECT_TRUE(failed[2].servfail);
  const auto measured = must(store.names_measured(run, 10));
  EXPECT_EQ(measured.size(), 1U) << "names that do not exist prove little, names that failed nothing";
}

TEST_F(StoreSurveyTest, ExcludedNamesAreNotAskedAgain) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(3));
  survey(store, run, [](const PlannedName&) { return Observation::all_unmeasured(Cause::kExcluded); });
  EXPECT_TRUE(must(store.names_that_failed(run, 0, 10)).empty());
}

TEST_F(StoreSurveyTest, ARowWithoutANameOfTheListTakesTheWholeBatchBack) {
  Store store = open();
  const RunId other = listed_run(store, Month(2026, 10), many_names(50));
  const RunId run = listed_run(store, Month(2026, 11), many_names(10));
  for (const std::uint64_t position : {std::uint64_t{0}, std::uint64_t{11}, UINT64_MAX}) {
    const auto saved = store.save(run, std::vector<SurveyedName>{{3, all_absent()}, {position, all_absent()}},
                                  {.questions = 5});
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().kind, Kind::kConflict);
  }
  EXPECT_EQ(must(store.names_to_survey(run, 0, 100)).size(), 10U);
  EXPECT_EQ(must(store.names_to_survey(other, 0, 100)).size(), 50U);
  EXPECT_EQ(run_of(store, Month(2026, 11))->figures.questions, 0U);
}

TEST_F(StoreSurveyTest, RowsMayComeInAnyOrderAndTwiceInABatch) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(100));
  std::vector<SurveyedName> rows;
  for (std::uint64_t i = 0; i < 100; ++i)
    rows.push_back({(i * 37) % 100 + 1, Observation::all_unmeasured(Cause::kTimeout)});
  rows.push_back({50, all_absent()});
  must(store.save(run, rows, {}));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT surveyed FROM run"), std::vector<std::string>{"100"});
  EXPECT_TRUE(must(store.names_to_survey(run, 0, 100)).empty());
  EXPECT_EQ(must(store.names_that_failed(run, 0, 1000)).size(), 99U);
}

// The -wal file is written back every 32 MiB, also while names are surveyed.
TEST_F(StoreSurveyTest, TheWalDoesNotGrowWithTheList) {
  is_checked_ = false;
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  constexpr std::size_t kNames = 400'000;
  for (std::size_t at = 0; at < kNames; at += 20'000) {
    std::vector<ListedName> names;
    for (std::size_t i = at; i < at + 20'000; ++i)
      names.push_back(listed("n" + std::to_string(i) + ".co.jp"));
    must(store.add_names(run, names));
  }
  must(store.finish_list(run, "f"));
  RawDatabase(path_).execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto wal = path_.string() + "-wal";
  std::uint64_t position = 0;
  std::uintmax_t most = 0;
  const Observation row = Observation::all_unmeasured(Cause::kTimeout);
  while (position < kNames) {
    std::vector<SurveyedName> rows;
    for (int i = 0; i < 50; ++i) rows.push_back({++position, row});
    must(store.save(run, rows, {}));
    most = std::max(most, std::filesystem::file_size(wal));
  }
  EXPECT_LE(most, 40U << 20);
}

}  // namespace
}  // namespace dauth::data

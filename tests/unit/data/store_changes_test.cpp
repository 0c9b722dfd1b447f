// What became of names between two months, and what months failed at.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

constexpr std::array kMetrics = {Metric::kMx, Metric::kDmarc};
const Month kOlder(2026, 10);
const Month kNewer(2026, 11);

struct Entry {
  std::string name;
  Finding mx;
  std::string category = "CO";
  std::string name_server_operator = {};
};

class StoreChanges : public StoreTest {
 protected:
  // A finished month of these names; `dmarc` is each name's finding too.
  static RunId month(Store& store, Month month, const std::vector<Entry>& entries, std::uint64_t seed,
                     std::uint32_t rules = 2) {
    RunSettings wanted = settings(month, seed);
    wanted.rules_version = rules;
    const RunId run = must(store.begin_run(wanted));
    std::vector<ListedName> names;
    std::map<std::string, Finding> findings;
    for (const Entry& entry : entries) {
      names.push_back({name(entry.name), category(entry.category), entry.name_server_operator});
      findings.emplace(entry.name, entry.mx);  // the first mention stands
    }
    must(store.add_names(run, names));
    must(store.finish_list(run, "fingerprint"));
    survey(store, run, [&](const PlannedName& planned) {
      Observation observation = all_absent();
      observation[Metric::kMx] = findings.at(planned.name.to_text());
      return observation;
    });
    must(store.finish_run(run, 1));
    return run;
  }

  static MonthChanges compare(Store& store) { return must(store.changes(kOlder, kNewer, kMetrics)); }

  static MonthChanges::Moves moves(const MonthChanges& changes, std::string_view code,
                                   std::string_view metric = "mx") {
    for (const MonthChanges::Row& row : changes.rows) {
      if (row.metric == metric && row.category.code() == code) return row.moves;
    }
    ADD_FAILURE() << "there is no row of " << metric << " in " << code;
    return {};
  }

  // Each row leads from the older count to the newer one, and both are those that the months have kept.
  static void expect_sums(Store& store, const MonthChanges& changes) {
    std::map<std::tuple<Month, std::string, std::string>, std::uint64_t> kept;
    for (const CountRow& row : must(store.counts(kOlder, kNewer))) {
      kept[{row.month, row.metric, row.category.code()}] = row.count;
    }
    for (const MonthChanges::Row& row : changes.rows) {
      SCOPED_TRACE(row.metric + " " + row.category.code());
      const MonthChanges::Moves& moves = row.moves;
      EXPECT_EQ(moves.before + moves.began - moves.ceased - moves.left - moves.became_unmeasured +
                    moves.was_unmeasured + moves.moved_in - moves.moved_out,
                moves.after);
      EXPECT_EQ(moves.before, (kept[{kOlder, row.metric, row.category.code()}]));
      EXPECT_EQ(moves.after, (kept[{kNewer, row.metric, row.category.code()}]));
    }
  }
};

const Finding kUnmeasured = Finding::unmeasured(Cause::kTimeout);

TEST_F(StoreChanges, EveryPairOfStatesHasItsPlace) {
  struct Case {
    std::optional<Finding> before;  // nothing: not listed
    std::optional<Finding> after;
    MonthChanges::Moves expected;
  };
  const std::vector<Case> cases = {
      {Finding::absent(), Finding::absent(), {}},
      {Finding::absent(), Finding::published(), {.began = 1, .after = 1}},
      {Finding::absent(), kUnmeasured, {.unmeasured = 1}},
      {Finding::absent(), std::nullopt, {}},
      {Finding::published(), Finding::absent(), {.before = 1, .ceased = 1}},
      {Finding::published(), Finding::published(), {.before = 1, .after = 1}},
      {Finding::published(), kUnmeasured, {.before = 1, .became_unmeasured = 1, .unmeasured = 1}},
      {Finding::published(), std::nullopt, {.before = 1, .left = 1}},
      {kUnmeasured, Finding::absent(), {.unmeasured = 1}},
      {kUnmeasured, Finding::published(), {.was_unmeasured = 1, .after = 1, .unmeasured = 1}},
      {kUnmeasured, kUnmeasured, {.unmeasured = 1}},
      {kUnmeasured, std::nullopt, {.unmeasured = 1}},
      {std::nullopt, Finding::absent(), {}},
      {std::nullopt, Finding::published(), {.began = 1, .newly_listed = 1, .after = 1}},
      {std::nullopt, kUnmeasured, {.unmeasured = 1}},
  };
  // A category each, so that one run tells of all; a name beside them keeps both months from being empty.
  std::vector<Entry> before = {{"zz.jp", Finding::absent(), "ZZ"}};
  std::vector<Entry> after = before;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string text = "n" + std::to_string(i) + ".jp";
    const std::string code = "C" + std::to_string(i);
    if (cases[i].before) before.push_back({text, *cases[i].before, code});
    if (cases[i].after) after.push_back({text, *cases[i].after, code});
  }
  Store store = open();
  month(store, kOlder, before, 1);
  month(store, kNewer, after, 2);
  const MonthChanges changes = compare(store);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(moves(changes, "C" + std::to_string(i)), cases[i].expected) << i;
  }
  EXPECT_EQ(moves(changes, "TOTAL"), (MonthChanges::Moves{.before = 4,
                                                          .began = 2,
                                                          .newly_listed = 1,
                                                          .ceased = 1,
                                                          .left = 1,
                                                          .became_unmeasured = 1,
                                                          .was_unmeasured = 1,
                                                          .after = 4,
                                                          .unmeasured = 7}));
  EXPECT_EQ(moves(changes, "TOTAL", "registered"),
            (MonthChanges::Moves{.before = 13, .began = 3, .newly_listed = 3, .left = 3, .after = 13}));
  expect_sums(store, changes);
}

TEST_F(StoreChanges, ANameIsTheSameInAnyOrderAndAnyMention) {
  std::vector<Entry> before;
  std::vector<Entry> after;
  for (int i = 0; i < 300; ++i) {
    before.push_back({"n" + std::to_string(i) + ".co.jp", Finding::from_bool(i % 3 == 0)});
    after.insert(after.begin(), {"n" + std::to_string(i) + ".co.jp", Finding::from_bool(i % 3 != 1)});
  }
  after.push_back({"n0.co.jp", Finding::absent(), "GENERAL"});  // again: the first category stands
  Store store = open();
  month(store, kOlder, before, 1);
  month(store, kNewer, after, 99);
  const MonthChanges changes = compare(store);
  EXPECT_EQ(moves(changes, "CO"), (MonthChanges::Moves{.before = 100, .began = 100, .after = 200}));
  EXPECT_EQ(changes.newer.duplicates, 1U);
  expect_sums(store, changes);
}

TEST_F(StoreChanges, ANameWhoseCategoryChangedLeavesOneAndEntersTheOther) {
  Store store = open();
  month(store, kOlder,
        {{"a.jp", Finding::published(), "CO"},
         {"b.jp", Finding::published(), "CO"},
         {"c.jp", Finding::absent(), "CO"},
         {"d.jp", Finding::published(), "CO"}},
        1);
  month(store, kNewer,
        {{"a.jp", Finding::published(), "NE"},
         {"b.jp", Finding::absent(), "NE"},
         {"c.jp", Finding::published(), "NE"},
         {"d.jp", kUnmeasured, "NE"}},
        2);
  const MonthChanges changes = compare(store);
  EXPECT_EQ(moves(changes, "CO"),
            (MonthChanges::Moves{.before = 3, .ceased = 1, .became_unmeasured = 1, .moved_out = 1}));
  EXPECT_EQ(moves(changes, "NE"),
            (MonthChanges::Moves{.began = 1, .moved_in = 1, .after = 2, .unmeasured = 1}));
  EXPECT_EQ(moves(changes, "TOTAL"),
            (MonthChanges::Moves{
                .before = 3, .began = 1, .ceased = 1, .became_unmeasured = 1, .after = 2, .unmeasured = 1}));
  expect_sums(store, changes);
}

TEST_F(StoreChanges, OperatorsAreThoseOfTheNewerListElseOfTheOlder) {
  std::vector<Entry> before;
  std::vector<Entry> after;
  const auto add = [&](int count, const Finding& then, const Finding& now, const std::string& was,
                       const std::string& is) {
    for (int i = 0; i < count; ++i) {
      const std::string text = "n" + std::to_string(before.size()) + ".co.jp";
      before.push_back({text, then, "CO", was});
      after.push_back({text, now, "CO", is});
    }
  };
  add(5, Finding::absent(), Finding::published(), "old.example", "big.example");
  add(3, Finding::published(), Finding::absent(), "gone.example", "");
  add(2, Finding::absent(), Finding::published(), "", "");
  add(1, Finding::published(), Finding::absent(), "big.example", "big.example");
  add(9, Finding::published(), Finding::published(), "still.example", "still.example");
  add(9, Finding::published(), kUnmeasured, "lost.example", "lost.example");
  Store store = open();
  month(store, kOlder, before, 1);
  month(store, kNewer, after, 2);
  for (int times = 0; times < 2; ++times) {  // nothing stays from the first to the second
    const MonthChanges changes = compare(store);
    std::vector<std::string> found;
    for (const auto& moves : changes.operators) {
      found.push_back(moves.metric + " " + moves.name_server_operator + " " + std::to_string(moves.began) +
                      " " + std::to_string(moves.ceased));
    }
    EXPECT_EQ(found, (std::vector<std::string>{"mx big.example 5 1", "mx gone.example 0 3", "mx  2 0"}));
  }
}

TEST_F(StoreChanges, OnlyTheLargestOperatorsAreNamed) {
  std::vector<Entry> before;
  std::vector<Entry> after;
  for (int number = 0; number < 14; ++number) {
    for (int i = 0; i <= number; ++i) {
      const std::string text = "n" + std::to_string(before.size()) + ".co.jp";
      const std::string by = "op" + std::to_string(number) + ".example";
      before.push_back({text, Finding::absent(), "CO", by});
      after.push_back({text, Finding::published(), "CO", by});
    }
  }
  Store store = open();
  month(store, kOlder, before, 1);
  month(store, kNewer, after, 2);
  const MonthChanges changes = compare(store);
  ASSERT_EQ(changes.operators.size(), MonthChanges::kOperators);
  EXPECT_EQ(changes.operators.front().name_server_operator, "op13.example");
  EXPECT_EQ(changes.operators.back().name_server_operator, "op4.example");
}

TEST_F(StoreChanges, AMetricThatOneMonthDidNotAskIsNotCompared) {
  Store store = open();
  month(store, kOlder, {{"a.jp", Finding::published()}}, 1);
  const RunId run = listed_run(store, kNewer, {listed("a.jp")});
  survey(store, run, [](const PlannedName&) {
    Observation observation = all_absent();
    observation[Metric::kMx] = Finding::unmeasured(Cause::kNotAsked);
    return observation;
  });
  must(store.finish_run(run, 1));
  const MonthChanges changes = compare(store);
  EXPECT_EQ(changes.not_asked, std::vector<std::string>{"mx"});
  for (const MonthChanges::Row& row : changes.rows) EXPECT_NE(row.metric, "mx");
}

TEST_F(StoreChanges, TypesOfJpWithoutANameHaveARow) {
  Store store = open();
  for (const Month each : {kOlder, kNewer}) {
    RunSettings wanted = settings(each);
    wanted.categories = "jp";
    const RunId run = must(store.begin_run(wanted));
    must(store.add_names(run, std::vector{listed("a.co.jp")}));
    must(store.finish_list(run, "fingerprint"));
    survey(store, run, [](const PlannedName&) { return all_absent(); });
    must(store.finish_run(run, 1));
  }
  EXPECT_EQ(moves(compare(store), "LG"), MonthChanges::Moves{});
}

TEST_F(StoreChanges, NeedsTwoSurveyedMonthsWithTheirNames) {
  Store store = open();
  month(store, kOlder, {{"a.jp", Finding::published()}, {"b.jp", Finding::published()}}, 1);
  month(store, kNewer, {{"a.jp", Finding::published()}}, 2);
  const std::vector<CountRow> imported = {{Month(2006, 1), Category::total(), "mx", 8, std::nullopt}};
  must(store.import_counts(imported, "counts.csv", false));
  const auto kind_of = [&](Month older, Month newer) {
    const auto result = store.changes(older, newer, kMetrics);
    return result ? std::string("done") : result.error().message;
  };
  EXPECT_EQ(kind_of(Month(2006, 1), kNewer), "2006-01 has no surveyed domains");
  EXPECT_EQ(kind_of(kOlder, Month(2026, 12)), "2026-12 has no surveyed domains");
  EXPECT_EQ(kind_of(kNewer, kOlder), "2026-11 does not lie before 2026-10");
  EXPECT_EQ(kind_of(kNewer, kNewer), "2026-11 does not lie before 2026-11");
  EXPECT_EQ(kind_of(kOlder, kNewer), "done");
  // Names that are no longer there must not look as if they had left the list.
  RawDatabase(path_).execute("DELETE FROM observation WHERE id = (SELECT min(id) FROM observation)");
  EXPECT_EQ(kind_of(kOlder, kNewer),
            "the database is damaged: it holds 1 of 2 names of 2026-10; restore the back-up");
}

TEST_F(StoreChanges, NeedsNoMoreThanToRead) {
  {
    Store store = open();
    month(store, kOlder, {{"a.jp", Finding::absent(), "CO", "x.example"}}, 1);
    month(store, kNewer, {{"a.jp", Finding::published(), "CO", "x.example"}}, 2);
  }
  Store store = open(OpenMode::kReadOnly);
  const MonthChanges changes = compare(store);
  ASSERT_EQ(changes.operators.size(), 1U);
  EXPECT_EQ(changes.operators[0].name_server_operator, "x.example");
}

using StoreQuality = StoreChanges;

TEST_F(StoreQuality, TellsCausesOverAllCategoriesAndWhoWasExcluded) {
  Store store = open();
  const RunId run =
      listed_run(store, kNewer,
                 {listed("a.jp", "CO"), listed("b.jp", "NE"), listed("c.jp", "NE"), listed("d.jp", "OR")});
  survey(store, run, [](const PlannedName& planned) {
    const std::string text = planned.name.to_text();
    if (text == "a.jp") return Observation::all_unmeasured(Cause::kExcluded);
    Observation observation = all_absent();
    observation[Metric::kMx] = text == "b.jp" ? kUnmeasured : Finding::published();
    if (text != "d.jp") observation[Metric::kDmarc] = Finding::unmeasured(Cause::kPersistentServfail);
    return observation;
  });
  must(store.finish_run(run, 1));
  const std::vector<CountRow> imported = {{Month(2006, 1), Category::total(), "mx", 8, std::nullopt}};
  must(store.import_counts(imported, "counts.csv", false));
  const RunId unfinished = listed_run(store, Month(2026, 12), {listed("a.jp")});
  ASSERT_GT(unfinished, run);

  const auto months = must(store.quality(std::nullopt, std::nullopt));
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months[0].run.state, RunState::kImported);
  EXPECT_TRUE(months[0].unmeasured.empty());
  EXPECT_EQ(months[1].run.names, 4U);
  EXPECT_EQ(months[1].run.excluded, 1U);
  EXPECT_EQ(months[1].run.lost(), 1U);
  EXPECT_EQ(months[1].run.persistent_servfail, 1U);
  std::set<std::string> found;
  for (const auto& unmeasured : months[1].unmeasured) {
    found.insert(unmeasured.metric + " " + std::string(to_text(unmeasured.cause)) + " " +
                 std::to_string(unmeasured.names));
  }
  for (const char* expected :
       {"mx timeout 1", "mx excluded 1", "dmarc persistent_servfail 2", "spf excluded 1"}) {
    EXPECT_TRUE(found.contains(expected)) << expected;
  }
  EXPECT_EQ(must(store.quality(Month(2026, 1), Month(2026, 11))).size(), 1U);
  EXPECT_TRUE(must(store.quality(Month(2026, 12), std::nullopt)).empty());
}

TEST_F(StoreQuality, WhatOtherTablesAreMadeFromNeedsNoNames) {
  Store store = open();
  month(store, kOlder, {{"a.jp", Finding::published()}, {"b.jp", kUnmeasured}}, 1);
  const auto seen = [&] {
    std::vector<std::string> lines;
    for (const MonthState& state : must(store.months())) lines.push_back(state.month.to_text());
    for (const CountRow& row : must(store.counts(std::nullopt, std::nullopt))) {
      lines.push_back(row.metric + " " + row.category.code() + " " + std::to_string(row.count) + " " +
                      std::to_string(row.unmeasured.value_or(0)));
    }
    for (const MonthQuality& quality : must(store.quality(std::nullopt, std::nullopt))) {
      lines.push_back(std::to_string(quality.run.names) + " " + std::to_string(quality.run.lost()));
      for (const auto& one : quality.unmeasured)
        lines.push_back(one.metric + " " + std::to_string(one.names));
    }
    return lines;
  };
  const auto before = seen();
  ASSERT_GT(before.size(), 4U);
  RawDatabase(path_).execute("DELETE FROM unmeasured; DELETE FROM observation");
  EXPECT_EQ(seen(), before);
}

}  // namespace
}  // namespace dauth::data

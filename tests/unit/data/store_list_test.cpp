// Taking in a list: each name once, in an order of its own.
#include <algorithm>
#include <set>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

class StoreListTest : public StoreTest {
 protected:
  static std::vector<std::string> order(Store& store, RunId run) {
    std::vector<std::string> names;
    std::uint64_t after = 0;
    while (true) {
      const auto planned = must(store.names_to_survey(run, after, 7));
      if (planned.empty()) return names;
      for (const PlannedName& next : planned) {
        EXPECT_EQ(next.position, after + 1);
        after = next.position;
        names.push_back(next.name.to_text());
      }
    }
  }

  static std::vector<std::string> sorted(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(StoreListTest, TakesEachNameOnceWithItsFirstCategory) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));

  const std::vector<ListedName> first = {listed("a.co.jp", "CO"), listed("b.jp", "GENERAL"),
                                         listed("A.CO.jp", "OTHER")};
  EXPECT_EQ(must(store.add_names(run, first)), 2U);
  const std::vector<ListedName> second = {listed("b.JP", "OTHER"), listed("c.ne.jp", "NE")};
  EXPECT_EQ(must(store.add_names(run, second)), 1U);
  EXPECT_EQ(must(store.add_names(run, {})), 0U);
  must(store.finish_list(run, "abcdef"));

  const auto record = run_of(store, Month(2026, 11));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state, RunState::kSurveying);
  EXPECT_EQ(record->names, 3U);
  EXPECT_EQ(record->duplicates, 2U);
  EXPECT_EQ(record->list_fingerprint, "abcdef");
  std::set<std::string> found;
  for (const PlannedName& next : must(store.names_to_survey(run, 0, 10))) {
    found.insert(next.name.to_text() + " " + next.category.code());
  }
  EXPECT_EQ(found, (std::set<std::string>{"a.co.jp CO", "b.jp GENERAL", "c.ne.jp NE"}));
}

// Putting millions of names in order takes seconds, and whoever wants to stop must not wait for them.
TEST_F(StoreListTest, AnInterruptLeavesTheListAsItWas) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  must(store.add_names(run, many_names(20'000)));
  int asked = 0;
  store.set_interrupt([&] { return ++asked == 1; });
  EXPECT_FALSE(store.finish_list(run, "fingerprint"));
  EXPECT_EQ(asked, 1);
  store.set_interrupt({});
  EXPECT_EQ(run_of(store, Month(2026, 11))->state, RunState::kListing);
  must(store.finish_list(run, "fingerprint"));
  EXPECT_EQ(run_of(store, Month(2026, 11))->names, 20'000U);
}

// Names that are all new take the next ids without being looked up; others are looked up. A row of the plan
// has its own name in either case.
TEST_F(StoreListTest, EachPlaceOfThePlanHasItsOwnName) {
  Store store = open();
  const auto expect_own_names = [&](RunId run, std::size_t count) {
    const std::string of_run =
        " FROM plan JOIN name ON name.id = plan.name JOIN run ON run.id = " + std::to_string(run) +
        " WHERE plan.id > run.first_row AND plan.id <= run.first_row + run.names";
    RawDatabase raw(path_);
    EXPECT_EQ(raw.rows("SELECT count(*), count(DISTINCT plan.name)" + of_run),
              std::vector<std::string>{std::to_string(count) + "|" + std::to_string(count)});
    EXPECT_EQ(raw.rows("SELECT plan.text" + of_run + " AND plan.text <> name.text"),
              std::vector<std::string>{});
  };
  const RunId october = must(store.begin_run(settings(Month(2026, 10))));
  EXPECT_EQ(must(store.add_names(october, many_names(50))), 50U) << "all new";
  std::vector<ListedName> mixed = many_names(60);
  mixed.push_back(listed("n55.CO.jp"));
  EXPECT_EQ(must(store.add_names(october, mixed)), 10U) << "known ones, new ones, and one of them twice";
  must(store.finish_list(october, "fingerprint"));
  expect_own_names(october, 60);

  const RunId november = must(store.begin_run(settings(Month(2026, 11))));
  EXPECT_EQ(must(store.add_names(november, many_names(60))), 60U) << "all known";
  {
    // SQLite then takes ids at random.
    RawDatabase raw(path_);
    raw.execute("INSERT INTO name (id, text) VALUES (9223372036854775807, 'last.example')");
  }
  EXPECT_EQ(must(store.add_names(november, {{listed("x.jp"), listed("y.jp"), listed("z.jp")}})), 3U);
  must(store.finish_list(november, "fingerprint"));
  expect_own_names(november, 63);
}

TEST_F(StoreListTest, RunsSideBySideKeepTheirRows) {
  Store store = open();
  const RunId october = listed_run(store, Month(2026, 10), many_names(20));
  const RunId december = must(store.begin_run(settings(Month(2026, 12))));
  must(store.add_names(december, many_names(30)));
  const RunId november = listed_run(store, Month(2026, 11), many_names(25));
  const auto rows = [&](const std::string& table) {
    return RawDatabase(path_).rows("SELECT count(*) FROM " + table).at(0);
  };
  EXPECT_EQ(rows("listed"), "30") << "of December, whose list is being read";
  EXPECT_EQ(rows("plan"), "45");
  survey(store, november, [](const PlannedName&) { return Observation(); });
  must(store.finish_run(november, 1));
  EXPECT_EQ(rows("plan"), "20") << "of October";
  EXPECT_EQ(order(store, october).size(), 20U);
  must(store.finish_list(december, "fingerprint"));
  EXPECT_EQ(rows("listed"), "0");
  EXPECT_EQ(order(store, december).size(), 30U);
}

TEST_F(StoreListTest, TheOrderIsAPermutationThatDependsOnTheSeedAlone) {
  Store store = open();
  const auto names = many_names(300);
  const RunId october = listed_run(store, Month(2026, 10), names, 1);
  const auto first = order(store, october);
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), 300U);

  const auto november = order(store, listed_run(store, Month(2026, 11), names, 2));
  EXPECT_NE(first, november);
  EXPECT_EQ(sorted(first), sorted(november));

  // The same seed and names, read in another order, in a file with other names before them.
  auto reversed = names;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(order(store, listed_run(store, Month(2026, 12), reversed, 1)), first);
  EXPECT_NE(first, sorted(first));
  std::vector<std::string> as_listed;
  for (const ListedName& listed_name : names) as_listed.push_back(listed_name.name.to_text());
  EXPECT_NE(first, as_listed);
}

TEST_F(StoreListTest, NamesAreKeptOnceForAllMonths) {
  Store store = open();
  listed_run(store, Month(2026, 10), many_names(20));
  listed_run(store, Month(2026, 11), many_names(25));
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT count(*) FROM name"), std::vector<std::string>{"25"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM plan"), std::vector<std::string>{"45"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM listed"), std::vector<std::string>{"0"});
}

TEST_F(StoreListTest, OddOctetsInNamesComeBack) {
  Store store = open();
  const std::vector<std::uint8_t> wire = {4, 'a', '.', 0, 0xff, 2, '\\', ' ', 2, 'j', 'p', 0};
  const auto odd = dns::DomainName::from_wire(wire).value();
  const RunId run = listed_run(store, Month(2026, 11),
                               {{odd, category("GENERAL")}, {dns::DomainName(), category("OTHER")}});
  const auto planned = must(store.names_to_survey(run, 0, 10));
  ASSERT_EQ(planned.size(), 2U);
  EXPECT_TRUE(planned[0].name == odd || planned[1].name == odd);
  EXPECT_TRUE(planned[0].name.is_root() || planned[1].name.is_root());
}

TEST_F(StoreListTest, AnEmptyListIsAPlanWithoutNames) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), {});
  EXPECT_TRUE(must(store.names_to_survey(run, 0, 10)).empty());
  EXPECT_EQ(run_of(store, Month(2026, 11))->names, 0U);
}

TEST_F(StoreListTest, RejectedLinesAreKeptAsTheyStoodAndCutShort) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  const std::string hostile("\x1b[31m\0\xff=1+1", 11);
  const std::vector<RejectedLine> lines = {{"a.txt", 7, "an empty label", hostile},
                                           {"b.txt", 1, "too long", std::string(300, 'x')}};
  must(store.add_rejected(run, lines));
  must(store.add_rejected(run, std::vector<RejectedLine>{{"-", 2, "no name", ""}}));

  const auto kept = must(store.rejected_lines(run, 10));
  ASSERT_EQ(kept.size(), 3U);
  EXPECT_EQ(kept[0].source, "a.txt");
  EXPECT_EQ(kept[0].line, 7U);
  EXPECT_EQ(kept[0].reason, "an empty label");
  EXPECT_EQ(kept[0].text, hostile);
  EXPECT_EQ(kept[1].text, std::string(200, 'x'));
  EXPECT_EQ(kept[2].source, "-");
  EXPECT_EQ(must(store.rejected_lines(run, 1)).size(), 1U);
  EXPECT_EQ(run_of(store, Month(2026, 11))->rejected, 3U);
}

TEST_F(StoreListTest, TheRunKeepsItsSettings) {
  options_.now = [] { return std::chrono::system_clock::time_point(std::chrono::seconds(1793498400)); };
  Store store = open();
  RunSettings given = settings(Month(2026, 11), 0xfedcba9876543210U);
  given.lists = {"jp.zone", "-"};
  given.categories = "jp";
  given.probes = "mx,spf";
  given.wildcard_types = "TXT,A";
  given.resolvers = {"192.0.2.1:53", "[2001:db8::1]:53"};
  given.resolver_rates = {500, 0};
  given.in_flight = 1000;
  given.queries_per_second = 12.5;
  given.timeout_ms = 1500;
  given.tries = 3;
  given.tool_version = "0.1.0";
  given.rules_version = 7;
  given.suffix_list_version = "2026-01-01";
  const RunId run = must(store.begin_run(given));

  Store other = open(OpenMode::kReadOnly);
  const auto records = must(other.runs());
  ASSERT_EQ(records.size(), 1U);
  const RunRecord& record = records.front();
  EXPECT_EQ(record.id, run);
  EXPECT_EQ(record.state, RunState::kListing);
  EXPECT_EQ(record.started, "2026-11-01T02:00:00Z");
  EXPECT_EQ(record.finished, "");
  EXPECT_EQ(record.settings.month, given.month);
  EXPECT_EQ(record.settings.lists, given.lists);
  EXPECT_EQ(record.settings.categories, given.categories);
  EXPECT_EQ(record.settings.probes, given.probes);
  EXPECT_EQ(record.settings.wildcard_types, given.wildcard_types);
  EXPECT_EQ(record.settings.resolvers, given.resolvers);
  EXPECT_EQ(record.settings.resolver_rates, given.resolver_rates);
  EXPECT_EQ(record.settings.in_flight, given.in_flight);
  EXPECT_EQ(record.settings.queries_per_second, given.queries_per_second);
  EXPECT_EQ(record.settings.timeout_ms, given.timeout_ms);
  EXPECT_EQ(record.settings.tries, given.tries);
  EXPECT_EQ(record.settings.tool_version, given.tool_version);
  EXPECT_EQ(record.settings.rules_version, given.rules_version);
  EXPECT_EQ(record.settings.suffix_list_version, given.suffix_list_version);
  EXPECT_EQ(record.settings.seed, given.seed);
}

TEST_F(StoreListTest, AMonthHasOneUnfinishedRun) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  const auto second = store.begin_run(settings(Month(2026, 11)));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, Kind::kConflict);
  EXPECT_TRUE(store.begin_run(settings(Month(2026, 12))));

  must(store.abandon_run(run));
  EXPECT_FALSE(run_of(store, Month(2026, 11)));
  EXPECT_TRUE(store.begin_run(settings(Month(2026, 11))));
}

TEST_F(StoreListTest, AbandoningDropsTheListAndNothingElse) {
  Store store = open();
  const RunId october = listed_run(store, Month(2026, 10), many_names(5));
  const RunId november = listed_run(store, Month(2026, 11), many_names(5));
  must(
      store.save(november, std::vector<SurveyedName>{{1, Observation::all_unmeasured(Cause::kTimeout)}}, {}));
  must(store.abandon_run(november));
  EXPECT_EQ(must(store.names_to_survey(october, 0, 10)).size(), 5U);
  EXPECT_EQ(must(store.runs()).size(), 1U);
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM observation"), std::vector<std::string>{"0"});
  EXPECT_EQ(store.abandon_run(november).error().kind, Kind::kConflict);
}

TEST_F(StoreListTest, CallsOutOfTurnAreConflictsAndChangeNothing) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  EXPECT_EQ(store.names_to_survey(run, 0, 1).error().kind, Kind::kConflict);
  EXPECT_EQ(store.names_that_failed(run, 0, 1).error().kind, Kind::kConflict);
  EXPECT_EQ(store.save(run, {}, {}).error().kind, Kind::kConflict);
  EXPECT_EQ(store.finish_run(run, 0).error().kind, Kind::kConflict);
  must(store.finish_list(run, ""));
  EXPECT_EQ(store.add_names(run, many_names(1)).error().kind, Kind::kConflict);
  EXPECT_EQ(store.add_rejected(run, {}).error().kind, Kind::kConflict);
  EXPECT_EQ(store.finish_list(run, "").error().kind, Kind::kConflict);
  EXPECT_EQ(store.add_names(run + 1, many_names(1)).error().kind, Kind::kConflict);
  EXPECT_EQ(run_of(store, Month(2026, 11))->names, 0U);
}

TEST_F(StoreListTest, NoNameIsInTheCategoryTotal) {
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  const auto added =
      store.add_names(run, std::vector<ListedName>{listed("a.jp", "NEW"), listed("b.jp", "TOTAL")});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().kind, Kind::kConflict);
  // Nothing of that call is in the file, and its new category is made again when it comes again.
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM name"), std::vector<std::string>{"0"});
  EXPECT_EQ(
      must(store.add_names(run, std::vector<ListedName>{listed("c.jp", "OTHER"), listed("a.jp", "NEW")})),
      2U);
}

TEST_F(StoreListTest, FilesOfExcludedNamesAreAddedWhereARunGoesOn) {
  Store store = open();
  RunSettings begun = settings(Month(2026, 11));
  begun.exclude = {"one.txt"};
  const RunId run = must(store.begin_run(begun));
  must(store.add_names(run, std::vector<ListedName>{listed("a.jp")}));
  must(store.finish_list(run, "x"));
  must(store.note_exclude(run, std::vector<std::string>{"two.txt", "one.txt"}));
  must(store.note_exclude(run, std::vector<std::string>{}));
  EXPECT_EQ(run_of(store, Month(2026, 11))->settings.exclude,
            (std::vector<std::string>{"one.txt", "two.txt"}));
}

}  // namespace
}  // namespace dauth::data

// Old months lose their detail: what is kept stays as it was, and a process that dies on the way harms
// nothing.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

constexpr int kMonths = 4;

// 2026-01 to 2026-04. All have the names n0 to n59; each has three more of its own. Answers are partly those
// of all months, partly the month's own; one name in seven failed, one is excluded.
class PruneTest : public StoreTest {
 protected:
  void SetUp() override {
    Store store = open();
    for (int month = 1; month <= kMonths; ++month) add_month(store, month);
    must(
        store.import_counts(std::vector<CountRow>{{Month(2005, 4), Category::total(), "mx", 3, std::nullopt}},
                            "wide.csv", false));
  }

  static void add_month(Store& store, int month) {
    auto names = many_names(60);
    for (int i = 0; i < 3; ++i) {
      names.push_back(listed("only" + std::to_string(month) + std::to_string(i) + ".or.jp", "OR"));
      names.back().name_server_operator = "op" + std::to_string(month) + ".example";
    }
    const RunId run = must(store.begin_run(settings(Month(2026, month))));
    must(store.add_names(run, names));
    must(store.add_rejected(run, std::vector<RejectedLine>{{"list.txt", 7, "no name", "a b"}}));
    must(store.finish_list(run, "fingerprint"));
    std::vector<SurveyedName> rows;
    const std::string own = " " + std::to_string(month);
    for (const PlannedName& next : must(store.names_to_survey(run, 0, 1000))) {
      const std::string text = next.name.to_text();
      SurveyedName row{next.position, all_absent(), {}};
      row.answers.outcomes = "@ TXT answer, @ MX nodata";
      row.answers.answers.push_back({AnswerPlace::kTxt, 0, "TXT v=spf1 -all"});
      row.answers.answers.push_back({AnswerPlace::kFurther, 2, "TXT of " + text + own});
      if (text.starts_with("only")) row.answers.outcomes += "," + own;
      if (text == "n3.co.jp") {
        row.observation = Observation::all_unmeasured(Cause::kExcluded);
        row.answers = {};
      } else if (text.size() % 7 == 0) {
        row.observation[Metric::kMx] = Finding::unmeasured(Cause::kTimeout);
      } else {
        row.observation[Metric::kSpf] = Finding::published();
      }
      rows.push_back(std::move(row));
    }
    must(store.save(run, rows, {}));
    must(store.finish_run(run, 1));
  }

  // Everything that exports and tables of these months are made from.
  std::vector<std::string> detail_of(int first_month) {
    RawDatabase raw(path_);
    const std::string from =
        " WHERE month >= '2026-0" + std::to_string(first_month) + "' ORDER BY 1, 2, 3, 4";
    std::vector<std::string> all;
    for (const std::string view : {"domain_finding", "domain_answer", "unmeasured_finding"}) {
      const auto rows = raw.rows("SELECT * FROM " + view + from);
      all.insert(all.end(), rows.begin(), rows.end());
    }
    for (const std::string& row :
         raw.rows("SELECT month, name.text, ordinal, answer.text FROM run JOIN observation ON observation.id "
                  "> first_row "
                  "AND observation.id <= first_row + names JOIN name ON name.id = observation.name JOIN "
                  "further_answer "
                  "ON observation = observation.id JOIN answer ON answer.id = answer" +
                  from))
      all.push_back(row);
    return all;
  }

  std::vector<std::string> counts() {
    RawDatabase raw(path_);
    auto all = raw.rows("SELECT * FROM monthly_count ORDER BY 1, 2, 3");
    for (const std::string& row : raw.rows("SELECT * FROM cause_count ORDER BY 1, 2, 3, 4"))
      all.push_back(row);
    for (const std::string& row : raw.rows(
             "SELECT month, state, names, rejected, surveyed, unmeasured, seed, started FROM run ORDER BY 1"))
      all.push_back(row);
    return all;
  }

  std::string count(const std::string& table) {
    return RawDatabase(path_).rows("SELECT count(*) FROM " + table).at(0);
  }
};

TEST_F(PruneTest, KeepsTheNewestMonthsAsTheyWereAndTheCountsOfAll) {
  const auto detail = detail_of(3);
  const auto all_counts = counts();
  ASSERT_GT(detail.size(), 300U);
  Store store = open();
  const auto excluded_before = must(store.runs()).at(1).excluded;
  EXPECT_EQ(excluded_before, 1U);

  const Pruning result = must(store.prune(2, PruneMode::kDrop));

  ASSERT_EQ(result.months.size(), 2U);
  EXPECT_EQ(result.months[0].month, Month(2026, 1));
  EXPECT_EQ(result.months[1].names, 63U);
  EXPECT_EQ(result.kept, (std::vector<Month>{Month(2026, 3), Month(2026, 4)}));
  EXPECT_EQ(detail_of(1), detail) << "nothing of the old months, everything of the others";
  EXPECT_EQ(counts(), all_counts);
  EXPECT_EQ(count("observation"), "126");
  const auto runs = must(store.runs());
  ASSERT_EQ(runs.size(), 5U);
  EXPECT_NE(runs[1].pruned, "");
  EXPECT_EQ(runs[1].excluded, 1U) << "a count, so it stays";
  EXPECT_EQ(runs[3].pruned, "");
  EXPECT_TRUE(must(store.rejected_lines(runs[1].id, 10)).empty());
  EXPECT_EQ(must(store.rejected_lines(runs[3].id, 10)).size(), 1U);
}

TEST_F(PruneTest, WhatNoMonthRefersToAnyMoreGoesToo) {
  Store store = open();
  const Pruning told = must(store.prune(3, PruneMode::kOnlyTell));
  EXPECT_EQ(count("name"), "72");
  const Pruning result = must(store.prune(3, PruneMode::kDrop));
  EXPECT_EQ(result.names, 3U) << "the month's own";
  EXPECT_EQ(result.operators, 1U);
  EXPECT_EQ(result.outcomes, 1U);
  EXPECT_EQ(result.answers, 62U) << "one of each name but the excluded one";
  EXPECT_EQ(told.names, result.names);
  EXPECT_EQ(told.answers, result.answers);
  EXPECT_EQ(told.outcomes, result.outcomes);
  EXPECT_EQ(told.operators, result.operators);
  ASSERT_EQ(told.months.size(), 1U);
  EXPECT_EQ(count("name"), "69");
  EXPECT_EQ(count("answer"), count("answer_digest"));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT text FROM name WHERE text LIKE 'only1%'"),
            std::vector<std::string>{});
}

TEST_F(PruneTest, OnlyToldIsNotDone) {
  const auto before = detail_of(1);
  Store store = open();
  EXPECT_EQ(must(store.prune(0, PruneMode::kOnlyTell)).months.size(), 4U);
  EXPECT_EQ(detail_of(1), before);
  EXPECT_EQ(must(store.runs()).at(1).pruned, "");
}

TEST_F(PruneTest, ASecondTimeThereIsNothingToDo) {
  Store store = open();
  must(store.prune(1, PruneMode::kDrop));
  const auto pruned = must(store.runs()).at(1).pruned;
  const auto detail = detail_of(1);
  const Pruning again = must(store.prune(1, PruneMode::kDrop));
  EXPECT_TRUE(again.months.empty());
  EXPECT_EQ(again.names + again.answers + again.outcomes + again.operators, 0U);
  EXPECT_EQ(detail_of(1), detail);
  EXPECT_EQ(must(store.runs()).at(1).pruned, pruned);
  EXPECT_TRUE(must(store.prune(100, PruneMode::kDrop)).months.empty());
}

TEST_F(PruneTest, APrunedMonthSaysSo) {
  Store store = open();
  must(store.prune(1, PruneMode::kDrop));
  const auto rows = store.for_each_domain(Month(2026, 1), [](const DomainRow&) { return true; });
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().kind, StoreError::Kind::kConflict);
  EXPECT_NE(rows.error().message.find("dropped by 'dauth prune'"), std::string::npos) << rows.error().message;
  const auto judged = store.rejudge(
      Month(2026, 1), 9,
      [](const dns::DomainName&, const StoredAnswers&) -> Result<Observation, std::string> {
        return all_absent();
      },
      RejudgeMode::kKeep);
  ASSERT_FALSE(judged);
  EXPECT_NE(judged.error().message.find("dropped"), std::string::npos);
}

TEST_F(PruneTest, TheNextMonthFindsItsTextsAgain) {
  Store store = open();
  must(store.prune(0, PruneMode::kDrop));
  EXPECT_EQ(count("name"), "0");
  EXPECT_EQ(count("answer"), "0");
  add_month(store, 5);
  std::size_t rows = 0;
  must(store.for_each_domain(
      Month(2026, 5),
      [&](const DomainRow& row) {
        ++rows;
        EXPECT_EQ(row.answers.outcomes.empty(), row.domain == "n3.co.jp");
        return true;
      },
      DomainDetail::kAnswersToo));
  EXPECT_EQ(rows, 63U);
}

TEST_F(PruneTest, ExcludedNamesAreCountedWhereNothingElseWas) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 6), many_names(5));
  survey(store, run, [](const PlannedName&) { return Observation::all_unmeasured(Cause::kExcluded); });
  EXPECT_EQ(run_of(store, Month(2026, 6))->excluded, 5U) << "not finished";
  EXPECT_EQ(must(store.finish_run(run, 1)).excluded, 5U);
  must(store.prune(0, PruneMode::kDrop));
  EXPECT_EQ(run_of(store, Month(2026, 6))->excluded, 5U);
  EXPECT_EQ(run_of(store, Month(2026, 1))->excluded, 1U);
  EXPECT_EQ(run_of(store, Month(2005, 4))->excluded, 0U);
}

TEST_F(PruneTest, AStoppedSurveyKeepsItsList) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 6), {listed("only10.or.jp"), listed("new.co.jp")});
  const RunId reading = must(store.begin_run(settings(Month(2026, 7))));
  must(store.add_names(reading,
                       std::vector<ListedName>{{name("only11.or.jp"), category("OR"), "op1.example"}}));
  must(store.prune(0, PruneMode::kDrop));
  EXPECT_EQ(must(store.names_to_survey(run, 0, 10)).size(), 2U);
  EXPECT_EQ(count("name"), "3");
  EXPECT_EQ(count("name_server_operator"), "1");
}

TEST_F(PruneTest, TheFileShrinks) {
  {
    Store store = open();
    std::vector<ListedName> names = many_names(20'000);
    const RunId run = listed_run(store, Month(2025, 1), names);
    survey(store, run, [](const PlannedName&) { return Observation::all_unmeasured(Cause::kTimeout); });
    must(store.finish_run(run, 1));
  }
  const auto before = std::filesystem::file_size(path_);
  {
    Store store = open();
    EXPECT_TRUE(must(store.prune(4, PruneMode::kDrop)).file_shrinks);
  }
  EXPECT_LT(std::filesystem::file_size(path_), before / 4);
}

// Dies at every step that prune() tells of, inside transactions and between them, as by kill -9. What is kept
// is there after each death, the file is sound, and the next call comes to the end that an undisturbed one
// comes to.
TEST_F(PruneTest, MayBeKilledAnywhere) {
  const auto detail = detail_of(3);
  const auto all_counts = counts();
  const auto original = path_;
  const auto undisturbed = directory_.file("undisturbed.db");
  std::filesystem::copy_file(original, undisturbed);
  {
    Store store = must(Store::open(undisturbed.string(), OpenMode::kExisting, options_));
    must(store.prune(2, PruneMode::kDrop));
  }
  const std::string texts =
      "SELECT text FROM name UNION ALL SELECT text FROM answer UNION ALL SELECT text FROM "
      "outcomes UNION ALL SELECT domain FROM name_server_operator ORDER BY 1";
  const auto expected = RawDatabase(undisturbed).rows(texts);

  int deaths = 0;
  for (bool finished = false; !finished; ++deaths) {
    ASSERT_LT(deaths, 100);
    path_ = directory_.file("killed" + std::to_string(deaths) + ".db");
    std::filesystem::copy_file(original, path_);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      int steps = 0;
      auto store = Store::open(path_.string(), OpenMode::kExisting, options_);
      if (!store) _exit(2);
      const auto result = store->prune(2, PruneMode::kDrop, [&](PruneStep) {
        if (steps++ == deaths) kill(getpid(), SIGKILL);
      });
      _exit(result ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    finished = WIFEXITED(status);
    EXPECT_TRUE(!finished || WEXITSTATUS(status) == 0) << status;
    {
      RawDatabase raw(path_);
      EXPECT_EQ(raw.rows("PRAGMA integrity_check"), std::vector<std::string>{"ok"}) << deaths;
      EXPECT_EQ(raw.rows("PRAGMA foreign_key_check"), std::vector<std::string>{}) << deaths;
      EXPECT_EQ(
          raw.rows("SELECT count(*) FROM run WHERE state = 2 AND (pruned IS NULL) <> EXISTS (SELECT 1 FROM "
                   "observation WHERE id > first_row AND id <= first_row + names)"),
          std::vector<std::string>{"0"})
          << "a month is whole or gone";
    }
    EXPECT_EQ(detail_of(3), detail) << deaths;
    EXPECT_EQ(counts(), all_counts) << deaths;
    must(open(OpenMode::kExisting).prune(2, PruneMode::kDrop));
    EXPECT_EQ(RawDatabase(path_).rows(texts), expected) << deaths;
    EXPECT_EQ(detail_of(1), detail) << deaths;
  }
  EXPECT_GT(deaths, 8) << "two months, each with rows and a commit, and four kinds of text";
}

}  // namespace
}  // namespace dauth::data

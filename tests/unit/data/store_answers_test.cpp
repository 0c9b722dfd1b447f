// The answers of a row in the database: kept, shared, replaced in the second pass.
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

const Month kNovember{2026, 11};

StoredAnswers answers(const std::string& txt, const std::string& further = "") {
  StoredAnswers stored;
  stored.outcomes = "@ TXT answer, _domainkey TXT answer";
  stored.answers.push_back({AnswerPlace::kTxt, 0, txt});
  if (!further.empty()) stored.answers.push_back({AnswerPlace::kFurther, 2, further});
  return stored;
}

class StoreAnswersTest : public StoreTest {
 protected:
  static std::vector<DomainRow> rows_of(Store& store, DomainDetail detail = DomainDetail::kAnswersToo) {
    std::vector<DomainRow> rows;
    must(store.for_each_domain(
        kNovember,
        [&](const DomainRow& row) {
          rows.push_back(row);
          return true;
        },
        detail));
    return rows;
  }
};

TEST_F(StoreAnswersTest, ComeBackAsTheyWereSaved) {
  Store store = open();
  const RunId run = listed_run(store, kNovember, {listed("a.jp"), listed("b.jp"), listed("c.jp")});
  const auto planned = must(store.names_to_survey(run, 0, 10));
  StoredAnswers all = answers("TXT v=spf1 -all", "TXT o=-");
  all.answers.push_back({AnswerPlace::kMx, 0, "MX 10 mail.@"});
  all.answers.push_back({AnswerPlace::kDmarc, 0, "TXT v=DMARC1; p=none"});
  for (const PlannedName& next : planned) {
    const std::string domain = next.name.to_text();
    StoredAnswers kept = domain == "a.jp" ? all : domain == "b.jp" ? answers("TXT other") : StoredAnswers{};
    must(store.save(run, std::vector<SurveyedName>{{next.position, all_absent(), kept}}, {}));
  }
  must(store.finish_run(run, 0.01));

  const auto rows = rows_of(store);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].answers.outcomes, all.outcomes);
  ASSERT_EQ(rows[0].answers.answers.size(), 4U);
  for (const StoredAnswers::Answer& answer : all.answers) {
    EXPECT_NE(std::find(rows[0].answers.answers.begin(), rows[0].answers.answers.end(), answer),
              rows[0].answers.answers.end())
        << answer.text;
  }
  EXPECT_EQ(rows[1].answers, answers("TXT other"));
  EXPECT_EQ(rows[2].answers, StoredAnswers{});
  EXPECT_EQ(rows_of(store, DomainDetail::kFindings)[0].answers, StoredAnswers{});
  EXPECT_EQ(RawDatabase(path_).rows("SELECT domain, txt, mx, dmarc FROM domain_answer ORDER BY domain"),
            (std::vector<std::string>{"a.jp|TXT v=spf1 -all|MX 10 mail.@|TXT v=DMARC1; p=none",
                                      "b.jp|TXT other||", "c.jp|||"}));
}

TEST_F(StoreAnswersTest, ATextIsStoredOnceForAllRowsMonthsAndProcesses) {
  for (const int month : {10, 11}) {
    Store store = open();
    const RunId run = listed_run(store, Month{2026, month}, many_names(500));
    std::uint64_t after = 0;
    for (auto planned = must(store.names_to_survey(run, after, 100)); !planned.empty();
         planned = must(store.names_to_survey(run, after, 100))) {
      after = planned.back().position;
      std::vector<SurveyedName> rows;
      for (const PlannedName& next : planned) {
        const std::string text = "TXT text " + std::to_string(next.position % 7);
        rows.push_back({next.position, all_absent(), answers(text, text)});
      }
      must(store.save(run, rows, {}));
    }
    must(store.finish_run(run, 0.01));
  }
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT count(*), count(DISTINCT text) FROM answer"), std::vector<std::string>{"7|7"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM answer_digest"), std::vector<std::string>{"7"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM outcomes"), std::vector<std::string>{"1"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM further_answer"), std::vector<std::string>{"1000"});
}

TEST_F(StoreAnswersTest, EqualDigestsAreNotEqualTexts) {
  Store store = open();
  const RunId run = listed_run(store, kNovember, {listed("a.jp"), listed("b.jp")});
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent(), answers("TXT one")}}, {}));
  RawDatabase(path_).execute("UPDATE answer SET text = 'TXT another of this digest'");
  Store other = open();  // which does not know the text yet
  must(other.save(run, std::vector<SurveyedName>{{2, all_absent(), answers("TXT one")}}, {}));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT text FROM answer ORDER BY id"),
            (std::vector<std::string>{"TXT another of this digest", "TXT one"}));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(DISTINCT digest), count(*) FROM answer_digest"),
            std::vector<std::string>{"1|2"});
}

TEST_F(StoreAnswersTest, TheSecondPassReplacesThem) {
  Store store = open();
  const RunId run = listed_run(store, kNovember, {listed("a.jp")});
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent(), answers("TXT first", "TXT x")}}, {}));
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent(), answers("TXT second")}}, {}));
  must(store.finish_run(run, 0.01));
  EXPECT_EQ(rows_of(store).at(0).answers, answers("TXT second"));
}

TEST_F(StoreAnswersTest, WhatWasRolledBackIsNotTakenForKnown) {
  Store store = open();
  const RunId run = listed_run(store, kNovember, {listed("a.jp"), listed("b.jp")});
  // The second row has no place in the plan: nothing of the call is kept, the texts of the first row neither.
  ASSERT_FALSE(store.save(
      run,
      std::vector<SurveyedName>{{1, all_absent(), answers("TXT one")}, {9, all_absent(), answers("TXT one")}},
      {}));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM answer"), std::vector<std::string>{"0"});
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent(), answers("TXT one")}}, {}));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT answer.text FROM observation JOIN answer ON answer.id = txt"),
            std::vector<std::string>{"TXT one"});
}

TEST_F(StoreAnswersTest, OperatorsFollowTheNameIntoItsRow) {
  Store store = open();
  ListedName first = listed("a.jp");
  first.name_server_operator = "example.net";
  ListedName again = listed("a.jp");
  again.name_server_operator = "example.org";
  ListedName other = listed("b.jp");
  other.name_server_operator = "example.net";
  const RunId run = listed_run(store, kNovember, {first, again, other, listed("c.jp")});
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 0.01));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT domain, operator FROM domain_answer ORDER BY domain"),
            (std::vector<std::string>{"a.jp|example.net", "b.jp|example.net", "c.jp|"}));
  EXPECT_EQ(rows_of(store).at(0).name_server_operator, "example.net");
  EXPECT_EQ(rows_of(store).at(2).name_server_operator, "");
}

}  // namespace
}  // namespace dauth::data

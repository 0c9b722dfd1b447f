// A month judged again: findings that differ are replaced, counts follow, all or nothing.
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

const Month kNovember{2026, 11};
using Verdict = Result<Observation, std::string>;

class RejudgeTest : public StoreTest {
 protected:
  // Four names, n0 to n3.co.jp; all findings absent, each with its own answer, but for n3, which was
  // excluded.
  RejudgeTest() : store_(open()), run_(listed_run(store_, kNovember, many_names(4))) {
    for (const PlannedName& next : must(store_.names_to_survey(run_, 0, 10))) {
      SurveyedName row{next.position, all_absent(), {}};
      if (next.name == name("n3.co.jp")) {
        row.observation = Observation::all_unmeasured(Cause::kExcluded);
      } else {
        row.answers.outcomes = "@ TXT answer";
        row.answers.answers.push_back({AnswerPlace::kTxt, 0, "TXT of " + next.name.to_text()});
      }
      must(store_.save(run_, std::vector<SurveyedName>{row}, {}));
    }
    must(store_.finish_run(run_, 0.3));
  }

  std::vector<std::string> findings() {
    return RawDatabase(path_).rows("SELECT domain, spf, mx FROM domain_finding ORDER BY domain");
  }
  std::string count(const std::string& metric) {
    return RawDatabase(path_)
        .rows("SELECT count, unmeasured FROM monthly_count WHERE category = 'TOTAL' AND metric = '" + metric +
              "'")
        .at(0);
  }

  // n0 publishes SPF after all, n1's MX was not measured.
  static Verdict other_rules(const dns::DomainName& domain, const StoredAnswers& answers) {
    EXPECT_EQ(answers.answers.at(0).text, "TXT of " + domain.to_text());
    Observation found = all_absent();
    if (domain == name("n0.co.jp")) found[Metric::kSpf] = Finding::published();
    if (domain == name("n1.co.jp")) found[Metric::kMx] = Finding::unmeasured(Cause::kTimeout);
    return found;
  }

  Store store_;
  RunId run_;
};

TEST_F(RejudgeTest, ReplacesWhatDiffersAndCountsAnew) {
  const auto result = must(store_.rejudge(kNovember, 7, other_rules, RejudgeMode::kKeep));
  EXPECT_EQ(result.judged, 3U);
  EXPECT_EQ(result.excluded, 1U);
  EXPECT_EQ(result.changed, 2U);
  EXPECT_EQ(result.rules_version, 0U);
  ASSERT_EQ(result.changes.size(), 2U);
  EXPECT_EQ(result.changes[0].metric, Metric::kMx);
  EXPECT_EQ(result.changes[0].after, FindingState::kUnmeasured);
  EXPECT_EQ(result.changes[1].metric, Metric::kSpf);
  EXPECT_EQ(result.changes[1].before, FindingState::kAbsent);
  EXPECT_EQ(result.changes[1].after, FindingState::kPublished);
  EXPECT_EQ(result.changes[1].names, 1U);
  EXPECT_EQ(result.changes[1].examples, std::vector<std::string>{"n0.co.jp"});
  EXPECT_EQ(findings(),
            (std::vector<std::string>{"n0.co.jp|1|0", "n1.co.jp|0|2", "n2.co.jp|0|0", "n3.co.jp|2|2"}));
  EXPECT_EQ(count("spf"), "1|1");
  EXPECT_EQ(count("mx"), "0|2");
  EXPECT_EQ(
      RawDatabase(path_).rows("SELECT domain, cause FROM unmeasured_finding WHERE metric = 'mx' ORDER BY 1"),
      (std::vector<std::string>{"n1.co.jp|timeout", "n3.co.jp|excluded"}));
  EXPECT_EQ(result.run.settings.rules_version, 7U);
  EXPECT_NE(result.run.judged, "");
  EXPECT_EQ(result.run.unmeasured, 1U);
  EXPECT_FALSE(result.run.provisional) << "one of four lost, three in ten allowed";
}

TEST_F(RejudgeTest, TheLimitOfTheRunDecidesWhetherTheMonthIsProvisional) {
  const auto lost = [](const dns::DomainName&, const StoredAnswers&) -> Verdict {
    return Observation::all_unmeasured(Cause::kTimeout);
  };
  EXPECT_TRUE(must(store_.rejudge(kNovember, 7, lost, RejudgeMode::kKeep)).run.provisional);
  const auto found = must(store_.rejudge(kNovember, 8, other_rules, RejudgeMode::kKeep));
  EXPECT_TRUE(found.was_provisional);
  EXPECT_FALSE(found.run.provisional);
}

TEST_F(RejudgeTest, SameFindingsChangeNothingButTheVersion) {
  const auto before = findings();
  const auto result = must(store_.rejudge(
      kNovember, 7, [](const dns::DomainName&, const StoredAnswers&) -> Verdict { return all_absent(); },
      RejudgeMode::kKeep));
  EXPECT_EQ(result.changed, 0U);
  EXPECT_TRUE(result.changes.empty());
  EXPECT_EQ(findings(), before);
  EXPECT_EQ(result.run.settings.rules_version, 7U);
}

TEST_F(RejudgeTest, OnlyToldIsNotDone) {
  const auto before = findings();
  const auto result = must(store_.rejudge(kNovember, 7, other_rules, RejudgeMode::kOnlyTell));
  EXPECT_EQ(result.changed, 2U);
  EXPECT_EQ(findings(), before);
  EXPECT_EQ(count("spf"), "0|1");
  EXPECT_EQ(must(store_.runs()).at(0).judged, "");
  EXPECT_EQ(must(store_.runs()).at(0).settings.rules_version, 0U);
}

TEST_F(RejudgeTest, AnErrorOfTheJudgeLeavesEverythingAsItWas) {
  const auto before = findings();
  const auto result = store_.rejudge(
      kNovember, 7,
      [&](const dns::DomainName& domain, const StoredAnswers& answers) -> Verdict {
        if (domain == name("n2.co.jp")) return unexpected(std::string("unreadable"));
        return other_rules(domain, answers);
      },
      RejudgeMode::kKeep);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, StoreError::Kind::kCorrupt);
  EXPECT_EQ(findings(), before);
  EXPECT_EQ(count("spf"), "0|1");
}

TEST_F(RejudgeTest, AMonthOfWhichSomeRowsHaveNoAnswersIsNotJudgedByHalves) {
  RawDatabase(path_).execute(
      "UPDATE observation SET outcomes = NULL WHERE id IN (SELECT observation.id FROM "
      "observation JOIN name ON name.id = name WHERE text = 'n2.co.jp')");
  const auto before = findings();
  const auto result = store_.rejudge(kNovember, 7, other_rules, RejudgeMode::kKeep);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, StoreError::Kind::kConflict);
  EXPECT_EQ(findings(), before);
}

TEST_F(RejudgeTest, AMonthThatIsNotThere) {
  const auto result = store_.rejudge(Month{2026, 10}, 7, other_rules, RejudgeMode::kKeep);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, StoreError::Kind::kConflict);
}

}  // namespace
}  // namespace dauth::data

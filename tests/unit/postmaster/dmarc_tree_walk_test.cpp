#include "scanner/postmaster/dmarc_tree_walk.h"

#include "tests/unit/postmaster/dmarc_script.h"

namespace dauth::testing {
namespace {

using data::Cause;
using scanner::DmarcStep;
using scanner::DmarcTreeWalk;
using scanner::OrganizationalReason;

const std::string kRecord = "v=DMARC1; p=none";
const std::string kSuffix = "v=DMARC1; p=reject; psd=y";
const std::string kOrganizational = "v=DMARC1; p=reject; psd=n";

DmarcTreeWalk walk(const std::string& start, const TextsByName& texts, std::vector<std::string>& questions,
                   const OutcomesByName& others = {}) {
  ScriptedInquiry inquiry(dmarc_script({start}, texts, others));
  const dns::DomainName domain = name(start);
  DmarcTreeWalk result = inquiry.run(scanner::walk_dmarc_tree(inquiry, domain));
  questions = inquiry.questions();
  return result;
}

TEST(DmarcTreeWalk, AsksEightNamesAtMostAndLeapsToTheLastSevenLabels) {
  struct Case {
    std::string start;
    std::vector<std::string> asked;
  };
  const std::vector<Case> cases = {
      // The example of section 4.10.
      {"a.b.c.d.e.f.g.h.i.j.mail.example.com",
       {"_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com TXT", "_dmarc.g.h.i.j.mail.example.com TXT",
        "_dmarc.h.i.j.mail.example.com TXT", "_dmarc.i.j.mail.example.com TXT",
        "_dmarc.j.mail.example.com TXT", "_dmarc.mail.example.com TXT", "_dmarc.example.com TXT",
        "_dmarc.com TXT"}},
      // Ten, nine and eight labels: seven are left after the first question.
      {"1.2.3.4.5.6.7.8.example.jp",
       {"_dmarc.1.2.3.4.5.6.7.8.example.jp TXT", "_dmarc.4.5.6.7.8.example.jp TXT",
        "_dmarc.5.6.7.8.example.jp TXT", "_dmarc.6.7.8.example.jp TXT", "_dmarc.7.8.example.jp TXT",
        "_dmarc.8.example.jp TXT", "_dmarc.example.jp TXT", "_dmarc.jp TXT"}},
      {"2.3.4.5.6.7.8.example.jp",
       {"_dmarc.2.3.4.5.6.7.8.example.jp TXT", "_dmarc.4.5.6.7.8.example.jp TXT",
        "_dmarc.5.6.7.8.example.jp TXT", "_dmarc.6.7.8.example.jp TXT", "_dmarc.7.8.example.jp TXT",
        "_dmarc.8.example.jp TXT", "_dmarc.example.jp TXT", "_dmarc.jp TXT"}},
      {"3.4.5.6.7.8.example.jp",
       {"_dmarc.3.4.5.6.7.8.example.jp TXT", "_dmarc.4.5.6.7.8.example.jp TXT",
        "_dmarc.5.6.7.8.example.jp TXT", "_dmarc.6.7.8.example.jp TXT", "_dmarc.7.8.example.jp TXT",
        "_dmarc.8.example.jp TXT", "_dmarc.example.jp TXT", "_dmarc.jp TXT"}},
      {"a.mail.example.com",
       {"_dmarc.a.mail.example.com TXT", "_dmarc.mail.example.com TXT", "_dmarc.example.com TXT",
        "_dmarc.com TXT"}},
      {"example.jp", {"_dmarc.example.jp TXT", "_dmarc.jp TXT"}},
      {"jp", {"_dmarc.jp TXT"}},
      {".", {}},
  };
  for (const Case& c : cases) {
    std::vector<std::string> questions;
    const DmarcTreeWalk result = walk(c.start, {}, questions);
    EXPECT_EQ(questions, c.asked) << c.start;
    EXPECT_EQ(result.steps.size(), c.asked.size());
    // No record anywhere: the name itself.
    EXPECT_EQ(result.reason, OrganizationalReason::kNoRecord) << c.start;
    ASSERT_TRUE(result.organizational_domain) << c.start;
    EXPECT_EQ(result.organizational_domain->to_text(), c.start);
  }
}

TEST(DmarcTreeWalk, FindsTheOrganizationalDomain) {
  struct Case {
    std::string start;
    TextsByName texts;
    std::string organizational_domain;
    OrganizationalReason reason;
    std::size_t questions;
  };
  const auto kHighest = OrganizationalReason::kHighestRecord;
  const auto kMarked = OrganizationalReason::kMarkedAsOrganizational;
  const auto kBelow = OrganizationalReason::kBelowPublicSuffix;
  const std::vector<Case> cases = {
      // Section 4.10.2, its three examples and the one in rule 2.
      {"a.mail.example.com",
       {{"_dmarc.mail.example.com", {kRecord}}, {"_dmarc.example.com", {kRecord}}},
       "example.com",
       kHighest,
       4},
      {"a.mail.example.com",
       {{"_dmarc.mail.example.com", {kOrganizational}}},
       "mail.example.com",
       kMarked,
       2},
      {"a.mail.example.com", {{"_dmarc.com", {kSuffix}}}, "example.com", kBelow, 4},
      {"mail.example.com", {{"_dmarc.example.com", {kSuffix}}}, "mail.example.com", kBelow, 2},
      // Appendix B.4.1.
      {"example.com",
       {{"_dmarc.example.com", {kRecord}}, {"_dmarc.signing.example.com", {kRecord}}},
       "example.com",
       kHighest,
       2},
      {"signing.example.com",
       {{"_dmarc.example.com", {kRecord}}, {"_dmarc.signing.example.com", {kRecord}}},
       "example.com",
       kHighest,
       3},
      // Appendix B.4.2.
      {"a.b.c.d.e.f.g.h.i.j.k.example.com", {{"_dmarc.example.com", {kRecord}}}, "example.com", kHighest, 8},
      // Appendix B.4.3.
      {"giant.bank.example",
       {{"_dmarc.giant.bank.example", {kRecord}}, {"_dmarc.bank.example", {kSuffix}}},
       "giant.bank.example",
       kBelow,
       2},
      {"mail.giant.bank.example",
       {{"_dmarc.giant.bank.example", {kRecord}}, {"_dmarc.bank.example", {kSuffix}}},
       "giant.bank.example",
       kBelow,
       3},
      {"mail.mega.bank.example", {{"_dmarc.bank.example", {kSuffix}}}, "mega.bank.example", kBelow, 3},
      // psd=n below another organization's record, the nearer one wins; psd=u says nothing.
      {"a.b.example.jp",
       {{"_dmarc.b.example.jp", {kOrganizational}}, {"_dmarc.example.jp", {kOrganizational}}},
       "b.example.jp",
       kMarked,
       2},
      {"a.b.example.jp",
       {{"_dmarc.b.example.jp", {"v=DMARC1; p=none; psd=u"}}, {"_dmarc.example.jp", {kOrganizational}}},
       "example.jp",
       kMarked,
       3},
      {"example.jp",
       {{"_dmarc.example.jp", {kOrganizational}}, {"_dmarc.jp", {kRecord}}},
       "example.jp",
       kMarked,
       1},
      // A public suffix is not below itself.
      {"bank.example",
       {{"_dmarc.bank.example", {kSuffix}}, {"_dmarc.example", {kRecord}}},
       "bank.example",
       kHighest,
       1},
      // A top-level domain without psd takes everything.
      {"www.example.jp", {{"_dmarc.example.jp", {kRecord}}, {"_dmarc.jp", {kRecord}}}, "jp", kHighest, 3},
      // Several records are none, and their psd is not looked at.
      {"a.example.jp",
       {{"_dmarc.a.example.jp", {kOrganizational, kOrganizational}}, {"_dmarc.example.jp", {kRecord}}},
       "example.jp",
       kHighest,
       3},
      {"a.example.jp",
       {{"_dmarc.a.example.jp", {kRecord}}, {"_dmarc.example.jp", {kRecord, kSuffix}}},
       "a.example.jp",
       kHighest,
       3},
      // Other text beside a record does not count; without any record it is none.
      {"a.example.jp",
       {{"_dmarc.example.jp", {"v=spf1 -all", kOrganizational}}, {"_dmarc.a.example.jp", {"v=spf1 -all"}}},
       "example.jp",
       kMarked,
       2},
      // psd counts where the policy could not: step 2 asks for no more than the v tag.
      {"a.example.jp", {{"_dmarc.example.jp", {"v=DMARC1; p=oops; psd=n"}}}, "example.jp", kMarked, 2},
      // Below a public suffix that the leap passed by: the name below it was not asked, and is the one.
      {"1.2.3.4.5.6.7.8.example.jp",
       {{"_dmarc.4.5.6.7.8.example.jp", {kSuffix}}},
       "3.4.5.6.7.8.example.jp",
       kBelow,
       2},
      // Between the leap and the start nothing is asked.
      {"1.2.3.4.5.6.7.8.example.jp",
       {{"_dmarc.2.3.4.5.6.7.8.example.jp", {kRecord}}},
       "1.2.3.4.5.6.7.8.example.jp",
       OrganizationalReason::kNoRecord,
       8},
      // Letter case does not count.
      {"A.Example.JP", {{"_dmarc.Example.JP", {kOrganizational}}}, "Example.JP", kMarked, 2},
  };
  for (const Case& c : cases) {
    std::vector<std::string> questions;
    const DmarcTreeWalk result = walk(c.start, c.texts, questions);
    ASSERT_TRUE(result.organizational_domain) << c.start;
    EXPECT_EQ(result.organizational_domain->to_text(), c.organizational_domain) << c.start;
    EXPECT_EQ(result.reason, c.reason) << c.start;
    EXPECT_EQ(questions.size(), c.questions) << c.start;
    EXPECT_EQ(result.cause, Cause::kNone);
  }
}

TEST(DmarcTreeWalk, TellsWhatEachNameGave) {
  std::vector<std::string> questions;
  const DmarcTreeWalk result =
      walk("a.b.example.jp",
           {{"_dmarc.b.example.jp", {kRecord, kRecord + "; t=y"}}, {"_dmarc.example.jp", {"x", kRecord}}},
           questions, {{"_dmarc.a.b.example.jp", name_error()}, {"_dmarc.jp", failure()}});
  ASSERT_EQ(result.steps.size(), 4u);
  EXPECT_EQ(result.steps[0].outcome, DmarcStep::Outcome::kNoRecord);
  EXPECT_EQ(result.steps[1].outcome, DmarcStep::Outcome::kSeveral);
  EXPECT_EQ(result.steps[1].records, (std::vector<std::string>{kRecord, kRecord + "; t=y"}));
  EXPECT_FALSE(result.steps[1].reading);
  EXPECT_EQ(result.steps[2].outcome, DmarcStep::Outcome::kRecord);
  EXPECT_EQ(result.steps[2].records, std::vector<std::string>{kRecord});
  EXPECT_EQ(result.steps[3].outcome, DmarcStep::Outcome::kFailed);
  EXPECT_EQ(result.steps[3].cause, Cause::kTimeout);
}

TEST(DmarcTreeWalk, AFailureLeavesTheOrganizationalDomainUnknown) {
  const std::vector<std::pair<dns::FailureCause, Cause>> causes = {
      {dns::FailureCause::kTimeout, Cause::kTimeout},
      {dns::FailureCause::kServfail, Cause::kServfail},
      {dns::FailureCause::kRefused, Cause::kRefused}};
  const std::vector<std::string> names = {"_dmarc.a.example.jp", "_dmarc.example.jp", "_dmarc.jp"};
  for (std::size_t at = 0; at < names.size(); ++at) {
    for (const auto& [cause, expected] : causes) {
      std::vector<std::string> questions;
      const DmarcTreeWalk result =
          walk("a.example.jp", {{"_dmarc.example.jp", {kRecord}}}, questions, {{names[at], failure(cause)}});
      EXPECT_FALSE(result.organizational_domain) << names[at];
      EXPECT_EQ(result.reason, OrganizationalReason::kUnknown);
      EXPECT_EQ(result.cause, expected);
      EXPECT_EQ(questions.size(), at + 1) << "nothing above a failure can be understood";
    }
  }
  // What ended the walk before a failure stands.
  std::vector<std::string> questions;
  const DmarcTreeWalk result =
      walk("a.example.jp", {{"_dmarc.example.jp", {kOrganizational}}}, questions, {{"_dmarc.jp", failure()}});
  EXPECT_EQ(result.organizational_domain, name("example.jp"));
}

TEST(DmarcTreeWalk, ANameTooLongForDmarcHasNoRecord) {
  const std::string label(60, 'a');
  // 255 octets in wire form: a name, but none with `_dmarc` before it.
  const std::string start = label + "." + label + "." + label + "." + std::string(59, 'b') + ".example.jp";
  std::vector<std::string> questions;
  const DmarcTreeWalk result = walk(start, {{"_dmarc.example.jp", {kRecord}}}, questions);
  EXPECT_EQ(result.steps.front().outcome, DmarcStep::Outcome::kNoRecord);
  EXPECT_EQ(questions.front(), "_dmarc." + start.substr(61) + " TXT");
  EXPECT_EQ(result.organizational_domain, name("example.jp"));
}

}  // namespace
}  // namespace dauth::testing

#include <algorithm>
#include <set>

#include "tests/unit/postmaster/advice_script.h"

namespace dauth::testing {
namespace {

using data::DomainkeysEvidence;
using dns::RrType;
using scanner::Advice;
using scanner::AdviceSeverity;

// A record of `size` octets with nothing else to say about it.
std::string spf_of(std::size_t size) {
  std::string record = "v=spf1";
  while (record.size() + 15 + 5 <= size) record += " ip4:192.0.2.11";
  record += std::string(size - record.size() - 5, ' ') + " -all";
  return record;
}

std::vector<AdviceCase> cases() {
  const std::vector<dns::ResourceRecord> mx = {mx_record("example.jp", 10, "mail.example.jp")};
  return {
      {"nothing wrong", {kGoodSpf, "some-proof=1"}, {kGoodDmarc}, {}, mx, {}},
      {"nothing published", {}, {}, {}, {}, {}},
      // MX
      {"address in MX",
       {},
       {},
       {},
       {mx_record("example.jp", 10, "192.0.2.1"), mx_record("example.jp", 20, "mail.example.jp"),
        mx_record("example.jp", 30, "192.0.2.2")},
       {"mx_address_literal problem 192.0.2.1", "mx_address_literal problem 192.0.2.2"}},
      {"null MX", {"v=spf1 -all"}, {}, {}, {mx_record("example.jp", 0, ".")}, {}},
      {"null MX beside another",
       {"v=spf1 ip4:192.0.2.1 -all"},
       {},
       {},
       {mx_record("example.jp", 0, "."), mx_record("example.jp", 10, "mail.example.jp")},
       {"null_mx_beside_others problem"}},
      {"null MX with a preference",
       {},
       {},
       {},
       {mx_record("example.jp", 10, ".")},
       {"null_mx_preference warning 10 ."}},
      {"null MX and senders",
       {"v=spf1 -ip4:192.0.2.9 mx a ip4:192.0.2.1/24 ~all"},
       {},
       {},
       {mx_record("example.jp", 0, ".")},
       {"null_mx_permits_senders warning a ip4:192.0.2.1/24"}},
      {"null MX and an include",
       {"v=spf1 include:a.example -all"},
       {},
       {},
       {mx_record("example.jp", 0, ".")},
       {"null_mx_permits_senders warning include:a.example"}},
      {"null MX, and a redirect that was not followed",
       {"v=spf1 redirect=a.example"},
       {},
       {},
       {mx_record("example.jp", 0, ".")},
       {}},
      {"null MX, terms behind all permit nobody",
       {"v=spf1 mx -all a"},
       {},
       {},
       {mx_record("example.jp", 0, ".")},
       {"spf_terms_after_all warning a"}},
      {"senders, and an MX that takes mail", {"v=spf1 a -all"}, {}, {}, mx, {}},
      // SPF
      {"two records", {kGoodSpf, "V=SPF1 a"}, {}, {}, {}, {"spf_multiple problem 2 records"}},
      {"invalid",
       {"v=spf1 ipv4:192.0.2.1 -all"},
       {},
       {},
       {},
       {"spf_invalid problem octet 7: unknown mechanism: ipv4:192.0.2.1"}},
      {"+all", {"v=spf1 a +all"}, {}, {}, {}, {"spf_pass_all problem +all"}},
      {"all without a sign", {"v=spf1 a ALL"}, {}, {}, {}, {"spf_pass_all problem ALL"}},
      {"?all", {"v=spf1 a ?all"}, {}, {}, {}, {"spf_neutral_all warning ?all"}},
      {"~all", {"v=spf1 a ~all"}, {}, {}, {}, {}},
      {"no all", {"v=spf1 a"}, {}, {}, {}, {"spf_no_all warning"}},
      {"nothing but the version", {"v=spf1"}, {}, {}, {}, {"spf_no_all warning"}},
      {"redirect alone", {"v=spf1 a redirect=b.example"}, {}, {}, {}, {}},
      {"redirect beside all",
       {"v=spf1 redirect=b.example a -all"},
       {},
       {},
       {},
       {"spf_redirect_beside_all warning redirect=b.example"}},
      {"terms behind all",
       {"v=spf1 -all a  ?all ip4:192.0.2.1 exp=x.example"},
       {},
       {},
       {},
       {"spf_terms_after_all warning a ?all ip4:192.0.2.1"}},
      {"ptr", {"v=spf1 ptr ptr:b.example -all"}, {}, {}, {}, {"spf_ptr warning ptr"}},
      {"everything at once",
       {"v=spf1 -ptr:b.example ?all a redirect=c.example"},
       {},
       {},
       {},
       {"spf_neutral_all warning ?all", "spf_terms_after_all warning a",
        "spf_redirect_beside_all warning redirect=c.example", "spf_ptr warning -ptr:b.example"}},
      // Type 99
      {"type 99 alone", {"some-proof=1"}, {}, {kGoodSpf}, {}, {"spf_type99_only problem"}},
      {"type 99 alone, TXT has nothing", {}, {}, {kGoodSpf}, {}, {"spf_type99_only problem"}},
      {"type 99, no policy", {}, {}, {"something"}, {}, {"spf_type99 note"}},
      {"type 99 says the same", {kGoodSpf, "x"}, {}, {kGoodSpf}, {}, {"spf_type99 note"}},
      {"type 99 differs", {kGoodSpf}, {}, {"v=spf1 a -all"}, {}, {"spf_type99_differs warning"}},
      {"type 99 says more", {kGoodSpf}, {}, {kGoodSpf, "v=spf1 a -all"}, {}, {"spf_type99_differs warning"}},
      // Near misses
      {"blank before", {" v=spf1 a -all"}, {}, {}, {}, {"spf_near_miss problem  v=spf1 a -all"}},
      {"no blank behind",
       {"v=spf1ip4:192.0.2.1 -all"},
       {},
       {},
       {},
       {"spf_near_miss problem v=spf1ip4:192.0.2.1 -all"}},
      {"TAB behind", {"v=spf1\ta -all"}, {}, {}, {}, {"spf_near_miss problem v=spf1\ta -all"}},
      {"quotes", {"\"v=spf1 a -all\""}, {}, {}, {}, {"spf_near_miss problem \"v=spf1 a -all\""}},
      {"blanks around =", {"v = spf1 a -all"}, {}, {}, {}, {"spf_near_miss problem v = spf1 a -all"}},
      {"semicolon", {"v=spf1; a; -all"}, {}, {}, {}, {"spf_near_miss problem v=spf1; a; -all"}},
      {"another version", {"v=spf2 a -all"}, {}, {}, {}, {"spf_near_miss problem v=spf2 a -all"}},
      {"no v", {"spf1 a -all"}, {}, {}, {}, {"spf_near_miss problem spf1 a -all"}},
      {"no-break space",
       {"v=spf1\xc2\xa0"
        "a -all"},
       {},
       {},
       {},
       {"spf_near_miss problem v=spf1\xc2\xa0"
        "a -all"}},
      {"beside a record",
       {kGoodSpf,
        "v=spf1"
        ",a"},
       {},
       {},
       {},
       {"spf_near_miss warning v=spf1,a"}},
      {"not meant as SPF",
       {"spf2.0/pra a -all", "about v=spf1", "spf1-proof", "v=DKIM1; p=", "v=verifydomain spf1", ""},
       {},
       {},
       {},
       {}},
      // Sizes: 512 octets of a record, and of the whole answer.
      {"a record of 512 octets", {spf_of(512)}, {}, {}, {}, {"txt_answer_long note 1 TXT RRs, 555 octets"}},
      {"a record of 513 octets", {spf_of(513)}, {}, {}, {}, {"spf_record_long warning 513 octets"}},
      {"an answer of more than 1232 octets",
       {kGoodSpf, std::string(250, 'a'), std::string(250, 'b'), std::string(250, 'c'), std::string(250, 'd'),
        std::string(250, 'e')},
       {},
       {},
       {},
       {"txt_answer_long warning 6 TXT RRs, 1370 octets"}},
      {"long answer without SPF", {std::string(2000, 'a')}, {}, {}, {}, {}},
      // DMARC
      {"two DMARC records", {}, {kGoodDmarc, kGoodDmarc}, {}, {}, {"dmarc_multiple problem 2 records"}},
      {"invalid policy",
       {},
       {"v=DMARC1; p=deny"},
       {},
       {},
       {"dmarc_invalid problem octet 12: p is not none, quarantine or reject: deny"}},
      {"invalid np with reports",
       {},
       {"v=DMARC1; p=reject; np=deny; rua=mailto:a@example.jp"},
       {},
       {},
       {"dmarc_invalid_counts_as_none problem"}},
      {"invalid p, sp and another tag",
       {},
       {"v=DMARC1; p=; sp=x; junk; rua=mailto:a@example.jp"},
       {},
       {},
       {"dmarc_invalid_counts_as_none problem", "dmarc_ignored warning octet 20: not a tag: junk"}},
      {"errors before and behind an invalid p",
       {},
       {"v=DMARC1; junk; p=x; p=none; rua=mailto:a@example.jp"},
       {},
       {},
       {"dmarc_invalid_counts_as_none problem", "dmarc_ignored warning octet 10: not a tag: junk",
        "dmarc_ignored warning octet 21: tag twice, the first holds: p=none"}},
      {"no policy", {}, {"v=DMARC1; rua=mailto:a@example.jp"}, {}, {}, {"dmarc_policy_missing warning"}},
      {"none", {}, {"v=DMARC1; p=none; rua=mailto:a@example.jp"}, {}, {}, {"dmarc_none note"}},
      {"no reports", {}, {"v=DMARC1; p=reject"}, {}, {}, {"dmarc_no_reports warning"}},
      {"a test", {}, {kGoodDmarc + "; t=y"}, {}, {}, {"dmarc_testing note"}},
      {"a test of none", {}, {"v=DMARC1; p=none; t=y; rua=mailto:a@example.jp"}, {}, {}, {"dmarc_none note"}},
      {"tags that are gone",
       {},
       {kGoodDmarc + "; pct=50; rf=afrf; RI=3600"},
       {},
       {},
       {"dmarc_tag_gone warning pct=50", "dmarc_tag_gone note rf=afrf", "dmarc_tag_gone note RI=3600"}},
      {"pct without effect", {}, {kGoodDmarc + "; pct=100"}, {}, {}, {"dmarc_tag_gone note pct=100"}},
      {"unknown tag", {}, {kGoodDmarc + "; policy=reject"}, {}, {}, {"dmarc_tag_unknown note policy=reject"}},
      {"ignored",
       {},
       {kGoodDmarc + "; adkim=x; aspf=r; aspf=s; ;junk"},
       {},
       {},
       {"dmarc_ignored warning octet 55: value not allowed for its tag: x",
        "dmarc_ignored warning octet 66: tag twice, the first holds: aspf=s",
        "dmarc_ignored warning octet 74: empty tag", "dmarc_ignored warning octet 75: not a tag: junk"}},
      {"size of reports",
       {},
       {"v=DMARC1; p=reject; rua=mailto:a@example.jp!10m"},
       {},
       {},
       {"dmarc_report_size note rua=mailto:a@example.jp!10m"}},
      {"fo alone", {}, {kGoodDmarc + "; fo=1"}, {}, {}, {"dmarc_fo_without_ruf note fo=1"}},
      {"fo with ruf", {}, {kGoodDmarc + "; fo=1; ruf=mailto:f@example.jp"}, {}, {}, {}},
      {"no semicolon", {}, {"v=DMARC1 p=reject"}, {}, {}, {"dmarc_near_miss problem v=DMARC1 p=reject"}},
      {"small letters", {}, {"v=dmarc1; p=reject"}, {}, {}, {"dmarc_near_miss problem v=dmarc1; p=reject"}},
      {"blank before v",
       {},
       {" v=DMARC1; p=reject"},
       {},
       {},
       {"dmarc_near_miss problem  v=DMARC1; p=reject"}},
      {"near miss beside a record",
       {},
       {"p=none; v=DMARC1", kGoodDmarc},
       {},
       {},
       {"dmarc_near_miss warning p=none; v=DMARC1"}},
      {"other text at _dmarc", {}, {"v=spf1 -all", kGoodDmarc}, {}, {}, {}},
      {"at the domain alone", {kGoodDmarc}, {}, {}, {}, {"dmarc_at_domain problem " + kGoodDmarc}},
      {"at the domain too", {kGoodDmarc}, {kGoodDmarc}, {}, {}, {"dmarc_at_domain warning " + kGoodDmarc}},
  };
}

TEST(Advice, IsGivenForEachCaseAndForNoOther) {
  for (const AdviceCase& c : cases()) {
    EXPECT_EQ(texts_of(advice_of(script_of(c))), c.expected) << c.what;
  }
}

TEST(Advice, SizesAreThoseOfTheResponse) {
  // 28 octets without RRs, 12 + 1 + n for each of up to 255 octets: one octet decides.
  const auto given = [](std::size_t octets) {
    const AdviceCase c = {"", {kGoodSpf, std::string(255, 'a'), std::string(octets, 'b')}, {}, {}, {}, {}};
    return texts_of(advice_of(script_of(c)));
  };
  const std::size_t exact = 512 - 28 - (13 + kGoodSpf.size()) - (13 + 255) - 13;
  EXPECT_EQ(given(exact), std::vector<std::string>{});
  EXPECT_EQ(given(exact + 1), std::vector<std::string>{"txt_answer_long note 3 TXT RRs, 513 octets"});
}

std::set<std::string> codes_of(const std::vector<Advice>& advice) {
  std::set<std::string> codes;
  for (const Advice& piece : advice) codes.insert(std::string(scanner::to_text(piece.code)));
  return codes;
}

// One question or all of them failed, or was never asked: nothing is said that was not said with it.
TEST(Advice, IsNotGivenForWhatWasNotMeasured) {
  for (const AdviceCase& c : cases()) {
    const ScriptedInquiry::Script script = script_of(c);
    const std::set<std::string> all = codes_of(advice_of(script));
    ScriptedInquiry::Script failed = script;
    for (auto& [question, outcome] : failed) outcome = failure();
    EXPECT_TRUE(advice_of(failed).empty()) << c.what;
    for (const auto& [question, outcome] : script) {
      ScriptedInquiry::Script one_failed = script;
      one_failed[question] = failure(dns::FailureCause::kServfail);
      ScriptedInquiry::Script one_missing = script;
      one_missing.erase(question);
      for (const ScriptedInquiry::Script& less : {one_failed, one_missing}) {
        const std::set<std::string> given = codes_of(advice_of(less));
        EXPECT_TRUE(std::includes(all.begin(), all.end(), given.begin(), given.end()))
            << c.what << ": " << question.first;
      }
    }
  }
}

TEST(Advice, RestsOnTheQuestionsItIsAbout) {
  const auto without = [](AdviceCase c, const std::string& question, RrType type) {
    ScriptedInquiry::Script script = script_of(c);
    script[{question, type}] = failure();
    return texts_of(advice_of(script));
  };
  const AdviceCase type99 = {"", {}, {}, {kGoodSpf}, {}, {}};
  EXPECT_EQ(without(type99, "example.jp", RrType::kTxt), std::vector<std::string>{});
  const AdviceCase null_mx = {"", {"v=spf1 a -all"}, {}, {}, {mx_record("example.jp", 0, ".")}, {}};
  EXPECT_EQ(without(null_mx, "example.jp", RrType::kTxt), std::vector<std::string>{});
  EXPECT_EQ(without(null_mx, "example.jp", RrType::kMx), std::vector<std::string>{});
  // What stands at `_dmarc` is not known, so the record in the wrong place may be a second one.
  const AdviceCase misplaced = {"", {kGoodDmarc}, {}, {}, {}, {}};
  EXPECT_EQ(without(misplaced, "_dmarc.example.jp", RrType::kTxt),
            std::vector<std::string>{"dmarc_at_domain warning " + kGoodDmarc});
}

TEST(Advice, TellsOfWildcards) {
  const auto given = [](const dns::LookupOutcome& wildcard, const dns::LookupOutcome& dmarc,
                        DomainkeysEvidence evidence) {
    return texts_of(
        advice_of({{{"*.example.jp", RrType::kTxt}, wildcard}, {{"_dmarc.example.jp", RrType::kTxt}, dmarc}},
                  evidence));
  };
  const auto at = [](const std::string& owner, const std::string& text) {
    return text_answer(owner, {text});
  };
  using Texts = std::vector<std::string>;
  const auto kNoEvidence = DomainkeysEvidence::kNone;
  EXPECT_EQ(given(at("*.example.jp", "v=spf1 -all"), at("_dmarc.example.jp", "v=spf1 -all"),
                  DomainkeysEvidence::kSameAsWildcard),
            (Texts{"wildcard_at_domainkey note", "wildcard_at_dmarc note *.example.jp"}));
  EXPECT_EQ(given(at("*.example.jp", kGoodDmarc), at("_dmarc.example.jp", kGoodDmarc), kNoEvidence),
            (Texts{"dmarc_from_wildcard warning *.example.jp"}));
  // By way of a CNAME of the wildcard.
  EXPECT_EQ(given(answer({text_record("t.example", {"x"})}, {cname("*.example.jp", "t.example")}),
                  answer({text_record("t.example", {"x"})}, {cname("_dmarc.example.jp", "t.example")}),
                  kNoEvidence),
            (Texts{"wildcard_at_dmarc note *.example.jp"}));
  EXPECT_EQ(given(at("*.example.jp", "v=spf1 -all"), at("_dmarc.example.jp", kGoodDmarc),
                  DomainkeysEvidence::kDiffersFromWildcard),
            Texts{});
  EXPECT_EQ(given(no_data(), no_data(), kNoEvidence), Texts{});
  EXPECT_EQ(given(name_error(), at("_dmarc.example.jp", kGoodDmarc), DomainkeysEvidence::kNoWildcard),
            Texts{});
  EXPECT_EQ(given(failure(), at("_dmarc.example.jp", kGoodDmarc), DomainkeysEvidence::kLookupFailure),
            Texts{});
  EXPECT_EQ(given(at("*.example.jp", "x"), failure(), DomainkeysEvidence::kWildcardVaries),
            (Texts{"wildcard_varies note"}));
}

TEST(Advice, BeginsWithTheMostSevereAndHasItsWords) {
  const AdviceCase c = {"",         {"v=spf1 +all ptr", "V=spf1oops"},         {"v=DMARC1; p=none"},
                        {kGoodSpf}, {mx_record("example.jp", 5, "192.0.2.1")}, {}};
  const std::vector<Advice> advice = advice_of(script_of(c));
  ASSERT_GT(advice.size(), 5u);
  EXPECT_TRUE(std::is_sorted(advice.begin(), advice.end(),
                             [](const Advice& a, const Advice& b) { return a.severity < b.severity; }));
  EXPECT_EQ(advice.front().severity, AdviceSeverity::kProblem);
  EXPECT_EQ(advice.back().severity, AdviceSeverity::kNote);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < scanner::kAdviceCodeCount; ++i)
    names.insert(scanner::to_text(static_cast<scanner::AdviceCode>(i)));
  EXPECT_EQ(names.size(), scanner::kAdviceCodeCount);
  for (const Advice& piece : advice) {
    EXPECT_TRUE(piece.text.ends_with('.')) << piece.text;
    EXPECT_TRUE(piece.remedy.ends_with('.')) << piece.remedy;
    EXPECT_TRUE(piece.reference.starts_with("RFC ")) << piece.reference;
  }
}

}  // namespace
}  // namespace dauth::testing

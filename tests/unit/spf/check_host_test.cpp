#include "scanner/spf/check_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/spf/spf_script.h"

namespace dauth::scanner {
namespace {

using testing::address;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::ScriptedInquiry;
using testing::spf_script;
using Lines = std::vector<std::string>;

struct Sender {
  std::string address = "192.0.2.1";
  std::string sender = "alice@example.jp";
  std::string helo = "mail.example.jp";
  std::string domain = "example.jp";
};

SpfEvaluation checked(ScriptedInquiry& inquiry, const Sender& sender = {}) {
  return inquiry.run(
      check_host(inquiry, {address(sender.address), sender.domain, sender.sender, sender.helo,
                           "receiver.example", std::chrono::sys_seconds{std::chrono::seconds(1700000000)}}));
}
SpfEvaluation checked(const Lines& lines, const Sender& sender = {}) {
  ScriptedInquiry inquiry(spf_script(lines));
  return checked(inquiry, sender);
}

TEST(CheckHost, QualifierOfTheDirectiveThatMatches) {
  for (const auto& [term, result] :
       std::vector<std::pair<std::string, SpfResult>>{{"ip4:192.0.2.0/24", SpfResult::kPass},
                                                      {"+ip4:192.0.2.1", SpfResult::kPass},
                                                      {"-ip4:192.0.2.0/31", SpfResult::kFail},
                                                      {"~ip4:192.0.0.0/8", SpfResult::kSoftfail},
                                                      {"?ip4:0.0.0.0/0", SpfResult::kNeutral},
                                                      {"ip4:192.0.2.2", SpfResult::kNeutral}}) {
    const SpfEvaluation found = checked({"example.jp TXT v=spf1 " + term});
    EXPECT_EQ(found.result, result) << term;
    const bool is_match = term != "ip4:192.0.2.2";
    EXPECT_EQ(found.match.has_value(), is_match) << term;
    EXPECT_EQ(found.cause.reason, is_match ? SpfReason::kMatched : SpfReason::kNoMatch) << term;
  }
}

TEST(CheckHost, SelectionOfTheRecord) {
  using enum SpfReason;
  struct Case {
    Lines lines;
    SpfResult result;
    SpfReason reason;
  };
  for (const Case& each :
       std::vector<Case>{{{"example.jp TXT NXDOMAIN"}, SpfResult::kNone, kNoRecord},
                         {{"example.jp TXT NODATA"}, SpfResult::kNone, kNoRecord},
                         {{"example.jp TXT v=spf10 -all"}, SpfResult::kNone, kNoRecord},
                         {{"example.jp TXT v=spf1 -all", "example.jp TXT V=SPF1 ~all"},
                          SpfResult::kPermerror,
                          kSeveralRecords},
                         {{"example.jp TXT v=spf1 -all", "example.jp TXT other"}, SpfResult::kFail, kMatched},
                         {{"example.jp TXT v=spf1 ip4:192.0.2.1 moo"}, SpfResult::kPermerror, kSyntax},
                         {{"example.jp TXT TIMEOUT"}, SpfResult::kTemperror, kLookupFailed},
                         {{"example.jp TXT SERVFAIL"}, SpfResult::kTemperror, kLookupFailed}}) {
    const SpfEvaluation found = checked(each.lines);
    EXPECT_EQ(found.result, each.result) << *each.lines.begin();
    EXPECT_EQ(found.cause.reason, each.reason) << *each.lines.begin();
    EXPECT_EQ(found.cause.domain, "example.jp");
  }
}

// Section 4.3: nothing is asked.
TEST(CheckHost, DomainsThatAreNone) {
  const std::string label(64, 'a');
  for (const std::string& domain : {std::string(), std::string("jp"), std::string("."), std::string("a..jp"),
                                    std::string(".a.jp"), label + ".jp", std::string("[192.0.2.1]"),
                                    std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                                        std::string(63, 'c') + "." + std::string(63, 'd')}) {
    ScriptedInquiry inquiry({});
    const SpfEvaluation found = checked(inquiry, {.domain = domain});
    EXPECT_EQ(found.result, SpfResult::kNone) << domain;
    EXPECT_EQ(found.cause.reason, SpfReason::kMalformedDomain) << domain;
    EXPECT_THAT(inquiry.questions(), IsEmpty()) << domain;
  }
  EXPECT_EQ(checked({"example.jp TXT v=spf1 -all"}, {.domain = "example.jp."}).result, SpfResult::kFail)
      << "a last dot is none";
}

TEST(CheckHost, TenTermsThatAskTheDns) {
  const std::string ten = "a:1.x.jp a:1.x.jp a:1.x.jp a:1.x.jp a:1.x.jp mx ptr exists:1.x.jp include:i.jp ";
  const std::vector<std::string> others = {"1.x.jp A 198.51.100.1", "example.jp MX 5 1.x.jp",
                                           "i.jp TXT v=spf1 a:2.x.jp", "2.x.jp A 198.51.100.2"};
  const auto with = [&](const std::string& record) {
    ScriptedInquiry::Script script =
        spf_script({"example.jp TXT " + record, others[0], others[1], others[2], others[3],
                    "1.2.0.192.in-addr.arpa PTR NXDOMAIN", "2.x.jp AAAA NODATA"});
    ScriptedInquiry inquiry(std::move(script));
    return checked(inquiry);
  };
  // exists:1.x.jp would match, so it is left out of the ten.
  const std::string nine = "a:1.x.jp a:1.x.jp a:1.x.jp a:1.x.jp a:1.x.jp mx ptr include:i.jp ";
  SpfEvaluation found = with("v=spf1 " + nine + "a:1.x.jp ip4:192.0.2.1 -all");
  EXPECT_EQ(found.result, SpfResult::kPass);
  EXPECT_EQ(found.dns_terms, 10U) << "the term in the included record counts";
  found = with("v=spf1 " + nine + "a:1.x.jp a:1.x.jp ip4:192.0.2.1 -all");
  EXPECT_EQ(found.result, SpfResult::kPermerror);
  EXPECT_EQ(found.cause.reason, SpfReason::kTooManyTerms);
  EXPECT_EQ(found.cause.term, "a:1.x.jp");
  EXPECT_EQ(found.root.terms.back().outcome, SpfTermOutcome::kNotReached);
  found = with("v=spf1 " + nine + "a:1.x.jp redirect=i.jp");
  EXPECT_EQ(found.cause.reason, SpfReason::kTooManyTerms) << "redirect counts";
  EXPECT_EQ(with("v=spf1 ip4:192.0.2.1 " + ten + ten).result, SpfResult::kPass) << "none was reached";
}

TEST(CheckHost, CirclesEndByTheLimit) {
  const SpfEvaluation found =
      checked({"example.jp TXT v=spf1 include:b.jp -all", "b.jp TXT v=spf1 include:example.jp ?all"});
  EXPECT_EQ(found.result, SpfResult::kPermerror);
  EXPECT_EQ(found.cause.reason, SpfReason::kTooManyTerms);
  std::size_t depth = 0;
  for (const SpfRecordTrace* at = &found.root; !at->terms[0].nested.empty(); at = &at->terms[0].nested[0])
    ++depth;
  EXPECT_EQ(depth, 10U);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 redirect=example.jp"}).cause.reason, SpfReason::kTooManyTerms);
}

TEST(CheckHost, VoidLookups) {
  const Lines lines = {"example.jp TXT v=spf1 a:v.jp a:w.jp mx:u.jp ip4:192.0.2.1 -all", "v.jp A NXDOMAIN",
                       "w.jp A NODATA", "u.jp MX NODATA"};
  SpfEvaluation found = checked(lines);
  EXPECT_EQ(found.result, SpfResult::kPermerror);
  EXPECT_EQ(found.cause.reason, SpfReason::kTooManyVoidLookups);
  EXPECT_EQ(found.cause.term, "mx:u.jp");
  found =
      checked({"example.jp TXT v=spf1 a:v.jp a:w.jp ip4:192.0.2.1 -all", "v.jp A NXDOMAIN", "w.jp A NODATA"});
  EXPECT_EQ(found.result, SpfResult::kPass);
  EXPECT_EQ(found.void_lookups, 2U);
  // Each term counts, though its question is asked once.
  EXPECT_EQ(checked({"example.jp TXT v=spf1 a:v.jp a:v.jp a:v.jp -all", "v.jp A NXDOMAIN"}).cause.reason,
            SpfReason::kTooManyVoidLookups);
  // A name that cannot be asked is no lookup.
  found = checked({"example.jp TXT v=spf1 a:a..jp a:b..jp a:c..jp -all"});
  EXPECT_EQ(found.result, SpfResult::kFail);
  EXPECT_EQ(found.void_lookups, 0U);
  EXPECT_TRUE(found.root.terms[0].has_target_error);
}

TEST(CheckHost, FailedLookupsOfMechanisms) {
  for (const Lines& lines :
       std::vector<Lines>{{"example.jp TXT v=spf1 a -all", "example.jp A TIMEOUT"},
                          {"example.jp TXT v=spf1 mx -all", "example.jp MX SERVFAIL"},
                          {"example.jp TXT v=spf1 mx -all", "example.jp MX 1 m.jp", "m.jp A TIMEOUT"},
                          {"example.jp TXT v=spf1 exists:e.jp -all", "e.jp A TIMEOUT"},
                          {"example.jp TXT v=spf1 include:i.jp -all", "i.jp TXT TIMEOUT"},
                          {"example.jp TXT v=spf1 redirect=i.jp", "i.jp TXT TIMEOUT"}}) {
    const SpfEvaluation found = checked(lines);
    EXPECT_EQ(found.result, SpfResult::kTemperror) << *lines.begin();
    EXPECT_EQ(found.cause.reason, SpfReason::kLookupFailed);
    EXPECT_TRUE(found.cause.failure.has_value());
  }
}

TEST(CheckHost, MxHosts) {
  ScriptedInquiry::Script script = spf_script({"example.jp TXT v=spf1 mx -all", "m.jp A 192.0.2.1"});
  std::vector<dns::ResourceRecord> hosts;
  for (int i = 0; i < 10; ++i) hosts.push_back(testing::mx_record("example.jp", 10, "m.jp"));
  script[{"example.jp", dns::RrType::kMx}] = testing::answer(hosts);
  {
    ScriptedInquiry inquiry(script);
    EXPECT_EQ(checked(inquiry).result, SpfResult::kPass);
  }
  hosts.push_back(testing::mx_record("example.jp", 10, "m.jp"));
  script[{"example.jp", dns::RrType::kMx}] = testing::answer(hosts);
  ScriptedInquiry inquiry(script);
  const SpfEvaluation found = checked(inquiry);
  EXPECT_EQ(found.result, SpfResult::kPermerror) << "even where the first would match";
  EXPECT_EQ(found.cause.reason, SpfReason::kTooManyMxHosts);
  // A null MX is no host.
  EXPECT_EQ(checked({"example.jp TXT v=spf1 mx -all", "example.jp MX 0 ."}).result, SpfResult::kFail);
}

TEST(CheckHost, PtrNames) {
  ScriptedInquiry::Script script = spf_script({"example.jp TXT v=spf1 ptr -all", "h.example.jp A 192.0.2.1"});
  std::vector<dns::ResourceRecord> names;
  for (int i = 0; i < 9; ++i) {
    names.push_back(
        testing::name_record("1.2.0.192.in-addr.arpa", dns::RrType::kPtr, std::to_string(i) + ".other.jp"));
  }
  const auto own = testing::name_record("1.2.0.192.in-addr.arpa", dns::RrType::kPtr, "h.example.jp");
  names.push_back(own);
  const std::pair key(std::string("1.2.0.192.in-addr.arpa"), dns::RrType::kPtr);
  script[key] = testing::answer(names);
  {
    ScriptedInquiry inquiry(script);
    EXPECT_EQ(checked(inquiry).result, SpfResult::kPass) << "the tenth name counts";
    EXPECT_THAT(inquiry.questions(),
                ElementsAre("example.jp TXT", "1.2.0.192.in-addr.arpa PTR", "h.example.jp A"))
        << "names elsewhere cannot match";
  }
  names.insert(names.begin(),
               testing::name_record("1.2.0.192.in-addr.arpa", dns::RrType::kPtr, "x.other.jp"));
  script[key] = testing::answer(names);
  ScriptedInquiry inquiry(script);
  EXPECT_EQ(checked(inquiry).result, SpfResult::kFail) << "the eleventh is ignored, and no error";

  EXPECT_EQ(checked({"example.jp TXT v=spf1 ptr ~all", "1.2.0.192.in-addr.arpa PTR TIMEOUT"}).result,
            SpfResult::kSoftfail);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 ptr ~all", "1.2.0.192.in-addr.arpa PTR a.example.jp",
                     "1.2.0.192.in-addr.arpa PTR b.example.jp", "a.example.jp A SERVFAIL",
                     "b.example.jp A 192.0.2.1"})
                .result,
            SpfResult::kPass)
      << "a failure skips the name";
}

TEST(CheckHost, IncludeTable) {
  struct Case {
    std::string included;
    SpfResult result;
  };
  for (const Case& each : std::vector<Case>{{"v=spf1 ip4:192.0.2.1", SpfResult::kSoftfail},
                                            {"v=spf1 -all", SpfResult::kPass},
                                            {"v=spf1 ~all", SpfResult::kPass},
                                            {"v=spf1 ?all", SpfResult::kPass},
                                            {"v=spf1", SpfResult::kPass},
                                            {"NXDOMAIN", SpfResult::kPermerror},
                                            {"no record", SpfResult::kPermerror},
                                            {"v=spf1 include:", SpfResult::kPermerror},
                                            {"TIMEOUT", SpfResult::kTemperror}}) {
    const SpfEvaluation found =
        checked({"example.jp TXT v=spf1 ~include:i.jp all", "i.jp TXT " + each.included});
    EXPECT_EQ(found.result, each.result) << each.included;
  }
  EXPECT_EQ(checked({"example.jp TXT v=spf1 include:i.jp", "i.jp TXT none"}).cause.reason,
            SpfReason::kIncludeNoRecord);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 redirect=i.jp", "i.jp TXT none"}).cause.reason,
            SpfReason::kRedirectNoRecord);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 redirect=i..jp"}).result, SpfResult::kPermerror);
}

TEST(CheckHost, MacrosInIncludeSeeTheirOwnDomain) {
  // %{d} is the domain of the record at hand, %{o} that of the sender.
  const SpfEvaluation found =
      checked({"example.jp TXT v=spf1 include:%{d2}.i.jp -all",
               "example.jp.i.jp TXT v=spf1 exists:%{d}.%{o}.%{l}.%{v}.%{i}.e.jp ?all",
               "example.jp.i.jp.example.jp.alice.in-addr.192.0.2.1.e.jp A 127.0.0.2"});
  EXPECT_EQ(found.result, SpfResult::kPass);
  ASSERT_EQ(found.root.terms[0].nested.size(), 1U);
  EXPECT_EQ(found.root.terms[0].nested[0].domain, "example.jp.i.jp");
  EXPECT_EQ(found.match->term, "include:%{d2}.i.jp");
}

TEST(CheckHost, ValidatedName) {
  const std::string record = "example.jp TXT v=spf1 exists:%{p}.e.jp -all";
  EXPECT_EQ(checked({record, "1.2.0.192.in-addr.arpa PTR NXDOMAIN", "unknown.e.jp A 127.0.0.1"}).result,
            SpfResult::kPass);
  EXPECT_EQ(checked({record, "1.2.0.192.in-addr.arpa PTR TIMEOUT", "unknown.e.jp A 127.0.0.1"}).result,
            SpfResult::kPass);
  // The domain itself, then below it, then any.
  const Lines all = {record,
                     "1.2.0.192.in-addr.arpa PTR other.jp",
                     "1.2.0.192.in-addr.arpa PTR a.example.jp",
                     "1.2.0.192.in-addr.arpa PTR example.jp",
                     "example.jp A 192.0.2.1",
                     "example.jp.e.jp A 127.0.0.1"};
  EXPECT_EQ(checked(all).result, SpfResult::kPass);
  EXPECT_EQ(checked({record, "1.2.0.192.in-addr.arpa PTR other.jp", "1.2.0.192.in-addr.arpa PTR a.example.jp",
                     "a.example.jp A 198.51.100.1", "other.jp A 192.0.2.1", "other.jp.e.jp A 127.0.0.1"})
                .result,
            SpfResult::kPass)
      << "a name that does not lead back is none";
  // Its PTR question is one of the ten (section 4.6.4), once.
  const SpfEvaluation found = checked({"example.jp TXT v=spf1 exists:%{p}.e.jp exists:%{p}.f.jp -all",
                                       "1.2.0.192.in-addr.arpa PTR other.jp", "other.jp A 192.0.2.1",
                                       "other.jp.e.jp A NXDOMAIN", "other.jp.f.jp A NXDOMAIN"});
  EXPECT_EQ(found.result, SpfResult::kFail);
  EXPECT_EQ(found.dns_terms, 3U);
}

TEST(CheckHost, Explanations) {
  const auto explanation = [](const Lines& lines, const Sender& sender = {}) {
    return checked(lines, sender).explanation;
  };
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 -all exp=why.jp",
                         "why.jp TXT %{c} is not one of %{d}'s mailers, %{l}; %{t} %{r}%_%%"}),
            "192.0.2.1 is not one of example.jp's mailers, alice; 1700000000 receiver.example %");
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 -all exp=why.jp", "why.jp TXT http://x/?s=%{S}"},
                        {.sender = "a b\"<\xff>@example.jp"}),
            "http://x/?s=a%20b%22%3C%FF%3E%40example.jp");
  for (const char* why : {"NXDOMAIN", "NODATA", "TIMEOUT", "%{x}", "caf\xc3\xa9"}) {
    const SpfEvaluation found =
        checked({"example.jp TXT v=spf1 -all exp=why.jp", std::string("why.jp TXT ") + why});
    EXPECT_EQ(found.result, SpfResult::kFail) << why;
    EXPECT_EQ(found.explanation, std::nullopt) << why;
    EXPECT_EQ(found.void_lookups, 0U) << why;
    EXPECT_EQ(found.dns_terms, 0U) << why;
  }
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 -all exp=why.jp", "why.jp TXT a", "why.jp TXT b"}),
            std::nullopt);
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 ~all exp=why.jp"}), std::nullopt) << "not asked: no fail";
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 redirect=r.jp exp=why.jp", "r.jp TXT v=spf1 -all"}),
            std::nullopt);
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 redirect=r.jp exp=why.jp", "r.jp TXT v=spf1 -all exp=%{d}",
                         "r.jp TXT x"}),
            std::nullopt)
      << "two TXT RRs";
  EXPECT_EQ(explanation({"example.jp TXT v=spf1 include:i.jp -all exp=why.jp",
                         "i.jp TXT v=spf1 -all exp=no.jp", "why.jp TXT mine"}),
            "mine");
}

TEST(CheckHost, MappedAddressesAreIpv4) {
  const Sender mapped{.address = "::ffff:192.0.2.1"};
  EXPECT_EQ(
      checked({"example.jp TXT v=spf1 ip6:::ffff:192.0.2.1 ip6:::/0 -ip4:192.0.2.1 +all"}, mapped).result,
      SpfResult::kFail);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 a -all", "example.jp A 192.0.2.1"}, mapped).result,
            SpfResult::kPass);
  const Sender ipv6{.address = "2001:db8::1"};
  EXPECT_EQ(checked({"example.jp TXT v=spf1 ip6:2001:db8::/33 -all"}, ipv6).result, SpfResult::kPass);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 ip6:2001:db8:8000::/33 -all"}, ipv6).result, SpfResult::kFail);
  EXPECT_EQ(checked({"example.jp TXT v=spf1 ip6:::ffff:0:0/64 -all"}, {.address = "::1"}).result,
            SpfResult::kPass)
      << "a wide network that begins among the mapped addresses";
  EXPECT_EQ(
      checked({"example.jp TXT v=spf1 ip4:0.0.0.0/0 a//64 -all", "example.jp AAAA 2001:db8::2"}, ipv6).result,
      SpfResult::kPass);
}

TEST(CheckHost, HostileSendersAreOctets) {
  const SpfEvaluation found =
      checked({"example.jp TXT v=spf1 exists:%{l}.%{h}.e.jp -all"},
              {.sender = std::string("\x1b[31m..\0x@example.jp", 20), .helo = "\\.\xff"});
  EXPECT_EQ(found.result, SpfResult::kFail) << "an empty label is no name";
  EXPECT_TRUE(found.root.terms[0].has_target_error);
  // Dots make labels, nothing is an escape, and what is too long loses labels on the left.
  ScriptedInquiry::Script script = spf_script({"example.jp TXT v=spf1 exists:%{l}.e.jp -all"});
  const std::string label(60, 'x');
  std::string percents;  // as presentation form escapes them
  for (int i = 0; i < 63; ++i) percents += "\\037";
  const std::string kept = percents + '.' + label + '.' + label + '.' + label + ".e.jp";
  script[{kept, dns::RrType::kA}] = testing::answer({testing::a_record(kept, 1)});
  ScriptedInquiry inquiry(script);
  EXPECT_EQ(checked(inquiry, {.sender = std::string(63, '\\') + '.' + std::string(63, '%') + '.' + label +
                                        '.' + label + '.' + label + "@example.jp"})
                .result,
            SpfResult::kPass);
}

TEST(CheckHost, TreeTellsWhatWasAsked) {
  const SpfEvaluation found =
      checked({"example.jp TXT v=spf1 a mx include:i.jp -all", "example.jp A 198.51.100.1",
               "example.jp MX NXDOMAIN", "i.jp TXT v=spf1 ip4:192.0.2.1 a:later.jp"});
  EXPECT_EQ(found.result, SpfResult::kPass);
  EXPECT_EQ(found.match->term, "include:i.jp");
  EXPECT_EQ(found.dns_terms, 3U);
  EXPECT_EQ(found.void_lookups, 1U);
  const std::vector<SpfTermTrace>& terms = found.root.terms;
  ASSERT_EQ(terms.size(), 4U);
  EXPECT_EQ(terms[0].outcome, SpfTermOutcome::kNoMatch);
  ASSERT_EQ(terms[0].lookups.size(), 1U);
  EXPECT_EQ(terms[0].lookups[0].outcome, "1 answer");
  EXPECT_EQ(terms[1].lookups.at(0).outcome, "name error");
  EXPECT_TRUE(terms[1].lookups.at(0).is_void);
  EXPECT_EQ(terms[2].outcome, SpfTermOutcome::kMatch);
  ASSERT_EQ(terms[2].nested.size(), 1U);
  EXPECT_EQ(terms[2].nested[0].result, SpfResult::kPass);
  EXPECT_EQ(terms[2].nested[0].terms[0].outcome, SpfTermOutcome::kMatch);
  EXPECT_EQ(terms[2].nested[0].terms[1].outcome, SpfTermOutcome::kNotReached);
  EXPECT_EQ(terms[3].outcome, SpfTermOutcome::kNotReached);
}

}  // namespace
}  // namespace dauth::scanner

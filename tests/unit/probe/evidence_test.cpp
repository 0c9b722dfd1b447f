// What is stored of a domain's answers is enough to come to the same findings again.
#include "scanner/probe/evidence.h"

#include <gtest/gtest.h>

#include <set>

#include "scanner/probe/domain_probe.h"
#include "tests/unit/probe/generated_domain.h"
#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::scanner {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;
using data::Observation;
using dns::RrType;
using namespace dauth::testing;

const dns::DomainName kDomain = name("example.jp");
const RandomLabelSource kLabel = [](const dns::DomainName&) { return std::string("unguessable"); };

Observation judged(const data::StoredAnswers& answers, const ProbeSelection& selection = {}) {
  std::pmr::unsynchronized_pool_resource pool;
  auto found = judge_stored(pool, kDomain, answers, selection, kLabel);
  if (!found) throw std::runtime_error(found.error());
  return *found;
}

TEST(Evidence, IsEnoughToComeToTheSameFindings) {
  const RandomLabelSource label = [](const dns::DomainName&) {
    return std::string(GeneratedDomain::kRandomLabel);
  };
  std::set<std::pair<Metric, data::FindingState>> met;
  std::set<data::DomainkeysEvidence> evidence;
  std::pmr::unsynchronized_pool_resource pool;
  for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
    ProbeSelection selection;
    selection.mx_hosts = seed % 6 != 2;
    if (seed % 6 == 1) selection.wildcard_types = {RrType::kTxt};
    if (seed % 6 == 2) selection.dmarc = selection.mx = false;
    if (seed % 6 == 3) selection.spf = selection.domainkeys = selection.dkim_policy = false;
    const GeneratedDomain domain(
        seed, seed % 5 == 0 ? GeneratedDomain::Names::kWildcardOnly : GeneratedDomain::Names::kAny);
    ScriptedInquiry inquiry(domain.outcomes(seed),
                            seed % 2 == 0 ? Delivery::kOldestFirst : Delivery::kNewestFirst);
    const Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, label));
    const data::StoredAnswers answers = stored_answers(inquiry, kDomain, label);
    const auto again = judge_stored(pool, kDomain, answers, selection, label);
    ASSERT_TRUE(again) << seed << ": " << again.error();
    ASSERT_EQ(*again, found) << seed << ": " << answers.outcomes;
    for (const Metric metric : data::all_metrics()) met.insert({metric, found[metric].state});
    evidence.insert(found.domainkeys_evidence);
  }
  // The answers have shown each rule both sides.
  for (const Metric metric : data::all_metrics()) {
    for (const auto state : {data::FindingState::kAbsent, data::FindingState::kPublished}) {
      EXPECT_TRUE(met.contains({metric, state})) << data::to_text(metric) << ' ' << data::to_text(state);
    }
  }
  EXPECT_EQ(evidence.size(), 9U);
}

TEST(Evidence, TextThatNoRuleReadsIsOnlyCounted) {
  ScriptedInquiry inquiry(
      {{{"example.jp", RrType::kTxt},
        answer({text_record("example.jp", {"site-verification=1"}),
                text_record("example.jp", {"v=spf1 -all"}), text_record("example.jp", {"x", "SPF"})})},
       {{"example.jp", RrType::kMx}, no_data()},
       {{"example.jp", RrType::kSpf}, no_data()},
       {{"_domainkey.example.jp", RrType::kSoa}, name_error()},
       {{"_dmarc.example.jp", RrType::kTxt},
        answer({text_record("_dmarc.example.jp", {"v=spf1 -all"}),
                text_record("_dmarc.example.jp", {"v=dmarc1; p=none"})})}});
  const Observation found = inquiry.run(probe_domain(inquiry, kDomain, {}, kLabel));
  const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
  EXPECT_EQ(answers.outcomes,
            "@ TXT answer+1, @ MX nodata, @ SPF nodata, _dmarc TXT answer+1, _domainkey SOA nxdomain");
  ASSERT_EQ(answers.answers.size(), 2U);
  EXPECT_EQ(answers.answers[0].text, "TXT v=spf1 -all\nTXT xSPF");
  EXPECT_EQ(answers.answers[1].text, "TXT v=dmarc1; p=none") << "a rule that is less strict may come";
  EXPECT_EQ(judged(answers), found);
}

dns::ResourceRecord aaaa_record(std::string_view owner, std::uint8_t last_octet) {
  return {name(owner), RrType::kAaaa, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last_octet}};
}

ProbeSelection mx_and_its_hosts() {
  ProbeSelection selection;
  selection.spf = selection.domainkeys = selection.dkim_policy = selection.dmarc = false;
  selection.mx_hosts = true;
  return selection;
}

ScriptedInquiry::Script script_of_hosts() {
  return {{{"example.jp", RrType::kTxt}, no_data()},
          {{"example.jp", RrType::kMx},
           answer({mx_record("example.jp", 20, "mx.hosting.example"),
                   mx_record("example.jp", 5, "MAIL.example.jp"),
                   mx_record("example.jp", 30, "mx.hosting.example"), mx_record("example.jp", 30, ".")})},
          {{"mail.example.jp", RrType::kA}, answer({a_record("mail.example.jp", 25)})},
          {{"mail.example.jp", RrType::kAaaa}, no_data()},
          {{"MAIL.example.jp", RrType::kA}, answer({a_record("mail.example.jp", 25)})},
          {{"MAIL.example.jp", RrType::kAaaa}, no_data()},
          {{"mx.hosting.example", RrType::kA},
           answer({a_record("real.example", 26)}, {cname("mx.hosting.example", "real.example")})},
          {{"mx.hosting.example", RrType::kAaaa},
           answer({aaaa_record("real.example", 2), aaaa_record("real.example", 1)},
                  {cname("mx.hosting.example", "real.example")})}};
}

// The numbers are places in the text of the MX answer, so they do not tell one operator's hosts from
// another's.
TEST(Evidence, MxHostsStandByTheirPlaceAndBehindAllOtherQuestions) {
  ProbeSelection selection = mx_and_its_hosts();
  selection.dmarc = true;
  ScriptedInquiry::Script script = script_of_hosts();
  script[{"_dmarc.example.jp", RrType::kTxt}] = name_error();
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    ScriptedInquiry inquiry(script, delivery);
    const Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, kLabel));
    EXPECT_EQ(found[Metric::kMxIpv6], Finding::published());
    const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
    EXPECT_EQ(
        answers.outcomes,
        "@ TXT nodata, @ MX answer, _dmarc TXT nxdomain, mx:4 A answer, mx:4 AAAA nodata, mx:1 A answer, "
        "mx:1 AAAA answer");
    ASSERT_EQ(answers.answers.size(), 4U);
    EXPECT_EQ(answers.answers[0].text,
              "MX 20 mx.hosting.example.\nMX 30 .\nMX 30 mx.hosting.example.\nMX 5 mail.@");
    EXPECT_EQ(answers.answers[1],
              (data::StoredAnswers::Answer{data::AnswerPlace::kFurther, 4, "A 192.0.2.25"}));
    EXPECT_EQ(answers.answers[3].text,
              "CNAME real.example.\nreal.example. AAAA 2001:db8::1\nreal.example. AAAA 2001:db8::2");
    EXPECT_EQ(answers.answers[3].ordinal, 7);
    EXPECT_EQ(judged(answers, selection), found);
  }
}

TEST(Evidence, AMonthThatDidNotAskTheHostsHasNotAskedThem) {
  ProbeSelection then = mx_and_its_hosts();
  then.mx_hosts = false;
  ScriptedInquiry inquiry(script_of_hosts());
  const Observation found = inquiry.run(probe_domain(inquiry, kDomain, then, kLabel));
  EXPECT_EQ(found[Metric::kMxIpv6], Finding::unmeasured(Cause::kNotAsked));
  const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
  EXPECT_EQ(answers.outcomes, "@ TXT nodata, @ MX answer");
  EXPECT_EQ(judged(answers, then), found) << "the same rules, the same findings";
  const Observation today = judged(answers, mx_and_its_hosts());
  EXPECT_EQ(today[Metric::kMxIpv6], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_FALSE(data::has_mx_host_failure(today));
}

// What the DomainKeys probe asks is not what the MX host is asked, though name and type are the same.
TEST(Evidence, AHostThatIsTheNameOfAnotherQuestionIsAskedByItself) {
  ScriptedInquiry::Script script = {
      {{"example.jp", RrType::kTxt}, no_data()},
      {{"example.jp", RrType::kMx}, answer({mx_record("example.jp", 10, "_domainkey.example.jp")})},
      {{"_domainkey.example.jp", RrType::kSoa}, no_data()},
      {{"_domainkey.example.jp", RrType::kTxt}, no_data()},
      {{"*.example.jp", RrType::kTxt}, no_data()},
      {{"_domainkey.example.jp", RrType::kA}, answer({a_record("_domainkey.example.jp", 1)})},
      {{"*.example.jp", RrType::kA}, no_data()},
      {{"unguessable.example.jp", RrType::kA}, no_data()},
      {{"_domainkey.example.jp", RrType::kAaaa}, no_data()},
      {{"_policy._domainkey.example.jp", RrType::kTxt}, name_error()},
      {{"_adsp._domainkey.example.jp", RrType::kTxt}, name_error()}};
  ProbeSelection selection;
  selection.spf = selection.dmarc = false;
  selection.mx_hosts = true;
  std::set<std::string> texts;
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    ScriptedInquiry inquiry(script, delivery);
    const Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, kLabel));
    const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
    texts.insert(answers.outcomes);
    EXPECT_EQ(judged(answers, selection), found);
  }
  EXPECT_EQ(texts.size(), 1U) << "whichever answer came first";
}

TEST(Evidence, TheNameOfTheRandomLabelIsNotStored) {
  ScriptedInquiry inquiry(
      {{{"example.jp", RrType::kTxt}, no_data()},
       {{"_domainkey.example.jp", RrType::kSoa}, no_data()},
       {{"_domainkey.example.jp", RrType::kTxt}, answer({text_record("_domainkey.example.jp", {"o=-"})})},
       {{"*.example.jp", RrType::kTxt}, answer({text_record("*.example.jp", {"x"})})},
       {{"unguessable.example.jp", RrType::kTxt}, answer({text_record("unguessable.example.jp", {"x"})})}});
  ProbeSelection selection;
  selection.mx = selection.spf = selection.dmarc = selection.dkim_policy = false;
  const Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, kLabel));
  EXPECT_EQ(found.domainkeys_evidence, data::DomainkeysEvidence::kDiffersFromWildcard);
  const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
  EXPECT_EQ(answers.outcomes,
            "@ TXT nodata, _domainkey SOA nodata, _domainkey TXT answer, * TXT answer, ? TXT answer");
  EXPECT_EQ(judged(answers, selection), found);
}

TEST(Evidence, WhatTheMonthDidNotAskIsUnmeasuredAsNotAsked) {
  ScriptedInquiry inquiry(
      {{{"example.jp", RrType::kTxt}, no_data()}, {{"example.jp", RrType::kMx}, no_data()}});
  ProbeSelection then;
  then.spf = then.domainkeys = then.dkim_policy = then.dmarc = false;
  inquiry.run(probe_domain(inquiry, kDomain, then, kLabel));
  const Observation today = judged(stored_answers(inquiry, kDomain, kLabel));
  EXPECT_EQ(today[Metric::kMx], Finding::absent());
  EXPECT_EQ(today[Metric::kSpfTxt], Finding::absent()) << "TXT was asked";
  EXPECT_EQ(today[Metric::kSpfType99], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(today[Metric::kSpf], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(today[Metric::kDomainkeysSubdomain], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(today[Metric::kDmarc], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_FALSE(data::has_lookup_failure(today));
}

TEST(Evidence, ServfailThatPersistedStaysSo) {
  ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, failure(dns::FailureCause::kServfail)},
                           {{"example.jp", RrType::kMx}, failure(dns::FailureCause::kTimeout)}});
  ProbeSelection selection;
  selection.spf = selection.domainkeys = selection.dkim_policy = selection.dmarc = false;
  Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, kLabel));
  data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
  data::mark_servfail_as_persistent(found);
  data::mark_servfail_as_persistent(answers);
  EXPECT_EQ(found[Metric::kExists], Finding::unmeasured(Cause::kPersistentServfail));
  EXPECT_EQ(found[Metric::kMx], Finding::unmeasured(Cause::kTimeout));
  EXPECT_EQ(judged(answers, selection), found);
}

TEST(Evidence, DamagedAnswersAreAnError) {
  std::pmr::unsynchronized_pool_resource pool;
  EXPECT_FALSE(judge_stored(pool, kDomain, {"@ TXT answer", {}}, {}, kLabel));
  const data::StoredAnswers::Answer mx{data::AnswerPlace::kMx, 0, "MX 10 mail.@"};
  for (const char* host : {"mx:", "mx:0", "mx:2", "mx:x", "mx:-1", "mx:99999999999999999999"}) {
    const std::string outcomes = "@ TXT nodata, @ MX answer, " + std::string(host) + " A nodata";
    EXPECT_FALSE(judge_stored(pool, kDomain, {outcomes, {mx}}, mx_and_its_hosts(), kLabel)) << host;
  }
  EXPECT_FALSE(judge_stored(pool, kDomain, {"mx:1 A nodata", {}}, mx_and_its_hosts(), kLabel));
  EXPECT_FALSE(judge_stored(pool, kDomain, {"mx:1 A nodata", {{data::AnswerPlace::kMx, 0, "MX 10"}}},
                            mx_and_its_hosts(), kLabel));
}

}  // namespace
}  // namespace dauth::scanner

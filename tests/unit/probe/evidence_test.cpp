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
}

}  // namespace
}  // namespace dauth::scanner

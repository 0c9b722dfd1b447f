// What holds for the findings of every domain, over generated answers (generated_domain.h). Each case is made
// from a seed, which a failure names.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "scanner/probe/domain_probe.h"
#include "tests/unit/probe/generated_domain.h"
#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::DomainkeysEvidence;
using data::Finding;
using data::Metric;
using data::Observation;
using dns::RrType;
using scanner::ProbeSelection;

using Outcomes = GeneratedDomain::Outcomes;

Observation observe(const Outcomes& outcomes, const ProbeSelection& selection = {},
                    Delivery delivery = Delivery::kOldestFirst) {
  static const scanner::RandomLabelSource kLabel = [](const dns::DomainName&) {
    return std::string(GeneratedDomain::kRandomLabel);
  };
  const auto domain = name(GeneratedDomain::kName);
  ScriptedInquiry inquiry(outcomes, delivery);
  return inquiry.run(scanner::probe_domain(inquiry, domain, selection, kLabel));
}

std::vector<Cause> causes_in(const Outcomes& outcomes) {
  std::vector<Cause> causes{Cause::kWildcardVaries};
  for (const auto& [question, outcome] : outcomes) {
    if (const auto* failed = std::get_if<dns::Failure>(&outcome))
      causes.push_back(data::cause_of(failed->cause));
  }
  return causes;
}

bool is_in(const std::vector<Cause>& causes, Cause cause) {
  return std::find(causes.begin(), causes.end(), cause) != causes.end();
}

ProbeSelection types_of(std::uint64_t seed) {
  ProbeSelection selection;
  selection.mx_hosts = true;
  if (seed % 4 == 0) selection.wildcard_types = {RrType::kTxt};
  return selection;
}

// The other properties mean nothing where the answers are all alike.
TEST(FindingProperties, GeneratedAnswersReachEveryFindingAndEvidence) {
  std::array<std::array<int, 3>, data::kMetricCount> seen{};
  std::array<int, static_cast<std::size_t>(DomainkeysEvidence::kLookupFailure) + 1> evidence{};
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const Observation found = observe(GeneratedDomain(seed).outcomes(seed), types_of(seed));
    for (const Metric metric : data::all_metrics()) {
      ++seen[static_cast<std::size_t>(metric)][static_cast<std::size_t>(found[metric].state)];
    }
    ++evidence[static_cast<std::size_t>(found.domainkeys_evidence)];
  }
  for (const Metric metric : data::all_metrics()) {
    for (const int count : seen[static_cast<std::size_t>(metric)])
      EXPECT_GT(count, 5) << data::to_text(metric);
  }
  for (const int count : evidence) EXPECT_GT(count, 20);
}

// Order of RRs, TTL, letter case of owners and of names in RDATA, borders of the strings of a TXT RR,
// compression, an RR given twice, RRs off the chain or of another class, the rcode of a chain's end and the
// order in which replies come change nothing. (Two TXT RRs of the same text with other borders are two RRs,
// so generated texts are distinct within their RRset.)
TEST(FindingProperties, FormOfTheMessagesChangesNothing) {
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const GeneratedDomain domain(seed);
    const ProbeSelection selection = types_of(seed);
    const Observation found = observe(domain.outcomes(1), selection);
    for (std::uint64_t form = 2; form <= 4; ++form) {
      const auto delivery = form % 2 == 0 ? Delivery::kNewestFirst : Delivery::kOldestFirst;
      const Observation again = observe(domain.outcomes(seed * 8 + form), selection, delivery);
      for (const Metric metric : data::all_metrics()) {
        ASSERT_EQ(again[metric], found[metric])
            << data::to_text(metric) << " of seed " << seed << ", form " << form;
      }
      ASSERT_EQ(again.domainkeys_evidence, found.domainkeys_evidence) << "seed " << seed << ", form " << form;
    }
  }
}

// Where outcomes become failures, each finding stays what it was or becomes unmeasured, and no unmeasured one
// becomes measured: nothing is published or absent that was not so before, no `all` or DMARC policy becomes
// another one, and no published finding becomes absent. The causes are those of the failures there.
//
// This asks of the answers that they agree with RFC 8020 at the domain itself: "NxDomain" for TXT at the
// domain answers every question, so where that one fails the others are asked after all.
void expect_only_lost(const Observation& before, const Observation& after, const Outcomes& outcomes) {
  const std::vector<Cause> causes = causes_in(outcomes);
  for (const Metric metric : data::all_metrics()) {
    if (after[metric] == before[metric]) continue;
    ASSERT_TRUE(after[metric].is_unmeasured()) << data::to_text(metric);
    ASSERT_TRUE(is_in(causes, after[metric].cause)) << data::to_text(metric);
    // Only a comparison whose three answers are there can find that the wildcard varies.
    ASSERT_TRUE(after[metric].cause != Cause::kWildcardVaries || before[metric].is_unmeasured());
  }
  const DomainkeysEvidence was = before.domainkeys_evidence;
  const DomainkeysEvidence is = after.domainkeys_evidence;
  ASSERT_TRUE(is == was || is == DomainkeysEvidence::kLookupFailure ||
              (was == DomainkeysEvidence::kNone && is == DomainkeysEvidence::kNameError));
}

TEST(FindingProperties, AddedFailureOnlyTakesAway) {
  int changed = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Chance chance(seed + 1'000'000);
    const Outcomes outcomes = GeneratedDomain(seed).outcomes(seed);
    const ProbeSelection selection = types_of(seed);
    const Observation before = observe(outcomes, selection);
    for (const auto& entry : outcomes) {
      SCOPED_TRACE(entry.first.first + ' ' + dns::to_text(entry.first.second) + " fails, seed " +
                   std::to_string(seed));
      Outcomes fewer = outcomes;
      fewer[entry.first] = dns::Failure{any_cause(chance), 0};
      const Observation after = observe(fewer, selection);
      expect_only_lost(before, after, fewer);
      if (HasFatalFailure()) return;
      if (!(after == before)) ++changed;
    }
    SCOPED_TRACE("several fail, seed " + std::to_string(seed));
    Outcomes fewer = outcomes;
    const unsigned share = 10 + static_cast<unsigned>(chance.below(91));
    for (auto& [question, outcome] : fewer) {
      if (chance.percent(share)) outcome = dns::Failure{any_cause(chance), 0};
    }
    expect_only_lost(before, observe(fewer, selection), fewer);
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(changed, 10000);
}

// Which findings belong to which probe.
bool is_asked(Metric metric, const ProbeSelection& selection) {
  switch (metric) {
    case Metric::kExists:
      return true;
    case Metric::kMx:
    case Metric::kNullMx:
    case Metric::kMxAddressLiteral:
      return selection.mx;
    case Metric::kMxIpv6:
    case Metric::kMxNoAddress:
      return selection.mx_hosts;
    case Metric::kSpfWithMx:
      return selection.mx && selection.spf;
    case Metric::kDmarcWithMx:
      return selection.mx && selection.dmarc;
    case Metric::kDomainkeysSubdomain:
    case Metric::kDomainkeysByA:
    case Metric::kDomainkeysPolicy:
      return selection.domainkeys;
    case Metric::kDkimPolicy:
      return selection.dkim_policy;
    default:
      return metric >= Metric::kDmarc ? selection.dmarc : selection.spf;
  }
}

TEST(FindingProperties, UnmeasuredCarriesTheCauseOfAFailureThatHappened) {
  int unmeasured = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    Chance chance(seed);
    ProbeSelection selection = types_of(seed);
    if (chance.percent(50)) {
      selection.mx = chance.percent(50);
      selection.mx_hosts = selection.mx && chance.percent(50);
      selection.spf = chance.percent(50);
      selection.domainkeys = chance.percent(50);
      selection.dkim_policy = selection.domainkeys && chance.percent(50);
      selection.dmarc = chance.percent(50);
    }
    const Outcomes outcomes = GeneratedDomain(seed).outcomes(seed);
    const std::vector<Cause> causes = causes_in(outcomes);
    const Observation found = observe(outcomes, selection);
    for (const Metric metric : data::all_metrics()) {
      SCOPED_TRACE(std::string(data::to_text(metric)) + " of seed " + std::to_string(seed));
      if (!is_asked(metric, selection)) {
        ASSERT_EQ(found[metric], Finding::unmeasured(Cause::kNotAsked));
      } else if (found[metric].is_unmeasured()) {
        ++unmeasured;
        ASSERT_TRUE(is_in(causes, found[metric].cause));
      } else {
        ASSERT_EQ(found[metric].cause, Cause::kNone);
      }
    }
  }
  EXPECT_GT(unmeasured, 10000);
}

int published_of(const Observation& found, std::initializer_list<Metric> metrics) {
  return static_cast<int>(
      std::count_if(metrics.begin(), metrics.end(), [&](Metric m) { return found[m].is_published(); }));
}

TEST(FindingProperties, FindingsOfOneDomainFitEachOther) {
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    SCOPED_TRACE(seed);
    const Observation found = observe(GeneratedDomain(seed).outcomes(seed), types_of(seed));
    const auto is = [&](Metric metric) { return found[metric].is_published(); };
    const auto implies = [&](Metric part, Metric whole) { return !is(part) || is(whole); };

    ASSERT_TRUE(implies(Metric::kNullMx, Metric::kMx) && implies(Metric::kMxAddressLiteral, Metric::kMx));
    ASSERT_FALSE(is(Metric::kNullMx) && is(Metric::kMxAddressLiteral));
    ASSERT_TRUE(implies(Metric::kMxIpv6, Metric::kMx) && implies(Metric::kMxNoAddress, Metric::kMx));
    ASSERT_LE(published_of(found, {Metric::kMxIpv6, Metric::kMxNoAddress, Metric::kNullMx}), 1);
    ASSERT_TRUE(!is(Metric::kMxIpv6) || found[Metric::kMxNoAddress].is_absent());
    ASSERT_TRUE(!is(Metric::kMxNoAddress) || found[Metric::kMxIpv6].is_absent());
    ASSERT_EQ(is(Metric::kSpf), is(Metric::kSpfTxt) || is(Metric::kSpfType99));
    ASSERT_TRUE(implies(Metric::kSpfRecord, Metric::kSpfTxt) && implies(Metric::kSenderId, Metric::kSpf));
    ASSERT_EQ(published_of(found, {Metric::kSpfMultiple, Metric::kSpfInvalid, Metric::kSpfAllFail,
                                   Metric::kSpfAllSoftfail, Metric::kSpfAllNeutral, Metric::kSpfAllPass,
                                   Metric::kSpfRedirect, Metric::kSpfNoAll}),
              is(Metric::kSpfRecord) ? 1 : 0);
    ASSERT_EQ(is(Metric::kSpfWithMx), is(Metric::kSpf) && is(Metric::kMx));

    for (const Metric part : {Metric::kDomainkeysByA, Metric::kDomainkeysPolicy, Metric::kDkimPolicy}) {
      ASSERT_TRUE(implies(part, Metric::kDomainkeysSubdomain)) << data::to_text(part);
    }

    ASSERT_EQ(published_of(found, {Metric::kDmarcNone, Metric::kDmarcQuarantine, Metric::kDmarcReject,
                                   Metric::kDmarcInvalid}),
              is(Metric::kDmarc) ? 1 : 0);
    ASSERT_FALSE(is(Metric::kDmarc) && is(Metric::kDmarcMultiple));
    ASSERT_TRUE(implies(Metric::kDmarcRua, Metric::kDmarc) && implies(Metric::kDmarcTesting, Metric::kDmarc));
    ASSERT_EQ(is(Metric::kDmarcWithMx), is(Metric::kDmarc) && is(Metric::kMx));

    if (found[Metric::kExists].is_absent()) {
      for (const Metric metric : data::all_metrics()) ASSERT_TRUE(found[metric].is_absent());
    }
  }
}

// However its answers look, a wildcard is no subdomain.
TEST(FindingProperties, WildcardAloneMakesNoSubdomain) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE(seed);
    const GeneratedDomain domain(seed, GeneratedDomain::Names::kWildcardOnly);
    const Observation found = observe(domain.outcomes(seed), types_of(seed));
    const Finding& subdomain = found[Metric::kDomainkeysSubdomain];
    ASSERT_FALSE(subdomain.is_published());
    ASSERT_NE(subdomain.cause, Cause::kWildcardVaries);
    compared += found.domainkeys_evidence == DomainkeysEvidence::kSameAsWildcard ? 1 : 0;
  }
  EXPECT_GT(compared, 1000);
}

// `domainkeys_by_a` taken off `domainkeys_subdomain` gives what TXT alone finds.
TEST(FindingProperties, SeriesByTxtAloneCanBeHadFromTheOther) {
  int told_by_a = 0;
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    const Outcomes outcomes = GeneratedDomain(seed).outcomes(seed);
    ProbeSelection by_txt;
    by_txt.wildcard_types = {RrType::kTxt};
    const Observation both = observe(outcomes);
    const Observation txt = observe(outcomes, by_txt);
    const bool less =
        both[Metric::kDomainkeysSubdomain].is_published() && !both[Metric::kDomainkeysByA].is_published();
    ASSERT_EQ(txt[Metric::kDomainkeysSubdomain].is_published(), less) << "seed " << seed;
    ASSERT_FALSE(txt[Metric::kDomainkeysByA].is_published()) << "seed " << seed;
    told_by_a += both[Metric::kDomainkeysByA].is_published() ? 1 : 0;
  }
  EXPECT_GT(told_by_a, 50);
}

}  // namespace
}  // namespace dauth::testing

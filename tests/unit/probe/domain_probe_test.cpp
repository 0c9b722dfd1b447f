#include "scanner/probe/domain_probe.h"

#include <gmock/gmock.h>

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

const scanner::RandomLabelSource kRandomLabel = [](const dns::DomainName&) { return "l0ng-and-random"; };

using data::Cause;
using data::Finding;
using data::Metric;
using data::Observation;
using dns::RrType;
using scanner::ProbeSelection;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// A domain with MX, SPF, a `_domainkey` of its own and DMARC.
ScriptedInquiry::Script full_domain() {
  return {{{"example.jp", RrType::kTxt}, answer({text_record("example.jp", {"v=spf1 -all"})})},
          {{"example.jp", RrType::kSpf}, no_data()},
          {{"example.jp", RrType::kMx}, answer({mx_record("example.jp", 10, "mx.example.jp")})},
          {{"_dmarc.example.jp", RrType::kTxt},
           answer({text_record("_dmarc.example.jp", {"v=DMARC1; p=reject"})})},
          {{"_domainkey.example.jp", RrType::kSoa}, no_data()},
          {{"_domainkey.example.jp", RrType::kTxt}, no_data()},
          {{"*.example.jp", RrType::kTxt}, name_error()},
          {{"_policy._domainkey.example.jp", RrType::kTxt}, name_error()},
          {{"_adsp._domainkey.example.jp", RrType::kTxt}, name_error()}};
}

const ProbeSelection kWithMxHosts = {.mx_hosts = true};

Observation observe(ScriptedInquiry& inquiry, const ProbeSelection& selection = {}) {
  const auto domain = name("example.jp");
  return inquiry.run(scanner::probe_domain(inquiry, domain, selection, kRandomLabel));
}

TEST(DomainProbe, FullDomain) {
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    ScriptedInquiry inquiry(full_domain(), delivery);
    const Observation found = observe(inquiry);
    for (const Metric metric : {Metric::kExists, Metric::kMx, Metric::kSpf, Metric::kSpfRecord,
                                Metric::kSpfAllFail, Metric::kSpfWithMx, Metric::kDomainkeysSubdomain,
                                Metric::kDmarc, Metric::kDmarcReject, Metric::kDmarcWithMx}) {
      EXPECT_EQ(found[metric], Finding::published()) << data::to_text(metric);
    }
    for (const Metric metric : {Metric::kNullMx, Metric::kSpfType99, Metric::kSpfInvalid, Metric::kDkimPolicy,
                                Metric::kDomainkeysPolicy, Metric::kDmarcNone}) {
      EXPECT_EQ(found[metric], Finding::absent()) << data::to_text(metric);
    }
    EXPECT_EQ(found.domainkeys_evidence, data::DomainkeysEvidence::kNoWildcard);
    EXPECT_EQ(inquiry.questions().size(), full_domain().size()) << "TXT at the domain is shared";
    EXPECT_EQ(inquiry.questions().front(), "example.jp TXT");
  }
}

TEST(DomainProbe, MxHostsAreAskedWhereTheirProbeIsChosen) {
  auto script = full_domain();
  script[{"mx.example.jp", RrType::kA}] = answer({a_record("mx.example.jp", 1)});
  script[{"mx.example.jp", RrType::kAaaa}] = no_data();
  for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
    ScriptedInquiry inquiry(script, delivery);
    const Observation found = observe(inquiry, kWithMxHosts);
    EXPECT_EQ(found[Metric::kMx], Finding::published());
    EXPECT_EQ(found[Metric::kMxIpv6], Finding::absent());
    EXPECT_EQ(found[Metric::kMxNoAddress], Finding::absent());
    EXPECT_EQ(inquiry.questions().size(), script.size()) << "MX is shared";
  }
  ScriptedInquiry by_default(full_domain());
  EXPECT_EQ(observe(by_default)[Metric::kMxIpv6], Finding::unmeasured(Cause::kNotAsked));
}

TEST(DomainProbe, NameErrorAsksNothingMore) {
  ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, name_error()}});
  const Observation found = observe(inquiry, kWithMxHosts);
  EXPECT_THAT(inquiry.questions(), ElementsAre("example.jp TXT"));
  for (const Metric metric : data::all_metrics()) {
    EXPECT_EQ(found[metric], Finding::absent()) << data::to_text(metric);
  }
}

TEST(DomainProbe, NameErrorOfChosenProbesOnly) {
  ScriptedInquiry inquiry({{{"example.jp", RrType::kTxt}, name_error()}});
  const Observation found =
      observe(inquiry, {.spf = false, .domainkeys = false, .dkim_policy = false, .dmarc = false});
  EXPECT_EQ(found[Metric::kMx], Finding::absent());
  EXPECT_EQ(found[Metric::kSpf], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(found[Metric::kDmarc], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(found[Metric::kSpfWithMx], Finding::unmeasured(Cause::kNotAsked));
}

TEST(DomainProbe, FailureOfTheFirstQuestionIsNoAbsence) {
  auto script = full_domain();
  script[{"example.jp", RrType::kTxt}] = failure();
  ScriptedInquiry inquiry(std::move(script));
  const Observation found = observe(inquiry);
  const Finding timeout = Finding::unmeasured(Cause::kTimeout);
  EXPECT_EQ(found[Metric::kExists], timeout);
  EXPECT_EQ(found[Metric::kSpf], timeout);
  EXPECT_EQ(found[Metric::kSpfRecord], timeout);
  EXPECT_EQ(found[Metric::kSpfWithMx], timeout);
  EXPECT_EQ(found[Metric::kMx], Finding::published());
  EXPECT_EQ(found[Metric::kDomainkeysSubdomain], Finding::published());
}

TEST(DomainProbe, EveryCauseIsKept) {
  for (int number = 0; number <= static_cast<int>(dns::FailureCause::kUnreachable); ++number) {
    const auto cause = static_cast<dns::FailureCause>(number);
    SCOPED_TRACE(dns::to_text(cause));
    auto script = full_domain();
    for (auto& [question, outcome] : script) outcome = failure(cause);
    ScriptedInquiry inquiry(std::move(script));
    const Observation found = observe(inquiry, kWithMxHosts);
    EXPECT_EQ(data::to_text(data::cause_of(cause)), dns::to_text(cause));
    for (const Metric metric : data::all_metrics()) {
      EXPECT_EQ(found[metric], Finding::unmeasured(data::cause_of(cause))) << data::to_text(metric);
    }
    EXPECT_EQ(found.domainkeys_evidence, data::DomainkeysEvidence::kLookupFailure);
  }
}

TEST(DomainProbe, WithMxNeedsBoth) {
  auto script = full_domain();
  script[{"example.jp", RrType::kMx}] = no_data();
  script[{"example.jp", RrType::kTxt}] = failure();
  ScriptedInquiry inquiry(std::move(script));
  const Observation found = observe(inquiry);
  // No MX: whatever SPF is, not both.
  EXPECT_EQ(found[Metric::kSpfWithMx], Finding::absent());
  EXPECT_EQ(found[Metric::kDmarcWithMx], Finding::absent());
}

TEST(DomainProbe, ProbesOf2005AskFewer) {
  ScriptedInquiry inquiry(full_domain());
  const Observation found = observe(inquiry, {.dkim_policy = false, .dmarc = false});
  EXPECT_THAT(inquiry.questions(), UnorderedElementsAre("example.jp TXT", "example.jp SPF", "example.jp MX",
                                                        "_domainkey.example.jp SOA",
                                                        "_domainkey.example.jp TXT", "*.example.jp TXT"));
  EXPECT_EQ(found[Metric::kDmarc], Finding::unmeasured(Cause::kNotAsked));
  EXPECT_EQ(found[Metric::kDkimPolicy], Finding::unmeasured(Cause::kNotAsked));
}

// An added failure never turns absent or unmeasured into published, nor published of one finding into
// another.
TEST(DomainProbe, AddedFailureNeverPublishes) {
  ScriptedInquiry whole(full_domain());
  const Observation before = observe(whole);
  for (const auto& [question, outcome] : full_domain()) {
    auto script = full_domain();
    script[question] = failure();
    // What else may be asked once this one failed.
    script.insert({{"l0ng-and-random.example.jp", RrType::kTxt}, name_error()});
    ScriptedInquiry inquiry(std::move(script));
    const Observation after = observe(inquiry);
    for (const Metric metric : data::all_metrics()) {
      if (after[metric].is_published()) {
        EXPECT_TRUE(before[metric].is_published()) << question.first << ' ' << data::to_text(metric);
      }
      if (after[metric].is_absent()) {
        EXPECT_TRUE(before[metric].is_absent()) << question.first << ' ' << data::to_text(metric);
      }
    }
  }
}

}  // namespace
}  // namespace dauth::testing

// What is stored of a domain's answers is enough to come to the same findings again.
#include "scanner/probe/evidence.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "scanner/probe/domain_probe.h"
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

// Outcomes at random for every question that the probes may ask, of the kinds that their rules tell apart.
class RandomDns {
 public:
  explicit RandomDns(unsigned seed) : random_(seed) {}

  ScriptedInquiry::Script script() {
    ScriptedInquiry::Script script;
    // What a wildcard gives stands at several names.
    shared_ = text();
    for (const char* below :
         {"", "_domainkey.", "*.", "unguessable.", "_policy._domainkey.", "_adsp._domainkey.", "_dmarc."}) {
      for (const RrType type : {RrType::kTxt, RrType::kMx, RrType::kSpf, RrType::kSoa, RrType::kA}) {
        const std::string qname = below + std::string("example.jp");
        script.emplace(std::pair(qname, type), outcome(qname, type));
      }
    }
    return script;
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_()) % limit; }

  std::string text() {
    static const std::vector<std::string> kTexts = {
        "v=spf1 -all",
        "v=spf1 ~all",
        "V=SPF1 ?all ",
        "v=spf1 include:a.example +all",
        "v=spf1 a:",
        "v=spf1",
        "v=spf10",
        "spf2.0/pra -all",
        "SPF2.0/mfrom",
        "my spf notes",
        "v=DMARC1; p=none",
        "v=DMARC1; p=quarantine",
        "v=DMARC1; p=reject; rua=mailto:a@b.example",
        "v=dmarc1; p=none",
        "v=DMARC1; p=x",
        "v=DMARC1; t=y",
        "o=-; n=note",
        "t=y; o=~",
        "dkim=all",
        "k=rsa; p=AAAA",
        "",
        "\xff\x01 \\ \n end",
        "verification=1",
        "v=spf1 redirect=b.example",
    };
    return kTexts[below(static_cast<unsigned>(kTexts.size()))];
  }

  std::vector<std::string> pieces(const std::string& text) {
    if (text.size() < 2 || below(2) == 0) return {text};
    const std::size_t at = 1 + below(static_cast<unsigned>(text.size() - 1));
    return {text.substr(0, at), text.substr(at)};
  }

  dns::ResourceRecord record(const std::string& owner, RrType type) {
    switch (type) {
      case RrType::kMx:
        return below(6) == 0   ? name_record(owner, RrType::kMx, ".", {0, 0})
               : below(6) == 0 ? dns::ResourceRecord{name(owner), RrType::kMx, {0}}
               : below(6) == 0 ? mx_record(owner, 10, "192.0.2.1")
                               : mx_record(owner, static_cast<std::uint8_t>(below(3)), "Mail.example.jp");
      case RrType::kSoa:
        return soa_record(owner);
      case RrType::kA:
        return a_record(owner, static_cast<std::uint8_t>(below(2)));
      default:
        return text_record(owner, pieces(below(2) == 0 ? shared_ : text()), type);
    }
  }

  dns::LookupOutcome outcome(const std::string& qname, RrType type) {
    std::vector<dns::ResourceRecord> chain;
    std::string owner = qname;
    if (below(6) == 0) {
      owner = below(2) == 0 ? "example.jp" : "Elsewhere.example.net";
      chain.push_back(cname(qname, owner));
    } else if (below(12) == 0) {
      owner = "x.example.net";
      chain = {dname("example.jp", "example.net"), cname(qname, owner)};
    }
    switch (below(7)) {
      case 0:
        return no_data(std::move(chain));
      case 1:
        return name_error();
      case 2: {
        const auto causes = dns::all_failure_causes();
        // The last one is no resolver's.
        return failure(causes[below(static_cast<unsigned>(causes.size()) - 1)]);
      }
      default: {
        std::vector<dns::ResourceRecord> rrset;
        for (unsigned i = 0; i <= below(3); ++i) rrset.push_back(record(owner, type));
        return answer(std::move(rrset), std::move(chain));
      }
    }
  }

  std::mt19937 random_;
  std::string shared_;
};

Observation judged(const data::StoredAnswers& answers, const ProbeSelection& selection = {}) {
  std::pmr::unsynchronized_pool_resource pool;
  auto found = judge_stored(pool, kDomain, answers, selection, kLabel);
  if (!found) throw std::runtime_error(found.error());
  return *found;
}

TEST(Evidence, IsEnoughToComeToTheSameFindings) {
  std::set<std::pair<Metric, data::FindingState>> met;
  std::set<data::DomainkeysEvidence> evidence;
  for (unsigned seed = 0; seed < 20'000; ++seed) {
    ProbeSelection selection;
    if (seed % 5 == 1) selection.wildcard_types = {RrType::kTxt};
    if (seed % 5 == 2) selection.dmarc = selection.mx = false;
    if (seed % 5 == 3) selection.spf = selection.domainkeys = selection.dkim_policy = false;
    ScriptedInquiry inquiry(RandomDns(seed).script(),
                            seed % 2 == 0 ? Delivery::kOldestFirst : Delivery::kNewestFirst);
    const Observation found = inquiry.run(probe_domain(inquiry, kDomain, selection, kLabel));
    const data::StoredAnswers answers = stored_answers(inquiry, kDomain, kLabel);
    ASSERT_EQ(judged(answers, selection), found) << seed << ": " << answers.outcomes;
    for (const Metric metric : data::all_metrics()) met.insert({metric, found[metric].state});
    evidence.insert(found.domainkeys_evidence);
  }
  // The generator has shown each rule both sides.
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

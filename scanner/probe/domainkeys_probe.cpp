#include "scanner/probe/domainkeys_probe.h"

#include <algorithm>

#include "scanner/probe/answer_section.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/domainkeys_policy.h"

namespace dauth::scanner {
namespace {

using data::Cause;
using data::DomainkeysEvidence;
using data::Finding;
using dns::RrType;

bool is_name_error(const dns::LookupOutcome& outcome) {
  return std::holds_alternative<dns::NxDomain>(outcome);
}

// An SOA reached through a CNAME belongs to another name.
bool is_own_apex(const dns::LookupOutcome& soa, const dns::DomainName& name) {
  const auto* answer = std::get_if<dns::Answer>(&soa);
  return answer != nullptr && answer->rrset.front().owner == name;
}

struct Verdict {
  Finding subdomain;
  DomainkeysEvidence evidence;
  RrType told_by = RrType::kTxt;  // the type whose answers published it, where one's did
};

Verdict failed(Cause cause) {
  return {Finding::unmeasured(cause), DomainkeysEvidence::kLookupFailure};
}

// Steps 3 to 5. Step 2 found `subdomain`; each type is asked at it and at the wildcard, until one tells them
// apart or shows them to be the same.
Probe<Verdict> compare_with_wildcard(Inquiry& inquiry, const dns::DomainName& domain,
                                     const dns::DomainName& subdomain, const RandomLabelSource& random_label,
                                     std::span<const RrType> wildcard_types) {
  const auto wildcard = domain.child("*");
  for (const RrType type : wildcard_types) {
    const dns::LookupOutcome& at_subdomain = co_await inquiry.ask(subdomain, type);
    if (const auto cause = cause_of_failure(at_subdomain)) co_return failed(*cause);
    if (is_name_error(at_subdomain)) co_return {Finding::absent(), DomainkeysEvidence::kNameError};

    const dns::LookupOutcome& at_wildcard = co_await inquiry.ask(wildcard, type);
    if (const auto cause = cause_of_failure(at_wildcard)) co_return failed(*cause);
    if (is_name_error(at_wildcard)) co_return {Finding::published(), DomainkeysEvidence::kNoWildcard, type};

    const AnswerSection a(at_subdomain, subdomain);
    const AnswerSection b(at_wildcard, *wildcard);  // a name that is none gave a name error
    if (a == b) {
      if (!a.empty()) co_return {Finding::absent(), DomainkeysEvidence::kSameAsWildcard};
      continue;
    }

    const auto unguessable = domain.child(random_label(domain));
    const dns::LookupOutcome& at_random = co_await inquiry.ask(unguessable, type);
    if (const auto cause = cause_of_failure(at_random)) co_return failed(*cause);
    if (is_name_error(at_random))
      co_return {Finding::published(), DomainkeysEvidence::kDiffersFromWildcard, type};
    const AnswerSection c(at_random, *unguessable);
    if (c == b) co_return {Finding::published(), DomainkeysEvidence::kDiffersFromWildcard, type};
    if (c == a) co_return {Finding::absent(), DomainkeysEvidence::kSameAsWildcard};
    co_return {Finding::unmeasured(Cause::kWildcardVaries), DomainkeysEvidence::kWildcardVaries};
  }
  co_return {Finding::absent(), DomainkeysEvidence::kBothEmpty};
}

// `at_subdomain` is TXT at `_domainkey.D`.
Finding judge_policy(const dns::LookupOutcome& at_subdomain, const Finding& subdomain) {
  if (const auto cause = cause_of_failure(at_subdomain)) {
    return subdomain.is_absent() ? Finding::absent() : Finding::unmeasured(*cause);
  }
  const std::vector<std::string> texts = text_records(at_subdomain);
  const bool shown = std::any_of(texts.begin(), texts.end(), is_domainkeys_policy);
  return shown ? subdomain : Finding::absent();
}

}  // namespace

Probe<DomainkeysFindings> probe_domainkeys(Inquiry& inquiry, const dns::DomainName& domain,
                                           const RandomLabelSource& random_label,
                                           std::span<const RrType> wildcard_types) {
  const auto name_error = DomainkeysFindings{Finding::absent(), Finding::absent(), Finding::absent(),
                                             DomainkeysEvidence::kNameError};
  const auto subdomain = domain.child("_domainkey");

  const dns::LookupOutcome& soa = co_await inquiry.ask(subdomain, RrType::kSoa);
  if (is_name_error(soa)) co_return name_error;
  if (const auto cause = cause_of_failure(soa)) {
    const Finding unmeasured = Finding::unmeasured(*cause);
    co_return DomainkeysFindings{unmeasured, unmeasured, unmeasured, DomainkeysEvidence::kLookupFailure};
  }

  // Asked for an own zone too, where only the policy rests on it.
  const dns::LookupOutcome& txt = co_await inquiry.ask(subdomain, RrType::kTxt);
  Verdict verdict{Finding::published(), DomainkeysEvidence::kOwnZone};
  if (!is_own_apex(soa, *subdomain)) {
    auto comparison = compare_with_wildcard(inquiry, domain, *subdomain, random_label, wildcard_types);
    comparison.start();
    verdict = co_await comparison;
  }

  DomainkeysFindings findings;
  findings.subdomain = verdict.subdomain;
  findings.by_a = verdict.subdomain.is_published() ? Finding::from_bool(verdict.told_by != RrType::kTxt)
                                                   : verdict.subdomain;
  findings.policy = judge_policy(txt, verdict.subdomain);
  findings.evidence = verdict.evidence;
  co_return findings;
}

}  // namespace dauth::scanner

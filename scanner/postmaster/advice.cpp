#include "scanner/postmaster/advice.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "scanner/postmaster/advice_rules.h"
#include "scanner/probe/answer_section.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/dmarc_record.h"
#include "scanner/record/mx_set.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

using dns::RrType;

// A term that lets somebody send: a mechanism with the result pass before any `all`. `mx` alone permits
// nobody here, since the domain has no mail exchange.
std::string permitting_terms(const std::string& text, const SpfRecord& record) {
  std::string terms;
  for (const SpfDirective& directive : record.directives) {
    const auto* mx = std::get_if<SpfMx>(&directive.mechanism);
    const bool permits = directive.qualifier == SpfQualifier::kPass && (mx == nullptr || mx->domain);
    if (permits) {
      if (!terms.empty()) terms += ' ';
      terms += text.substr(directive.offset, directive.length);
    }
    if (std::holds_alternative<SpfAll>(directive.mechanism)) break;
  }
  return terms;
}

}  // namespace

Advice& AdviceList::add(AdviceCode code, std::string subject) {
  Advice& advice = advice_.emplace_back(advice_of(code));
  advice.subject = std::move(subject);
  return advice;
}

std::vector<Advice> AdviceList::take() {
  std::array<std::size_t, kAdviceCodeCount> given{};
  std::erase_if(advice_, [&](const Advice& advice) {
    return ++given[static_cast<std::size_t>(advice.code)] > kMaxOfOneCode;
  });
  // (std::stable_sort of this library is deprecated inside, which clang reports.)
  std::vector<Advice> sorted;
  for (const auto severity : {AdviceSeverity::kProblem, AdviceSeverity::kWarning, AdviceSeverity::kNote}) {
    for (Advice& advice : advice_) {
      if (advice.severity == severity) sorted.push_back(std::move(advice));
    }
  }
  advice_.clear();
  return sorted;
}

const dns::LookupOutcome* measured(const Inquiry& inquiry, const std::optional<dns::DomainName>& name,
                                   RrType type) {
  if (!name) return nullptr;
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (asked.question.type != type || !(asked.question.name == *name)) continue;
    const bool is_known = asked.outcome && !std::holds_alternative<dns::Failure>(*asked.outcome);
    return is_known ? &*asked.outcome : nullptr;
  }
  return nullptr;
}

void advise_on_mx(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list) {
  const dns::LookupOutcome* mx = measured(inquiry, domain, RrType::kMx);
  const auto* answer = mx == nullptr ? nullptr : std::get_if<dns::Answer>(mx);
  if (answer == nullptr) return;
  const auto set = parse_mx_set(answer->rrset);
  if (!set) return;
  for (const MxHost& host : set->hosts) {
    if (has_address_literal(MxSet{{host}})) list.add(AdviceCode::kMxAddressLiteral, host.exchange.to_text());
  }
  const auto null_host = std::find_if(set->hosts.begin(), set->hosts.end(),
                                      [](const MxHost& host) { return host.exchange.is_root(); });
  if (null_host == set->hosts.end()) return;
  if (set->hosts.size() > 1) {
    list.add(AdviceCode::kNullMxBesideOthers);
    return;
  }
  if (null_host->preference != 0)
    list.add(AdviceCode::kNullMxPreference, fmt::format("{} .", null_host->preference));

  const dns::LookupOutcome* txt = measured(inquiry, domain, RrType::kTxt);
  if (txt == nullptr) return;
  std::vector<std::string> records = text_records(*txt);
  std::erase_if(records, [](const std::string& text) { return !is_spf_record(text); });
  if (records.size() != 1) return;
  const auto record = parse_spf(records.front());
  if (!record) return;
  std::string terms = permitting_terms(records.front(), *record);
  if (!terms.empty()) list.add(AdviceCode::kNullMxPermitsSenders, std::move(terms));
}

void advise_on_wildcards(const dns::DomainName& domain, const data::Observation& observation,
                         const Inquiry& inquiry, AdviceList& list) {
  switch (observation.domainkeys_evidence) {
    case data::DomainkeysEvidence::kSameAsWildcard:
      list.add(AdviceCode::kWildcardAtDomainkey);
      break;
    case data::DomainkeysEvidence::kWildcardVaries:
      list.add(AdviceCode::kWildcardVaries);
      break;
    default:
      break;
  }
  const auto wildcard_name = domain.child("*");
  const auto dmarc_name = domain.child("_dmarc");
  const dns::LookupOutcome* wildcard = measured(inquiry, wildcard_name, RrType::kTxt);
  const dns::LookupOutcome* dmarc = measured(inquiry, dmarc_name, RrType::kTxt);
  if (wildcard == nullptr || dmarc == nullptr || !std::holds_alternative<dns::Answer>(*dmarc)) return;
  if (!(AnswerSection(*wildcard, *wildcard_name) == AnswerSection(*dmarc, *dmarc_name))) return;
  const std::vector<std::string> texts = text_records(*dmarc);
  const bool has_record = std::any_of(texts.begin(), texts.end(), is_dmarc_record);
  list.add(has_record ? AdviceCode::kDmarcFromWildcard : AdviceCode::kWildcardAtDmarc,
           wildcard_name->to_text());
}

std::vector<Advice> advise(const dns::DomainName& domain, const data::Observation& observation,
                           const Inquiry& inquiry) {
  AdviceList list;
  advise_on_mx(domain, inquiry, list);
  advise_on_spf(domain, inquiry, list);
  advise_on_dmarc(domain, inquiry, list);
  advise_on_wildcards(domain, observation, inquiry, list);
  return list.take();
}

std::vector<Advice> advise_on_policy(const DmarcDiscovery& discovery) {
  AdviceList list;
  advise_on_discovery(discovery, list);
  return list.take();
}

std::vector<Advice> advise_on_evaluation(const PermittedSpace& space) {
  AdviceList list;
  advise_on_breaks(space, list);
  return list.take();
}

std::vector<Advice> advise(const dns::DomainName& domain, const data::Observation& observation,
                           const Inquiry& inquiry, const DmarcDiscovery& discovery,
                           const PermittedSpace* space) {
  AdviceList list;
  advise_on_mx(domain, inquiry, list);
  advise_on_spf(domain, inquiry, list);
  if (space != nullptr) advise_on_breaks(*space, list);
  advise_on_dmarc(domain, inquiry, list);
  advise_on_discovery(discovery, list);
  advise_on_wildcards(domain, observation, inquiry, list);
  return list.take();
}

}  // namespace dauth::scanner

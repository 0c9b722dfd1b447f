// Words for the findings of the DomainKeys, DKIM policy and DMARC probes.
#include <fmt/format.h>

#include <algorithm>

#include "scanner/cli/check/finding_reasons.h"
#include "scanner/cli/check/finding_words.h"
#include "scanner/record/dmarc_record.h"
#include "scanner/record/domainkeys_policy.h"

namespace dauth::scanner::cli {
namespace {

using data::DomainkeysEvidence;
using data::Metric;
using dns::RrType;

bool shows(const std::vector<std::string>& texts, bool (*is_such)(std::string_view)) {
  return std::any_of(texts.begin(), texts.end(), is_such);
}

ReasonWords signing_policy_words(const data::Observation& found, const SurveyAnswers& answers) {
  if (!found[Metric::kDomainkeysSubdomain].is_published())
    return {"there is no _domainkey below which it could stand", procedure()};
  if (shows(answers.texts(answers.below_subdomain("_policy"), RrType::kTxt), is_signing_policy))
    return {"a TXT record at _policy._domainkey is a policy of the signing-policy drafts", procedure()};
  if (shows(answers.texts(answers.below_subdomain("_adsp"), RrType::kTxt), is_adsp_record))
    return {"a TXT record at _adsp._domainkey begins with dkim=", "RFC 5617 section 4.2.1"};
  return {"neither _policy._domainkey nor _adsp._domainkey has one", "RFC 5617 section 4.2.1"};
}

ReasonWords domainkeys_policy_words(const data::Observation& found, const SurveyAnswers& answers) {
  constexpr const char* kRule = "RFC 4870 section 3.6";
  if (found[Metric::kDomainkeysPolicy].is_published())
    return {"a TXT record at _domainkey is a list of the tags o, t, n, r", kRule};
  if (shows(answers.texts(answers.subdomain(), RrType::kTxt), is_domainkeys_policy))
    return {"the policy that is answered there is the wildcard's, as the subdomain is", kRule};
  if (found[Metric::kDomainkeysSubdomain].is_absent()) return {"there is no _domainkey to hold it", kRule};
  return {"no TXT record at _domainkey is a list of the tags o, t, n, r", kRule};
}

std::string policy_words(const DmarcRecord& record) {
  switch (record.policy_source) {
    case DmarcPolicySource::kPublished:
      break;
    case DmarcPolicySource::kMissing:
      return "policy none, since there is no p=";
    case DmarcPolicySource::kInvalidToNone:
      return "policy none, since p=, sp= or np= is invalid and rua= is not";
  }
  switch (record.policy) {
    case DmarcPolicy::kNone:
      return "policy none: nothing is asked of receivers but reports";
    case DmarcPolicy::kQuarantine:
      return "policy quarantine";
    case DmarcPolicy::kReject:
      return "policy reject";
  }
  return "";
}

}  // namespace

std::string_view evidence_words(DomainkeysEvidence evidence) {
  switch (evidence) {
    case DomainkeysEvidence::kNone:
      return "";
    case DomainkeysEvidence::kNameError:
      return "the name does not exist";
    case DomainkeysEvidence::kOwnZone:
      return "a zone of its own: it has an SOA";
    case DomainkeysEvidence::kNoWildcard:
      return "it exists, and the domain has no wildcard";
    case DomainkeysEvidence::kSameAsWildcard:
      return "it answers what the domain's wildcard answers";
    case DomainkeysEvidence::kBothEmpty:
      return "neither it nor the wildcard has an answer to compare";
    case DomainkeysEvidence::kDiffersFromWildcard:
      return "it answers otherwise than the domain's wildcard";
    case DomainkeysEvidence::kWildcardVaries:
      return "the wildcard's answers change from name to name";
    case DomainkeysEvidence::kLookupFailure:
      return "a question about it failed";
  }
  return "";
}

ReasonWords domainkeys_words(Metric metric, const data::Observation& found, const SurveyAnswers& answers) {
  switch (metric) {
    case Metric::kDkimPolicy:
      return signing_policy_words(found, answers);
    case Metric::kDomainkeysPolicy:
      return domainkeys_policy_words(found, answers);
    case Metric::kDomainkeysByA:
      if (found[Metric::kDomainkeysSubdomain].is_absent())
        return {"there is no _domainkey to be told from a wildcard", procedure()};
      return {found[metric].is_published() ? "only type A told the subdomain from a wildcard"
                                           : "no type but TXT was needed to find the subdomain",
              procedure()};
    default:
      return {std::string(evidence_words(found.domainkeys_evidence)), procedure()};
  }
}

ReasonWords dmarc_words(Metric metric, const data::Observation& found, const SurveyAnswers& answers) {
  const auto name = answers.domain().child("_dmarc");
  const std::vector<std::string> texts = answers.texts(name, RrType::kTxt);
  std::vector<std::string> records;
  std::copy_if(texts.begin(), texts.end(), std::back_inserter(records), is_dmarc_record);
  if (metric == Metric::kDmarcMultiple) {
    if (records.size() < 2) return {"not more than one record begins with v=DMARC1", procedure()};
    return {fmt::format("{} records begin with v=DMARC1; more than one counts as none", records.size()),
            procedure()};
  }
  if (records.size() > 1)
    return {fmt::format("{} records begin with v=DMARC1; more than one counts as none", records.size()),
            procedure()};
  if (records.empty()) {
    if (!name) return {"the name _dmarc before it would be too long", procedure()};
    const bool has_texts = !texts.empty();
    return {fmt::format("{} TXT: {}", name->to_text(),
                        has_texts ? "no record begins with v=DMARC1"
                                  : outcome_words(answers.outcome(name, RrType::kTxt))),
            has_texts ? "RFC 9989 section 4.8" : procedure()};
  }
  const auto record = parse_dmarc(records.front());
  if (metric == Metric::kDmarc) return {"one record begins with v=DMARC1", "RFC 9989 section 4.8"};
  if (!record) {
    return {fmt::format("invalid at octet {}: {}, and no valid rua=", record.error().offset,
                        record.error().reason),
            std::string(record.error().section)};
  }
  switch (metric) {
    case Metric::kDmarcRua:
      return {record->asks_for_reports()
                  ? fmt::format("{} in rua=", counted(record->aggregate_report_uris.size(), "valid address"))
                  : "no valid URI in rua=",
              "RFC 9989 section 4.7"};
    case Metric::kDmarcTesting:
      return {found[metric].is_published() ? "t=y: the policy is not to be applied yet" : "no t=y",
              "RFC 9989 section 4.7"};
    case Metric::kDmarcInvalid:
      return {"a policy can be had from the record", "RFC 9989 section 4.10.1"};
    default:
      return {policy_words(*record), record->policy_source == DmarcPolicySource::kInvalidToNone
                                         ? "RFC 9989 section 4.10.1"
                                         : "RFC 9989 section 4.7"};
  }
}

}  // namespace dauth::scanner::cli

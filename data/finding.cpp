#include "data/finding.h"

#include <algorithm>

namespace dauth::data {
namespace {

bool is_failure(Cause cause) {
  return cause != Cause::kNone && cause != Cause::kNotAsked && cause != Cause::kExcluded;
}

template <class Holds>
std::uint32_t count_decisive(const Observation& observation, Holds holds) {
  constexpr std::array kDecisive = {Metric::kMx, Metric::kSpf, Metric::kDomainkeysSubdomain, Metric::kDmarc};
  return static_cast<std::uint32_t>(std::count_if(kDecisive.begin(), kDecisive.end(), [&](Metric metric) {
    return observation[metric].is_unmeasured() && holds(observation[metric].cause);
  }));
}

constexpr std::array<std::string_view, kMetricCount> kMetricNames = {"exists",
                                                                     "mx",
                                                                     "null_mx",
                                                                     "mx_address_literal",
                                                                     "spf",
                                                                     "spf_txt",
                                                                     "spf_type99",
                                                                     "spf_record",
                                                                     "spf_multiple",
                                                                     "spf_invalid",
                                                                     "spf_all_fail",
                                                                     "spf_all_softfail",
                                                                     "spf_all_neutral",
                                                                     "spf_all_pass",
                                                                     "spf_redirect",
                                                                     "spf_no_all",
                                                                     "spf_with_mx",
                                                                     "sender_id",
                                                                     "domainkeys_subdomain",
                                                                     "domainkeys_by_a",
                                                                     "domainkeys_policy",
                                                                     "dkim_policy",
                                                                     "dmarc",
                                                                     "dmarc_none",
                                                                     "dmarc_quarantine",
                                                                     "dmarc_reject",
                                                                     "dmarc_rua",
                                                                     "dmarc_testing",
                                                                     "dmarc_multiple",
                                                                     "dmarc_invalid",
                                                                     "dmarc_with_mx",
                                                                     "mx_ipv6",
                                                                     "mx_no_address"};

constexpr std::array<Metric, kMetricCount> kAllMetrics = [] {
  std::array<Metric, kMetricCount> metrics{};
  for (std::size_t i = 0; i < kMetricCount; ++i) metrics[i] = static_cast<Metric>(i);
  return metrics;
}();

}  // namespace

Cause cause_of(dns::FailureCause failure) {
  switch (failure) {
    case dns::FailureCause::kTimeout:
      return Cause::kTimeout;
    case dns::FailureCause::kServfail:
      return Cause::kServfail;
    case dns::FailureCause::kRefused:
      return Cause::kRefused;
    case dns::FailureCause::kNotimp:
      return Cause::kNotimp;
    case dns::FailureCause::kFormerr:
      return Cause::kFormerr;
    case dns::FailureCause::kOtherRcode:
      return Cause::kOtherRcode;
    case dns::FailureCause::kMalformed:
      return Cause::kMalformed;
    case dns::FailureCause::kTruncated:
      return Cause::kTruncated;
    case dns::FailureCause::kCnameLoop:
      return Cause::kCnameLoop;
    case dns::FailureCause::kReferral:
      return Cause::kReferral;
    case dns::FailureCause::kUnfinishedChain:
      return Cause::kUnfinishedChain;
    case dns::FailureCause::kUnreachable:
      return Cause::kUnreachable;
    case dns::FailureCause::kNotAsked:
      return Cause::kNotAsked;
    case dns::FailureCause::kExcluded:
      return Cause::kExcluded;
  }
  return Cause::kMalformed;
}

std::string_view to_text(Cause cause) {
  switch (cause) {
    case Cause::kNone:
      return "";
    case Cause::kTimeout:
      return "timeout";
    case Cause::kServfail:
      return "servfail";
    case Cause::kRefused:
      return "refused";
    case Cause::kNotimp:
      return "notimp";
    case Cause::kFormerr:
      return "formerr";
    case Cause::kOtherRcode:
      return "other_rcode";
    case Cause::kMalformed:
      return "malformed";
    case Cause::kTruncated:
      return "truncated";
    case Cause::kCnameLoop:
      return "cname_loop";
    case Cause::kReferral:
      return "referral";
    case Cause::kUnfinishedChain:
      return "unfinished_chain";
    case Cause::kUnreachable:
      return "unreachable";
    case Cause::kWildcardVaries:
      return "wildcard_varies";
    case Cause::kNotAsked:
      return "not_asked";
    case Cause::kExcluded:
      return "excluded";
    case Cause::kPersistentServfail:
      return "persistent_servfail";
  }
  return "";
}

std::optional<Cause> cause_from_number(std::int64_t number) {
  if (number < 0 || number > 255) return std::nullopt;
  const auto cause = static_cast<Cause>(number);
  if (cause != Cause::kNone && to_text(cause).empty()) return std::nullopt;
  return cause;
}

std::string_view to_text(FindingState state) {
  switch (state) {
    case FindingState::kAbsent:
      return "absent";
    case FindingState::kPublished:
      return "published";
    case FindingState::kUnmeasured:
      return "unmeasured";
  }
  return "unmeasured";
}

std::string_view to_text(Metric metric) {
  return kMetricNames[static_cast<std::size_t>(metric)];
}

std::optional<Metric> metric_from_text(std::string_view name) {
  const auto* found = std::find(kMetricNames.begin(), kMetricNames.end(), name);
  if (found == kMetricNames.end()) return std::nullopt;
  return static_cast<Metric>(found - kMetricNames.begin());
}

std::span<const Metric> all_metrics() {
  return kAllMetrics;
}

std::string_view to_text(DomainkeysEvidence evidence) {
  switch (evidence) {
    case DomainkeysEvidence::kNone:
      return "";
    case DomainkeysEvidence::kNameError:
      return "name_error";
    case DomainkeysEvidence::kOwnZone:
      return "own_zone";
    case DomainkeysEvidence::kNoWildcard:
      return "no_wildcard";
    case DomainkeysEvidence::kSameAsWildcard:
      return "same_as_wildcard";
    case DomainkeysEvidence::kBothEmpty:
      return "both_empty";
    case DomainkeysEvidence::kDiffersFromWildcard:
      return "differs_from_wildcard";
    case DomainkeysEvidence::kWildcardVaries:
      return "wildcard_varies";
    case DomainkeysEvidence::kLookupFailure:
      return "lookup_failure";
  }
  return "";
}

Observation Observation::all_unmeasured(Cause cause) {
  Observation observation;
  observation.findings_.fill(Finding::unmeasured(cause));
  return observation;
}

std::string_view spf_all_text(const Observation& observation) {
  const auto published = [&](Metric metric) { return observation[metric].is_published(); };
  if (observation[Metric::kSpfRecord].is_unmeasured()) return "unmeasured";
  if (published(Metric::kSpfMultiple)) return "multiple";
  if (published(Metric::kSpfInvalid)) return "invalid";
  if (published(Metric::kSpfAllFail)) return "fail";
  if (published(Metric::kSpfAllSoftfail)) return "softfail";
  if (published(Metric::kSpfAllNeutral)) return "neutral";
  if (published(Metric::kSpfAllPass)) return "pass";
  if (published(Metric::kSpfRedirect)) return "redirect";
  if (published(Metric::kSpfNoAll)) return "none";
  return "";
}

std::string_view dmarc_policy_text(const Observation& observation) {
  if (observation[Metric::kDmarc].is_unmeasured()) return "unmeasured";
  if (observation[Metric::kDmarcNone].is_published()) return "none";
  if (observation[Metric::kDmarcQuarantine].is_published()) return "quarantine";
  if (observation[Metric::kDmarcReject].is_published()) return "reject";
  return "";
}

Cause first_cause(const Observation& observation) {
  // The order of the export's header.
  constexpr std::array kOrder = {Metric::kMx,
                                 Metric::kNullMx,
                                 Metric::kSpf,
                                 Metric::kSpfTxt,
                                 Metric::kSpfType99,
                                 Metric::kSpfRecord,
                                 Metric::kSenderId,
                                 Metric::kDomainkeysSubdomain,
                                 Metric::kDomainkeysPolicy,
                                 Metric::kDkimPolicy,
                                 Metric::kDmarc,
                                 Metric::kExists,
                                 Metric::kMxAddressLiteral,
                                 Metric::kDmarcMultiple,
                                 Metric::kDmarcInvalid};
  for (const Metric metric : kOrder) {
    if (observation[metric].is_unmeasured()) return observation[metric].cause;
  }
  return Cause::kNone;
}

bool has_lookup_failure(const Observation& observation) {
  return lookup_failures(observation) > 0;
}

std::uint32_t lookup_failures(const Observation& observation) {
  return count_decisive(observation, is_failure);
}

bool has_mx_host_failure(const Observation& observation) {
  return is_failure(observation[Metric::kMxIpv6].cause) ||
         is_failure(observation[Metric::kMxNoAddress].cause);
}

std::uint32_t lookup_failures(const Observation& observation, Cause cause) {
  return count_decisive(observation, [cause](Cause each) { return each == cause; });
}

void mark_servfail_as_persistent(Observation& observation) {
  for (const Metric metric : all_metrics()) {
    if (observation[metric] == Finding::unmeasured(Cause::kServfail))
      observation[metric] = Finding::unmeasured(Cause::kPersistentServfail);
  }
}

}  // namespace dauth::data

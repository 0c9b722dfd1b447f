// Advice: what a postmaster should look at in the records of a domain, and what to do about it.
//
// Pure functions over what was asked and answered. Nothing is said where the facts were not measured: a
// question that failed or was not asked gives no advice. Of one code no more than kMaxOfOneCode are given: a
// hostile record has thousands of tags.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/finding.h"
#include "scanner/postmaster/dmarc_discovery.h"
#include "scanner/probe/inquiry.h"
#include "scanner/spf/permitted_space.h"

namespace dauth::scanner {

enum class AdviceCode : std::uint8_t {
  // MX
  kMxAddressLiteral,
  kNullMxBesideOthers,
  kNullMxPreference,
  kNullMxPermitsSenders,
  // SPF
  kSpfMultiple,
  kSpfInvalid,
  kSpfNearMiss,
  kSpfPassAll,
  kSpfNeutralAll,
  kSpfNoAll,
  kSpfTermsAfterAll,
  kSpfRedirectBesideAll,
  kSpfPtr,
  // SPF as check_host() meets it
  kSpfIncludeNoRecord,
  kSpfRedirectNoRecord,
  kSpfTooManyLookups,
  kSpfTooManyVoidLookups,
  kSpfTooManyMxHosts,
  kSpfIncludedInvalid,
  kSpfLookupFailed,
  // Type 99, sizes
  kSpfType99Only,
  kSpfType99Differs,
  kSpfType99,
  kSpfRecordLong,
  kTxtAnswerLong,
  // DMARC, the record of the domain itself
  kDmarcMultiple,
  kDmarcInvalid,
  kDmarcInvalidCountsAsNone,
  kDmarcNearMiss,
  kDmarcAtDomain,
  kDmarcPolicyMissing,
  kDmarcNone,
  kDmarcTesting,
  kDmarcNoReports,
  kDmarcIgnored,
  kDmarcTagGone,
  kDmarcTagUnknown,
  kDmarcReportSize,
  kDmarcFoWithoutRuf,
  // Wildcards
  kDmarcFromWildcard,
  kWildcardAtDmarc,
  kWildcardAtDomainkey,
  kWildcardVaries,
  // DMARC as the tree walk finds it
  kDmarcMissing,
  kDmarcInheritedNone,
  kDmarcInheritedNoReports,
  kDmarcInheritedInvalid,
  kReportsNotAuthorized,
  kReportsOverriddenOutside,
  kReportsNowhere,
};
inline constexpr std::size_t kMaxOfOneCode = 16;
inline constexpr std::size_t kAdviceCodeCount = static_cast<std::size_t>(AdviceCode::kReportsNowhere) + 1;

// "spf_multiple", ...
std::string_view to_text(AdviceCode code);

enum class AdviceSeverity : std::uint8_t {
  kProblem,  // mail is lost, forged, or the record has no effect
  kWarning,  // works, but hardly as meant
  kNote,     // good to know
};
// "problem", "warning", "note"
std::string_view to_text(AdviceSeverity severity);

struct Advice {
  AdviceCode code = AdviceCode::kMxAddressLiteral;
  AdviceSeverity severity = AdviceSeverity::kNote;
  std::string_view text;       // what is the matter, one or two sentences
  std::string_view reference;  // "RFC 7208 section 4.5"
  std::string_view remedy;     // what to do
  // What it is about: a record, term, tag or name, as published, so hostile octets; may be empty.
  std::string subject;
};

// About the records of the domain itself: MX, SPF, the TXT RRs at `_dmarc`, wildcards. The most severe first.
// `inquiry` has asked what probe_domain() asks.
std::vector<Advice> advise(const dns::DomainName& domain, const data::Observation& observation,
                           const Inquiry& inquiry);

// About what the tree walk found: no policy at all, a policy that is inherited, report addresses that get
// nothing. What advise() above says of the domain's own record is not said again.
std::vector<Advice> advise_on_policy(const DmarcDiscovery& discovery);

// About an evaluation of SPF that can end with an error behind the domain's own record, which the first
// function speaks of.
std::vector<Advice> advise_on_evaluation(const PermittedSpace& space);

// All of these, the most severe first; `space` is null where the SPF record was not followed.
std::vector<Advice> advise(const dns::DomainName& domain, const data::Observation& observation,
                           const Inquiry& inquiry, const DmarcDiscovery& discovery,
                           const PermittedSpace* space);

}  // namespace dauth::scanner

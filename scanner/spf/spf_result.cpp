#include "scanner/spf/spf_result.h"

namespace dauth::scanner {

std::string_view to_text(SpfResult result) {
  switch (result) {
    case SpfResult::kNone:
      return "none";
    case SpfResult::kNeutral:
      return "neutral";
    case SpfResult::kPass:
      return "pass";
    case SpfResult::kFail:
      return "fail";
    case SpfResult::kSoftfail:
      return "softfail";
    case SpfResult::kTemperror:
      return "temperror";
    case SpfResult::kPermerror:
      return "permerror";
  }
  return "";
}

std::string_view to_text(SpfReason reason) {
  switch (reason) {
    case SpfReason::kMatched:
      return "a directive matched";
    case SpfReason::kNoMatch:
      return "no directive matched";
    case SpfReason::kMalformedDomain:
      return "the domain is no name with at least two labels";
    case SpfReason::kNoRecord:
      return "the domain has no SPF record";
    case SpfReason::kSeveralRecords:
      return "the domain has more than one SPF record";
    case SpfReason::kSyntax:
      return "the record has an error of syntax";
    case SpfReason::kLookupFailed:
      return "a DNS lookup failed";
    case SpfReason::kTooManyTerms:
      return "more than 10 terms ask the DNS";
    case SpfReason::kTooManyVoidLookups:
      return "more than 2 lookups found nothing";
    case SpfReason::kTooManyMxHosts:
      return "more than 10 MX records for one mx";
    case SpfReason::kIncludeNoRecord:
      return "an included domain has no SPF record";
    case SpfReason::kRedirectNoRecord:
      return "the domain that redirect names has no SPF record";
  }
  return "";
}

std::string_view section_of(SpfReason reason) {
  switch (reason) {
    case SpfReason::kMatched:
      return "RFC 7208 section 4.6.2";
    case SpfReason::kNoMatch:
      return "RFC 7208 section 4.7";
    case SpfReason::kMalformedDomain:
      return "RFC 7208 section 4.3";
    case SpfReason::kNoRecord:
    case SpfReason::kSeveralRecords:
      return "RFC 7208 section 4.5";
    case SpfReason::kSyntax:
      return "RFC 7208 section 4.6";
    case SpfReason::kLookupFailed:
      return "RFC 7208 section 2.6.6";
    case SpfReason::kTooManyTerms:
    case SpfReason::kTooManyVoidLookups:
    case SpfReason::kTooManyMxHosts:
      return "RFC 7208 section 4.6.4";
    case SpfReason::kIncludeNoRecord:
      return "RFC 7208 section 5.2";
    case SpfReason::kRedirectNoRecord:
      return "RFC 7208 section 6.1";
  }
  return "";
}

}  // namespace dauth::scanner

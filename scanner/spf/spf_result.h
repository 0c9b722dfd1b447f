// What check_host() comes to (RFC 7208 section 2.6) and why.
//
// Plain values. Texts that came from the DNS or from the client are octets as they came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/lookup_outcome.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

enum class SpfResult : std::uint8_t {
  kNone,
  kNeutral,
  kPass,
  kFail,
  kSoftfail,
  kTemperror,
  kPermerror,
};

// "none", "neutral", ...: the words of section 2.6.
std::string_view to_text(SpfResult result);

enum class SpfReason : std::uint8_t {
  kMatched,             // a directive matched: its qualifier is the result (section 4.6.2)
  kNoMatch,             // nothing matched and there is no redirect: neutral (section 4.7)
  kMalformedDomain,     // no name of at least two labels to ask about: none (section 4.3)
  kNoRecord,            // none (section 4.5)
  kSeveralRecords,      // permerror (section 4.5)
  kSyntax,              // permerror (section 4.6)
  kLookupFailed,        // temperror (sections 2.6.6, 4.4, 5)
  kTooManyTerms,        // over 10 terms that ask the DNS: permerror (section 4.6.4)
  kTooManyVoidLookups,  // over 2 lookups without an answer: permerror (section 4.6.4)
  kTooManyMxHosts,      // over 10 MX RRs for one `mx`: permerror (section 4.6.4)
  kIncludeNoRecord,     // an `include` of a domain without a record: permerror (section 5.2)
  kRedirectNoRecord,    // a `redirect` to a domain without a record: permerror (section 6.1)
};

// A short English phrase, and the section that says so ("RFC 7208 section 4.6.4").
std::string_view to_text(SpfReason reason);
std::string_view section_of(SpfReason reason);

// Why a record has its result. Where the result came from an included or redirected record, this is the cause
// there, so `domain` may be another than the one asked about.
struct SpfCause {
  SpfReason reason = SpfReason::kNoRecord;
  std::string domain;                        // whose record, or what could not be asked
  std::string term;                          // the term concerned, as published; empty: the whole record
  std::optional<RecordError> syntax;         // kSyntax
  std::optional<dns::FailureCause> failure;  // kLookupFailed
  std::string failed_question;               // kLookupFailed: "example.jp TXT"
};

}  // namespace dauth::scanner

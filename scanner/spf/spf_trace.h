// The tree that an evaluation of SPF leaves behind: records, their terms, what each asked and came to.
//
// Plain values that own what they hold. Used both for one sender (check_host.h) and for a record without one
// (permitted_space.h). Texts that came from the DNS or from the client are octets as they came; names that
// were asked are in presentation form (DomainName::to_text()).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "scanner/record/spf_record.h"
#include "scanner/spf/spf_result.h"

namespace dauth::scanner {

enum class SpfTermKind : std::uint8_t { kAll, kInclude, kA, kMx, kPtr, kIp4, kIp6, kExists, kRedirect, kExp };

// "all", "include", ...
std::string_view to_text(SpfTermKind kind);

enum class SpfTermOutcome : std::uint8_t {
  // Something before it decided, or it cannot have an effect (behind `all`, `redirect` beside it). Without a
  // sender: no client comes to it, though it may be followed for the count.
  kNotReached,
  kMatch,         // the sender; without a sender: some addresses
  kNoMatch,       // without a sender: no address at all
  kError,         // the evaluation ended here with temperror or permerror
  kFollowed,      // `redirect`: the result is that of the other record; `exp`: its text was taken
  kIgnored,       // `exp` without an explanation to be had (section 6.2)
  kNotCountable,  // without a sender only: what it matches depends on the sender
};

std::string_view to_text(SpfTermOutcome outcome);

// One question that a term asked.
struct SpfLookup {
  std::string name;  // presentation form
  dns::RrType type = dns::RrType::kA;
  std::string outcome;   // "3 answers", "no data", "name error", "failure (timeout)"
  bool is_void = false;  // section 4.6.4: no answer, and counted
};

struct SpfRecordTrace;

struct SpfTermTrace {
  SpfTermKind kind = SpfTermKind::kAll;
  SpfQualifier qualifier = SpfQualifier::kPass;  // of mechanisms
  std::string text;                              // as published
  std::string target;             // the domain that it is about, macros expanded; empty: none, or not reached
  bool counts = false;            // one of the 10 of section 4.6.4, and reached
  bool has_target_error = false;  // the expanded target is no name that could be asked (section 4.8)
  SpfTermOutcome outcome = SpfTermOutcome::kNotReached;
  std::vector<SpfLookup> lookups;
  std::vector<SpfRecordTrace> nested;  // the record of an `include` or `redirect`: none or one
};

struct SpfRecordTrace {
  std::string domain;                 // presentation form, or what was to be one
  std::optional<std::string> record;  // as published, its strings joined; nothing without exactly one
  std::vector<SpfTermTrace> terms;    // in the order of evaluation: mechanisms, then `redirect`, `exp`
  std::optional<SpfResult> result;    // nothing without a sender, unless no sender can get another
  SpfCause cause;                     // of the result; without one, not set
  // Terms of this record and of those nested in it that ask the DNS and were reached.
  std::size_t dns_terms = 0;
};

// Whether such a term is one of the 10 of section 4.6.4.
bool asks_dns(SpfTermKind kind);

// The terms of a record that was parsed from `text`, none of them evaluated yet: its directives, then
// `redirect` and `exp` where they are there.
std::vector<SpfTermTrace> terms_of(const SpfRecord& record, std::string_view text);

// The domain-spec of a mechanism; nullptr where it has none.
const MacroString* target_of(const SpfMechanism& mechanism);

// What an address that matches nothing gets, through `redirect` to its end; nothing where that is not known.
std::optional<SpfAllPolicy> ending_of(const SpfRecordTrace& trace);

// Writes down what a term asked; gives the outcome back.
const dns::LookupOutcome& note_lookup(SpfTermTrace& term, const dns::DomainName& name, dns::RrType type,
                                      const dns::LookupOutcome& outcome);

}  // namespace dauth::scanner

// The proposal of 2005 (WIDE annual report 2005, part 31, chapter 3): where SPF gives softfail or fail the
// receiver should accept the mail, but need not return a bounce for it should it prove undeliverable.
//
// Pure. Texts are octets of records.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scanner/spf/check_host.h"

namespace dauth::scanner {

enum class BounceDuty : std::uint8_t {
  kAsUsual,    // accept; undeliverable mail is returned: pass, neutral, none
  kNotNeeded,  // accept; no bounce need be returned: softfail, fail
  kUnknown,    // SPF could not be evaluated (temperror, permerror), so the proposal says nothing
  kNever,      // the null reverse-path: nobody may be sent a bounce (RFC 5321 section 6.1)
};

// A `?all` that alone matched the sender, so that `~all` in its place would make the result softfail.
struct SofterAll {
  std::string domain;  // whose record has the term
  std::string term;    // as published, "?all" in whatever case
};

struct BounceAdvice {
  SpfResult result = SpfResult::kNone;
  BounceDuty duty = BounceDuty::kAsUsual;
  std::optional<SofterAll> change;  // only where it would change the duty for this sender
};

enum class ReversePath : bool { kNull, kAddress };

// Of the MAIL FROM identity.
BounceAdvice bounce_advice(const SpfEvaluation& evaluation, ReversePath reverse_path);

}  // namespace dauth::scanner

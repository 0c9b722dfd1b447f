// What an evaluation of SPF is in words, for the page and for JSON alike.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanner/spf/examine_spf.h"

namespace dauth::scanner::cli {

// "matched", "no_record", ...
std::string_view spf_reason_word(SpfReason reason);
// A sentence: what the reason is, where, and what to do about it.
std::string spf_cause_text(const SpfCause& cause);
// A sentence: which mechanism matched, or why none did.
std::string spf_result_text(const SpfEvaluation& evaluation);
// Whether a tree is that of one sender, or of all at once.
enum class SpfTreeOf : bool { kOneSender, kAllSenders };

// A term of the tree and what it came to: "+a:mail.example.jp  no match; mail.example.jp A: 1 answer".
std::string spf_term_text(const SpfTermTrace& term, SpfTreeOf tree);

// "as_usual", "not_needed", "unknown", "never".
std::string_view bounce_word(BounceDuty duty);
std::string bounce_text(const BounceAdvice& advice);

// "256 IPv4 addresses".
std::string ipv4_size_text(std::uint64_t addresses);
// "118,784 networks of /64 in IPv6", "2 networks of /64 and 1 address in IPv6", "16 IPv6 addresses"; from the
// number in decimal digits.
std::string ipv6_size_text(const std::string& addresses);

}  // namespace dauth::scanner::cli

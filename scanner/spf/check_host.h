// check_host() of RFC 7208 section 4: is this client permitted to send for this domain?
//
// A coroutine on an Inquiry, without socket and clock. All mechanisms and modifiers (sections 5 and 6),
// macros (section 7), and the limits of section 4.6.4: 10 terms that ask the DNS, 2 void lookups, 10 MX
// hosts, 10 PTR names. Includes that nest deeply or in a circle end by the first of them. Only TXT is asked
// (section 3.1). An IPv4 address mapped into IPv6 is the IPv4 address (section 5). A question without an
// answer in time, or with an rcode other than 0 and 3, is a temperror (sections 2.6.6, 4.4, 5).
//
// The arguments hold any octets. Errors: none; every evaluation has a result.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "scanner/probe/probe.h"
#include "scanner/record/ip_address.h"
#include "scanner/spf/spf_trace.h"

namespace dauth::scanner {

inline constexpr std::size_t kSpfMaxDnsTerms = 10;
inline constexpr std::size_t kSpfMaxVoidLookups = 2;
inline constexpr std::size_t kSpfMaxMxHosts = 10;
inline constexpr std::size_t kSpfMaxPtrNames = 10;

struct SpfArguments {
  IpAddress address;   // <ip>
  std::string domain;  // <domain>: of the MAIL FROM or HELO identity
  std::string sender;  // <sender>: local-part@domain; without local-part it is postmaster (section 4.3)
  std::string helo;    // %{h}
  std::string receiver = "unknown";  // %{r}
  std::chrono::sys_seconds now{};    // %{t}
};

// The directive that decided.
struct SpfMatch {
  std::string domain;  // whose record it stands in
  std::string term;    // as published
  SpfTermKind kind = SpfTermKind::kAll;
  SpfQualifier qualifier = SpfQualifier::kPass;
};

struct SpfEvaluation {
  SpfResult result = SpfResult::kNone;
  SpfCause cause;
  std::optional<SpfMatch> match;           // where cause.reason is kMatched
  std::optional<std::string> explanation;  // of a fail, where the domain publishes one (section 6.2)
  std::size_t dns_terms = 0;               // counted so far when the result was there
  std::size_t void_lookups = 0;
  SpfRecordTrace root;
};

Probe<SpfEvaluation> check_host(Inquiry& inquiry, SpfArguments arguments);

}  // namespace dauth::scanner

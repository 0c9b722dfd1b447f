// The mechanisms of SPF against one sender (RFC 7208 section 5), and the state that all of an evaluation
// shares: what check_host.cpp and permitted_space.cpp stand on.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scanner/spf/check_host.h"
#include "scanner/spf/macro_expansion.h"

namespace dauth::scanner {

// One check_host() with all that it includes.
struct SpfState {
  SpfArguments arguments;
  std::string local_part;
  std::string sender_domain;
  std::size_t dns_terms = 0;
  std::size_t void_lookups = 0;
  bool has_counted_validated_name = false;  // the PTR question of %{p}, in the 10
};

// What stopped an evaluation.
struct SpfStop {
  SpfResult result = SpfResult::kPermerror;
  SpfCause cause;
};

struct SpfMechanismOutcome {
  bool matches = false;
  std::optional<SpfStop> stop;
};

enum class SpfCounting : bool { kNo, kYes };  // kNo: for `exp`, whose lookups have no limit

// Counts one more term, or gives the stop where that is one too many.
std::optional<SpfStop> count_term(SpfState& state, const std::string& domain, const std::string& term);

struct SpfExpansion {
  std::string text;
  std::optional<SpfStop> stop;
};

// Expands macros, asking for the validated name of the client where they want it. `domain` is that of the
// record at hand; `term` gets the lookups. The references have to outlive the probe.
Probe<SpfExpansion> expand(Inquiry& inquiry, SpfState& state, const MacroString& macros,
                           const std::string& domain, SpfTermTrace& term, SpfCounting counting);

// All mechanisms but `include`. `target` is the name that it is about; nothing where that is no name.
Probe<SpfMechanismOutcome> evaluate_mechanism(Inquiry& inquiry, SpfState& state,
                                              const SpfMechanism& mechanism,
                                              std::optional<dns::DomainName> target,
                                              const std::string& domain, SpfTermTrace& term);

// The exchanges of MX RRs by preference, without that of a null MX.
std::vector<dns::DomainName> mx_exchanges(const dns::Answer& answer);

// A name as %{d} and %{p} have it: its octets as they are, a dot between labels.
std::string text_of_name(const dns::DomainName& name);

// True where the first `prefix_length` bits of two addresses of one family are the same.
bool same_prefix(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b, std::size_t prefix_length);

}  // namespace dauth::scanner

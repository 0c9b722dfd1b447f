// SpfFamilies: does the SPF policy of a domain cover the address families that its hosts have?
//
// A host with A and AAAA that sends to a receiver which prefers IPv6 comes from its IPv6 address: a policy
// that names IPv4 addresses only fails there (RFC 7208 section 4.6.2: `all` decides).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/postmaster/fact.h"
#include "scanner/record/ip_address.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner {

// What is known of the addresses that the policy permits, with everything that include and redirect bring.
struct SpfCoverage {
  Fact has_record = {};    // yes: one record that can be evaluated
  Fact permits_ipv4 = {};  // some IPv4 address gets "pass"
  Fact permits_ipv6 = {};  // some IPv6 address gets "pass"
  // Some mechanism permits addresses that cannot be enumerated (exists, ptr, macros), so a "no" above is
  // none.
  bool is_countless = false;
  // What an address that matches nothing gets, with `redirect` followed; nothing where that is not known.
  std::optional<SpfAllPolicy> ending = {};
};

enum class SpfFamilyVerdict : std::uint8_t {
  kCovered,      // some address of the family is permitted
  kUncovered,    // hosts have such addresses, none at all is permitted, and `all` is - or ~
  kNotNeeded,    // no host has an address of the family
  kNothingSent,  // the policy permits no address of either family: the domain sends no mail
  kLeftOpen,     // none is permitted, but what matches nothing does not fail
  kNoRecord,     // no SPF policy to compare with
  kUnknown,      // something could not be looked up, or cannot be enumerated
};

// "covered", "uncovered", "not_needed", "nothing_sent", "left_open", "no_record", "unknown".
std::string_view to_text(SpfFamilyVerdict verdict);

struct SpfHostAddress {
  dns::DomainName host;
  IpAddress address;

  friend bool operator==(const SpfHostAddress&, const SpfHostAddress&) = default;
};

struct SpfFamilies {
  SpfCoverage coverage;
  SpfFamilyVerdict ipv4 = SpfFamilyVerdict::kUnknown;
  SpfFamilyVerdict ipv6 = SpfFamilyVerdict::kUnknown;
  std::vector<SpfHostAddress> uncovered = {};  // the addresses of the families that are kUncovered
};

}  // namespace dauth::scanner

// ReceivingSide: where mail for a domain goes (RFC 5321 section 5.1, RFC 7505): its MX hosts, their
// addresses, the reverse names of these, and over which address families it can be reached.
//
// Bounded, since a domain may name thousands: kMaxMxHosts hosts are looked up, in the order of preference,
// and the reverse names of kMaxReverseAddresses addresses. What was left out is counted, and whatever depends
// on it is unknown (kNotAsked).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/postmaster/fact.h"
#include "scanner/postmaster/host_addresses.h"
#include "scanner/postmaster/reverse_names.h"
#include "scanner/postmaster/spf_families.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

inline constexpr std::size_t kMaxMxHosts = 10;
inline constexpr std::size_t kMaxReverseAddresses = 20;

enum class MailRoute : std::uint8_t {
  kMxHosts,   // MX RRs name hosts
  kImplicit,  // no MX RR, but addresses: the domain itself, with preference 0
  kNullMx,    // `0 .`: no mail is accepted
  kNone,      // neither an MX RR nor an address
  kUnknown,   // could not be looked up: ReceivingSide::cause
};

// "mx", "implicit", "null_mx", "none", "unknown".
std::string_view to_text(MailRoute route);

struct MxHostAddress {
  IpAddress address;
  std::optional<ReverseNames> reverse = {};  // nothing beyond the bound
};

struct MxHostReport {
  std::uint16_t preference = 0;
  HostAddresses host;
  std::vector<MxHostAddress> addresses = {};  // those of `host`, in its order
  bool is_root = false;             // "." beside other MX RRs, or with a preference: RFC 7505 section 3
  bool is_address_literal = false;  // "192.0.2.1" written as a name (RFC 1035 section 3.3.9)
};

struct ReceivingSide {
  dns::DomainName domain;
  MailRoute route = MailRoute::kUnknown;
  data::Cause cause = data::Cause::kNotAsked;    // of kUnknown; else kNone
  std::vector<MxHostReport> hosts = {};          // by preference, then name
  std::size_t hosts_not_followed = 0;            // beyond kMaxMxHosts
  std::size_t addresses_not_followed = 0;        // beyond kMaxReverseAddresses
  HostAddresses domain_addresses = {};           // A and AAAA of the domain itself
  Fact reachable_over_ipv4 = {};                 // some host has an A RR
  Fact reachable_over_ipv6 = {};                 // some host has an AAAA RR
  std::optional<SpfFamilies> spf_families = {};  // set by compare_with_spf()
};

// Asks MX at the domain and A and AAAA of the domain; then of each host; then PTR of each address.
Probe<ReceivingSide> examine_receiving_side(Inquiry& inquiry, dns::DomainName domain);

// Sets side.spf_families: the addresses of the hosts and of the domain, which most likely send mail too, held
// against the families that SPF permits.
void compare_with_spf(ReceivingSide& side, const SpfCoverage& coverage);

}  // namespace dauth::scanner

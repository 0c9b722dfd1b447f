// ReverseNames: the PTR names of an address, and whether they lead back to it (forward-confirmed reverse DNS,
// the "iprev" of RFC 8601 section 3; RFC 1912 section 2.1).
//
// At most kMaxReverseNames names are followed, in the order of their octets: an address may have thousands of
// names, and each costs a question.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/postmaster/fact.h"
#include "scanner/probe/probe.h"
#include "scanner/record/ip_address.h"

namespace dauth::scanner {

inline constexpr std::size_t kMaxReverseNames = 10;

struct ReverseName {
  dns::DomainName name;
  Fact leads_back = {};                   // its A or AAAA RRs (of the address's family) hold the address
  std::vector<IpAddress> addresses = {};  // those RRs
};

struct ReverseNames {
  IpAddress address;
  dns::DomainName owner;                // 1.2.0.192.in-addr.arpa
  Fact has_name = {};                   // a PTR RR is there
  std::vector<ReverseName> names = {};  // those that were followed
  std::size_t not_followed = 0;         // names beyond the bound
  // Yes: some name leads back. No: every name was followed and none does, or there is no name.
  Fact confirmed = {};
};

// Asks PTR, and A or AAAA at the names side by side. `first`, where it is among the names, is followed before
// the others, so that it is never one of those beyond the bound.
Probe<ReverseNames> look_up_reverse_names(Inquiry& inquiry, IpAddress address,
                                          std::optional<dns::DomainName> first = std::nullopt);

}  // namespace dauth::scanner

// HostAddresses: the A and AAAA RRs of one host name, and whether the name is an alias.
#pragma once

#include <optional>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/postmaster/fact.h"
#include "scanner/probe/probe.h"
#include "scanner/record/ip_address.h"

namespace dauth::scanner {

struct HostAddresses {
  dns::DomainName host;
  Fact has_ipv4 = {};
  Fact has_ipv6 = {};
  std::vector<IpAddress> addresses = {};  // IPv4 first, in order, each once
  Fact is_alias = {};                     // a CNAME stands at the name, or a DNAME above it
  // Where the chain ends; set where is_alias is yes.
  std::optional<dns::DomainName> canonical_name = {};

  Fact has_address() const { return has_ipv4 || has_ipv6; }
  Fact has_family(IpFamily family) const { return family == IpFamily::kIpv4 ? has_ipv4 : has_ipv6; }
  // Whether `address` is among the addresses; unknown where its family could not be looked up.
  Fact has(const IpAddress& address) const;
};

// Asks A and AAAA at `host` side by side. An RRset with RDATA that is no address leaves its family unknown
// (kMalformed). An AAAA RR that holds an IPv4 address (::ffff:192.0.2.1) makes nobody reachable over IPv6 and
// is passed over.
Probe<HostAddresses> look_up_addresses(Inquiry& inquiry, dns::DomainName host);

}  // namespace dauth::scanner

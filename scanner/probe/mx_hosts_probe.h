// The probe for the MX hosts' addresses (docs/measurement-method.md section 2; RFC 5321 section 5.1): A and
// AAAA at each host that the MX RRset of the domain names.
#pragma once

#include <cstddef>

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

// So many hosts of a domain are asked, the most preferred ones: a bound on what a stranger's RRset can make
// us ask. RFC 5321 section 5.1 lets a client stop after two.
inline constexpr std::size_t kMostMxHosts = 32;

struct MxHostsFindings {
  data::Finding ipv6;        // some host has an AAAA RR
  data::Finding no_address;  // there are MX RRs, and no host has an address
};

// Asks MX at `domain`, which has to outlive the probe, and the hosts as shared questions.
Probe<MxHostsFindings> probe_mx_hosts(Inquiry& inquiry, const dns::DomainName& domain);

}  // namespace dauth::scanner

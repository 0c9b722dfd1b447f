// What a domain's SPF says of all senders at once: the tree of its records, the DNS lookups that it costs,
// and the address space that gets pass.
//
// A coroutine on an Inquiry. An address is permitted where check_host() would come to pass whatever the
// sender's names are: networks of ip4, ip6, a, mx and all, through include and redirect, without those that
// an earlier directive takes away, and without what ends in an error (a limit of section 4.6.4 included);
// networks that overlap are counted once. What a term matches by the sender's names or by a ptr (ptr, macros
// other than %{d}) is not countable: it is counted as a lookup and else passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/probe/probe.h"
#include "scanner/spf/address_set.h"
#include "scanner/spf/spf_trace.h"

namespace dauth::scanner {

// Where the evaluation ends with permerror or temperror for clients that nothing before it decides about.
struct SpfBreak {
  SpfResult result = SpfResult::kPermerror;
  SpfCause cause;
  AddressSet ipv4;  // those clients; never are both empty
  AddressSet ipv6;
};

struct PermittedSpace {
  SpfRecordTrace root;
  // Terms that ask the DNS when nothing matches before the end: what section 4.6.4 limits to 10. Counted on
  // behind the limit, so that one sees how far over it the record is.
  std::size_t dns_terms = 0;
  bool is_count_complete = true;  // false: so many records that counting was given up
  // Void lookups of a sender that nothing matches (section 4.6.4: at most 2), by family since `a` and `mx`
  // ask A for an IPv4 and AAAA for an IPv6 client.
  std::size_t void_lookups_ipv4 = 0;
  std::size_t void_lookups_ipv6 = 0;
  // In the order in which they are met, each once; not what is wrong with the domain's own record, which
  // `root` says.
  std::vector<SpfBreak> breaks;
  AddressSet ipv4;  // what gets pass
  AddressSet ipv6;
  std::uint64_t ipv4_addresses = 0;        // 0 to 2^32
  std::string ipv6_addresses = "0";        // 0 to 2^128, exact, decimal digits
  std::vector<std::string> not_countable;  // "example.jp: exists:%{i}._spf.example.jp"
};

Probe<PermittedSpace> examine_permitted_space(Inquiry& inquiry, dns::DomainName domain);

}  // namespace dauth::scanner

// Groups of senders for whom the evaluation of a record has gone the same way so far.
//
// Plain values, all senders of the world at first (RFC 7208 section 4.6.4 counts for each sender on its own,
// so those who were decided in different places have cost different numbers of lookups).
#pragma once

#include <cstddef>
#include <vector>

#include "scanner/record/ip_address.h"
#include "scanner/spf/address_set.h"

namespace dauth::scanner {

struct Senders {
  IpFamily family = IpFamily::kIpv4;
  AddressSet addresses;
  // What they have cost of the limits, which stop some of them sooner than others.
  std::size_t dns_terms = 0;
  std::size_t void_lookups = 0;
};
using SenderGroups = std::vector<Senders>;

// Every address of both families.
SenderGroups all_senders();

// Unites with the group that has cost the same; nothing for no senders.
void add_group(SenderGroups& groups, Senders senders);
void add_groups(SenderGroups& groups, SenderGroups senders);

// Takes the senders of `family` that are in `addresses` out of `from`.
SenderGroups take_senders(SenderGroups& from, IpFamily family, const AddressSet& addresses);

}  // namespace dauth::scanner

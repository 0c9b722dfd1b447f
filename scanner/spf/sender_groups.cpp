#include "scanner/spf/sender_groups.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner {

SenderGroups all_senders() {
  return {{IpFamily::kIpv4, AddressSet::all(32), 0, 0}, {IpFamily::kIpv6, AddressSet::all(128), 0, 0}};
}

void add_group(SenderGroups& groups, Senders senders) {
  if (senders.addresses.empty()) return;
  const auto same = std::find_if(groups.begin(), groups.end(), [&](const Senders& other) {
    return other.family == senders.family && other.dns_terms == senders.dns_terms &&
           other.void_lookups == senders.void_lookups;
  });
  if (same == groups.end()) {
    groups.push_back(std::move(senders));
  } else {
    same->addresses.unite(senders.addresses);
  }
}

void add_groups(SenderGroups& groups, SenderGroups senders) {
  for (Senders& each : senders) add_group(groups, std::move(each));
}

SenderGroups take_senders(SenderGroups& from, IpFamily family, const AddressSet& addresses) {
  SenderGroups taken;
  for (Senders& senders : from) {
    if (senders.family != family) continue;
    Senders matched = senders;
    matched.addresses = senders.addresses.intersected(addresses);
    if (matched.addresses.empty()) continue;
    senders.addresses = senders.addresses.without(matched.addresses);
    taken.push_back(std::move(matched));
  }
  std::erase_if(from, [](const Senders& senders) { return senders.addresses.empty(); });
  return taken;
}

}  // namespace dauth::scanner

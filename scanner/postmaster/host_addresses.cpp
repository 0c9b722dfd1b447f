#include "scanner/postmaster/host_addresses.h"

#include <algorithm>
#include <utility>

#include "scanner/postmaster/outcome_facts.h"

namespace dauth::scanner {
namespace {

// The family's fact; its addresses go to `addresses`.
Fact read_addresses(const dns::LookupOutcome& outcome, IpFamily family, std::vector<IpAddress>& addresses) {
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr) return has_records(outcome);
  std::vector<IpAddress> found;
  for (const dns::ResourceRecord& record : answer->rrset) {
    const auto address = IpAddress::from_record(record);
    if (!address) return Fact::unknown(data::Cause::kMalformed);
    if (address->family() == family) found.push_back(*address);
  }
  addresses.insert(addresses.end(), found.begin(), found.end());
  return Fact::from_bool(!found.empty());
}

}  // namespace

Fact HostAddresses::has(const IpAddress& address) const {
  if (std::find(addresses.begin(), addresses.end(), address) != addresses.end()) return Fact::yes();
  const Fact family = has_family(address.family());
  return family.is_unknown() ? family : Fact::no();
}

Probe<HostAddresses> look_up_addresses(Inquiry& inquiry, dns::DomainName host) {
  // Both questions are on their way before the first is waited for.
  static_cast<void>(inquiry.ask(host, dns::RrType::kA));
  static_cast<void>(inquiry.ask(host, dns::RrType::kAaaa));
  const dns::LookupOutcome& a = co_await inquiry.ask(host, dns::RrType::kA);
  const dns::LookupOutcome& aaaa = co_await inquiry.ask(host, dns::RrType::kAaaa);

  HostAddresses found{std::move(host)};
  found.has_ipv4 = read_addresses(a, IpFamily::kIpv4, found.addresses);
  found.has_ipv6 = read_addresses(aaaa, IpFamily::kIpv6, found.addresses);
  std::sort(found.addresses.begin(), found.addresses.end());
  found.addresses.erase(std::unique(found.addresses.begin(), found.addresses.end()), found.addresses.end());

  // A CNAME holds for all types, so one of the two answers is enough to tell.
  found.is_alias = scanner::is_alias(a).is_unknown() ? scanner::is_alias(aaaa) : scanner::is_alias(a);
  if (found.is_alias.is_yes()) {
    found.canonical_name = canonical_name(std::holds_alternative<dns::Answer>(a) ? a : aaaa);
    if (!found.canonical_name) found.canonical_name = canonical_name(a);
  }
  co_return found;
}

}  // namespace dauth::scanner

#include "scanner/postmaster/client_identity.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner {
namespace {

Fact has_client_address(const ClientIdentity& identity, const IpAddress& address) {
  if (identity.helo_addresses) return identity.helo_addresses->has(address);
  return Fact::from_bool(identity.helo->address == address);
}

// The HELO name is followed before other PTR names, so it is not one of those beyond the bound.
Fact is_reverse_name(const dns::DomainName& helo, const ReverseNames& reverse) {
  if (std::any_of(reverse.names.begin(), reverse.names.end(),
                  [&](const ReverseName& reverse_name) { return reverse_name.name == helo; }))
    return Fact::yes();
  return reverse.has_name.is_unknown() ? reverse.has_name : Fact::no();
}

}  // namespace

Probe<ClientIdentity> examine_client(Inquiry& inquiry, std::optional<HeloName> helo,
                                     std::optional<IpAddress> address) {
  ClientIdentity identity{std::move(helo)};
  const std::optional<dns::DomainName> name =
      identity.helo ? identity.helo->name : std::optional<dns::DomainName>();
  std::optional<Probe<HostAddresses>> addresses;
  if (name) {
    addresses.emplace(look_up_addresses(inquiry, *name));
    addresses->start();
  }
  std::optional<Probe<ReverseNames>> reverse;
  if (address) {
    reverse.emplace(look_up_reverse_names(inquiry, *address, name));
    reverse->start();
  }
  if (addresses) identity.helo_addresses = co_await *addresses;
  if (reverse) identity.reverse = co_await *reverse;

  if (identity.helo && address) {
    identity.helo_has_client_address = has_client_address(identity, *address);
    if (name) identity.helo_is_reverse_name = is_reverse_name(*name, *identity.reverse);
  }
  co_return identity;
}

}  // namespace dauth::scanner

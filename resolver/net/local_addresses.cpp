#include "resolver/net/local_addresses.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace dauth::net {
namespace {

// Without the port, and as IPv4 where it is IPv4 mapped into IPv6.
SocketAddress host_of(const SocketAddress& address) {
  sockaddr_storage native{};
  address.to_native(native);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(native);
  if (native.ss_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) return address.with_port(0);
  sockaddr_storage mapped{};
  auto& v4 = reinterpret_cast<sockaddr_in&>(mapped);
  v4.sin_family = AF_INET;
  std::memcpy(&v4.sin_addr, &v6.sin6_addr.s6_addr[12], sizeof v4.sin_addr);
  return SocketAddress::from_native(mapped);
}

}  // namespace

std::vector<SocketAddress> interface_addresses() {
  std::vector<SocketAddress> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    sockaddr_storage native{};
    std::memcpy(&native, each->ifa_addr, family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6));
    addresses.push_back(SocketAddress::from_native(native).with_port(0));
  }
  freeifaddrs(first);
  return addresses;
}

bool is_on_this_machine(const SocketAddress& server, const std::vector<SocketAddress>& interfaces) {
  if (server.is_loopback()) return true;
  return std::find(interfaces.begin(), interfaces.end(), host_of(server)) != interfaces.end();
}

}  // namespace dauth::net

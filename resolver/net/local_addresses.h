// Is a server on this machine? Its address is then loopback, or one that an interface of this machine has.
//
// Errors: where the system does not list its interfaces, only loopback counts as this machine.
#pragma once

#include <vector>

#include "resolver/net/socket_address.h"

namespace dauth::net {

// The addresses of all interfaces now, port 0 (getifaddrs(3)).
std::vector<SocketAddress> interface_addresses();

// The port does not matter; an IPv4 address mapped into IPv6 is the IPv4 address.
bool is_on_this_machine(const SocketAddress& server, const std::vector<SocketAddress>& interfaces);

}  // namespace dauth::net

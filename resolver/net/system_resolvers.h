// The resolvers that this machine is set up to ask: the nameserver lines of resolv.conf(5).
//
// Errors: a file that exists but cannot be read is one line for a person; a missing file or one without
// usable lines means the server on this machine, as resolv.conf(5) says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resolver/net/socket_address.h"

namespace dauth::net {

// The addresses in the text of a resolv.conf, in its order, each once; lines that hold no address are passed
// over, as the C library does. 127.0.0.1 where nothing is left.
std::vector<SocketAddress> nameservers_in(std::string_view resolv_conf);

Result<std::vector<SocketAddress>, std::string> system_resolvers(const std::string& path);

}  // namespace dauth::net

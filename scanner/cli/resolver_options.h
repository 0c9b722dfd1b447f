// The options of every command that asks the DNS, and the stub resolver made from them.
#pragma once

#include <string>
#include <vector>

#include "resolver/dns/result.h"
#include "resolver/net/local_addresses.h"
#include "resolver/net/uv_transport.h"
#include "resolver/stub_resolver.h"

namespace CLI {
class App;
}

namespace dauth::scanner::cli {

struct ResolverOptions {
  std::vector<std::string> resolvers;
  std::size_t in_flight = resolver::StubResolverOptions{}.in_flight;
  std::string queries_per_second = "auto";  // or a number
  std::string timeout = "2s";
  std::uint32_t tries = resolver::StubResolverOptions{}.tries;
};

void add_resolver_options(CLI::App& command, ResolverOptions& options);

// What a resolver that is not on this machine gets unless --qps says otherwise: others use it too, or it
// belongs to somebody who limits or blocks whoever asks much more.
inline constexpr double kRemoteRate = 500;  // messages a second

// The addresses of --resolver, else those of /etc/resolv.conf; or one line that names what is wrong.
// `interfaces` are the addresses of this machine.
Result<resolver::StubResolverOptions, std::string> to_stub_resolver_options(
    const ResolverOptions& options,
    const std::vector<net::SocketAddress>& interfaces = net::interface_addresses());

// One line for a person where resolvers are held to kRemoteRate, else nothing.
std::string remote_rate_text(const resolver::StubResolverOptions& options);

// The transport for that stub resolver.
net::UvTransportOptions to_transport_options(const resolver::StubResolverOptions& options);

}  // namespace dauth::scanner::cli

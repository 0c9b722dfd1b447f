#include "scanner/cli/resolver_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "resolver/net/socket_address.h"
#include "resolver/net/system_resolvers.h"
#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {

void add_resolver_options(CLI::App& command, ResolverOptions& options) {
  command
      .add_option(
          "--resolver", options.resolvers,
          "resolver to ask: ADDR[:PORT] or [V6]:PORT, one each time the option is given; default: the "
          "system's")
      ->type_name("ADDR")
      ->allow_extra_args(false)
      ->check(accepted_by([](const std::string& text) { return net::SocketAddress::parse(text); }, ""));
  command.add_option("--in-flight", options.in_flight, "questions open at the same time, at most")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}).description(""))
      ->capture_default_str();
  command
      .add_option("--qps", options.queries_per_second,
                  "questions a second over all resolvers, retries included; 0: no limit")
      ->type_name("N")
      ->check(accepted_by(
          [](const std::string& text) -> Result<void, std::string> {
            double value = 0;
            if (CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1e7)
              return {};  // not NaN either
            return unexpected(fmt::format("'{}' is no number from 0 to 10000000", text));
          },
          ""))
      ->capture_default_str();
  command
      .add_option(
          "--timeout", options.timeout,
          "time that the first try of a question waits (ms, s); each later one waits half as long again")
      ->type_name("TIME")
      ->check(accepted_by(
          [](const std::string& text) -> Result<void, std::string> {
            const auto duration = parse_duration(text);
            if (!duration) return unexpected(duration.error());
            if (duration->count() < 10) return unexpected(fmt::format("'{}' is shorter than 10ms", text));
            return {};
          },
          ""))
      ->capture_default_str();
  command.add_option("--tries", options.tries, "tries of a question before it counts as failed")
      ->type_name("N")
      ->check(CLI::Range(std::uint32_t{1}, std::uint32_t{10}).description(""))
      ->capture_default_str();
}

Result<resolver::StubResolverOptions, std::string> to_stub_resolver_options(const ResolverOptions& options) {
  resolver::StubResolverOptions stub;
  for (const std::string& text : options.resolvers) {
    const auto address = net::SocketAddress::parse(text);
    if (!address) return unexpected(fmt::format("--resolver: {}", address.error()));
    if (std::find(stub.servers.begin(), stub.servers.end(), *address) == stub.servers.end()) {
      stub.servers.push_back(*address);
    }
  }
  if (stub.servers.empty()) {
    auto servers = net::system_resolvers("/etc/resolv.conf");
    if (!servers)
      return unexpected(
          fmt::format("--resolver: none given, and the system's are not to be had: {}", servers.error()));
    stub.servers = std::move(*servers);
  }
  const auto timeout = parse_duration(options.timeout);
  if (!timeout) return unexpected(fmt::format("--timeout: {}", timeout.error()));
  stub.timeout = *timeout;
  stub.in_flight = options.in_flight;
  stub.tries = options.tries;
  stub.queries_per_second = options.queries_per_second;
  return stub;
}

net::UvTransportOptions to_transport_options(const resolver::StubResolverOptions& options) {
  net::UvTransportOptions transport;
  // A stream on which a question waits is not idle before that question's time-out.
  transport.stream_idle = std::max(transport.stream_idle, options.timeout) + std::chrono::seconds(5);
  return transport;
}

}  // namespace dauth::scanner::cli

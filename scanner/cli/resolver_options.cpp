#include "scanner/cli/resolver_options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

#include "resolver/net/socket_address.h"
#include "resolver/net/system_resolvers.h"
#include "scanner/cli/accepted_by.h"
#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {
namespace {

constexpr std::string_view kAutomatic = "auto";

// Nothing for "auto".
Result<std::optional<double>, std::string> parse_rate(const std::string& text) {
  if (text == kAutomatic) return std::optional<double>();
  double value = 0;
  if (CLI::detail::lexical_cast(text, value) && value >= 0 && value <= 1e7)  // not NaN either
    return std::optional<double>(value);
  return unexpected(fmt::format("'{}' is neither auto nor a number from 0 to 10000000", text));
}

}  // namespace

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
                  fmt::format("questions a second over all resolvers, retries included; 0: no limit; auto: "
                              "{:.0f} questions a second at each resolver that is not on this machine, no "
                              "limit at the others",
                              kRemoteRate))
      ->type_name("N")
      ->check(accepted_by(parse_rate, ""))
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

Result<resolver::StubResolverOptions, std::string> to_stub_resolver_options(
    const ResolverOptions& options, const std::vector<net::SocketAddress>& interfaces) {
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
  const auto rate = parse_rate(options.queries_per_second);
  if (!rate) return unexpected(fmt::format("--qps: {}", rate.error()));
  stub.queries_per_second = rate->value_or(0);
  if (!*rate) {
    for (const net::SocketAddress& server : stub.servers) {
      stub.server_rates.push_back(net::is_on_this_machine(server, interfaces) ? 0 : kRemoteRate);
    }
  }
  return stub;
}

std::string remote_rate_text(const resolver::StubResolverOptions& options) {
  std::vector<std::string> remote;
  for (std::size_t i = 0; i < options.server_rates.size(); ++i) {
    if (options.server_rates[i] > 0) remote.push_back(options.servers[i].to_text());
  }
  if (remote.empty()) return {};
  return fmt::format(
      "{} {} not on this machine: at most {:.0f} questions a second{}; --qps sets another rate",
      fmt::join(remote, ", "), remote.size() == 1 ? "is" : "are", kRemoteRate,
      remote.size() == 1 ? "" : " each");
}

net::UvTransportOptions to_transport_options(const resolver::StubResolverOptions& options) {
  net::UvTransportOptions transport;
  // A stream on which a question waits is not idle before that question's time-out.
  transport.stream_idle = std::max(transport.stream_idle, options.timeout) + std::chrono::seconds(5);
  return transport;
}

}  // namespace dauth::scanner::cli

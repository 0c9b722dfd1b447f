#include "tests/support/unbound_server.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/support/loopback.h"

namespace dauth::testing {
namespace {

// Zones that Unbound answers out of its own head unless told otherwise; a survey of them is to see what the
// authoritative server says.
constexpr std::array<std::string_view, 8> kBuiltInZones = {
    "localhost.",
    "127.in-addr.arpa.",
    "test.",
    "invalid.",
    "onion.",
    "home.arpa.",
    "8.b.d.0.1.0.0.2.ip6.arpa.",
    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa."};

// Every IPv4 address outside 127.0.0.0/8: no name server that test data mentions is ever asked.
constexpr std::array<std::string_view, 8> kOutside = {"0.0.0.0/2",   "64.0.0.0/3",  "96.0.0.0/4",
                                                      "112.0.0.0/5", "120.0.0.0/6", "124.0.0.0/7",
                                                      "126.0.0.0/8", "128.0.0.0/1"};

std::string unbound_configuration(const UnboundOptions& options, const TemporaryDirectory& directory,
                                  std::uint16_t port) {
  std::string text = "server:\n";
  text += fmt::format("  port: {}\n  interface: 127.0.0.1\n", port);
  if (has_ipv6_loopback()) text += "  interface: ::1\n";
  text += "  access-control: 127.0.0.0/8 allow\n  access-control: ::1 allow\n";
  // It runs as whoever runs the test and keeps to its directory.
  text += "  username: \"\"\n  chroot: \"\"\n  do-daemonize: no\n  use-syslog: no\n  logfile: \"\"\n";
  text += fmt::format("  directory: \"{}\"\n  pidfile: \"{}\"\n", directory.path().string(),
                      directory.file("unbound.pid").string());
  text += "  verbosity: 1\n";
  // The iterator alone: no DNSSEC, since the test's root is not signed.
  text += "  module-config: \"iterator\"\n";
  // Nothing leaves loopback.
  text += "  do-not-query-localhost: no\n  outgoing-interface: 127.0.0.1\n";
  for (const std::string_view network : kOutside)
    text += fmt::format("  do-not-query-address: {}\n", network);
  text += "  unblock-lan-zones: yes\n  insecure-lan-zones: yes\n";
  for (const std::string_view zone : kBuiltInZones)
    text += fmt::format("  local-zone: \"{}\" nodefault\n", zone);
  text += fmt::format("  qname-minimisation: {}\n",
                      options.qname_minimisation == QnameMinimisation::kOn ? "yes" : "no");
  // Room for a survey that keeps thousands of questions open; by default half of them would be dropped.
  text += fmt::format("  num-threads: {}\n  so-reuseport: yes\n", options.threads);
  text += fmt::format("  num-queries-per-thread: {}\n  outgoing-range: {}\n", options.queries_per_thread,
                      options.outgoing_range);
  text += fmt::format("  so-rcvbuf: {0}\n  so-sndbuf: {0}\n", options.receive_buffer_octets);
  text += fmt::format("  msg-cache-size: {}\n  rrset-cache-size: {}\n", options.message_cache_octets,
                      options.rrset_cache_octets);
  const unsigned slabs = std::max(1U, std::min(4U, options.threads));
  text += fmt::format("  msg-cache-slabs: {0}\n  rrset-cache-slabs: {0}\n", slabs == 3 ? 4 : slabs);
  text += fmt::format("  edns-buffer-size: {0}\n  max-udp-size: {0}\n", options.edns_size);
  text += "  incoming-num-tcp: 500\n  outgoing-num-tcp: 100\n";
  // One authoritative server stands for all: a burst that it drops must not make it "down" for minutes.
  text += "  infra-keep-probing: yes\n  infra-host-ttl: 60\n";
  for (const std::string& line : options.server_lines) text += "  " + line + "\n";
  text += "remote-control:\n  control-enable: no\n";
  for (const StubZone& zone : options.stub_zones) {
    text += fmt::format("stub-zone:\n  name: \"{}\"\n  stub-addr: 127.0.0.1@{}\n", zone.name, zone.port);
  }
  return text;
}

DaemonPlan unbound_plan(const UnboundOptions& options) {
  if (options.stub_zones.empty()) throw std::runtime_error("UnboundServer: no stub zones given");
  DaemonPlan plan;
  plan.program = "unbound";
  plan.package = "unbound";
  // Answered by the server itself, so readiness says nothing about the servers behind it.
  plan.readiness_name = "version.bind";
  plan.readiness_type = 16;
  plan.readiness_class = 3;
  plan.start_limit = options.start_limit;
  plan.prepare = [options](const TemporaryDirectory& directory, std::uint16_t port) {
    const auto file = directory.write("unbound.conf", unbound_configuration(options, directory, port));
    return std::vector<std::string>{"unbound", "-d", "-p", "-c", file.string()};
  };
  return plan;
}

UnboundOptions everything_at(std::uint16_t port) {
  UnboundOptions options;
  options.stub_zones = {{".", port}};
  return options;
}

}  // namespace

UnboundServer::UnboundServer(const UnboundOptions& options) : daemon_(unbound_plan(options)) {}

UnboundServer UnboundServer::over(std::uint16_t authoritative_port) {
  return UnboundServer(everything_at(authoritative_port));
}

}  // namespace dauth::testing

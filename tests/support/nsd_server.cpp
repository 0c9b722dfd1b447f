#include "tests/support/nsd_server.h"

#include <fmt/core.h>

#include <fstream>
#include <stdexcept>

#include "tests/support/loopback.h"

namespace dauth::testing {
namespace {

std::string nsd_configuration(const NsdOptions& options, const TemporaryDirectory& directory,
                              std::uint16_t port) {
  std::string text = "server:\n";
  text += fmt::format("  ip-address: 127.0.0.1@{}\n", port);
  if (has_ipv6_loopback()) text += fmt::format("  ip-address: ::1@{}\n", port);
  for (const std::string& address : options.extra_addresses) {
    text += fmt::format("  ip-address: {}@{}\n", address, port);
  }
  text += fmt::format("  server-count: {}\n", options.server_count);
  text += fmt::format("  receive-buffer-size: {0}\n  send-buffer-size: {0}\n", options.receive_buffer_octets);
  text += fmt::format("  tcp-count: {}\n", options.tcp_count);
  text += fmt::format("  ipv4-edns-size: {0}\n  ipv6-edns-size: {0}\n", options.edns_size);
  // No database, no change of user, no chroot: it runs as whoever runs the test and keeps to its directory.
  text += "  username: \"\"\n  chroot: \"\"\n  database: \"\"\n";
  for (const char* file : {"zonesdir:", "xfrdir:"}) {
    text += fmt::format("  {} \"{}\"\n", file, directory.path().string());
  }
  text += fmt::format("  pidfile: \"{}\"\n", directory.file("nsd.pid").string());
  text += fmt::format("  zonelistfile: \"{}\"\n", directory.file("zone.list").string());
  text += fmt::format("  xfrdfile: \"{}\"\n", directory.file("xfrd.state").string());
  // Debian's NSD limits equal responses to 200 a second unless told otherwise.
  text += "  rrl-ratelimit: 0\n  rrl-whitelist-ratelimit: 0\n";
  // No NS RRs beside answers: a resolver would learn name servers that exist in the zone data only.
  text += "  minimal-responses: yes\n";
  text += "  zonefiles-check: no\n  zonefiles-write: 0\n  verbosity: 1\n";
  text += "remote-control:\n  control-enable: no\n";
  for (const ZoneFile& zone : options.zones) {
    text += fmt::format("zone:\n  name: \"{}\"\n  zonefile: \"{}\"\n", zone.name,
                        std::filesystem::absolute(zone.file).string());
  }
  return text;
}

DaemonPlan nsd_plan(const NsdOptions& options) {
  if (options.zones.empty()) throw std::runtime_error("NsdServer: no zones given");
  DaemonPlan plan;
  plan.program = "nsd";
  plan.package = "nsd";
  plan.readiness_name = options.zones.front().name;
  plan.start_limit = options.start_limit;
  plan.prepare = [options](const TemporaryDirectory& directory, std::uint16_t port) {
    const auto file = directory.write("nsd.conf", nsd_configuration(options, directory, port));
    return std::vector<std::string>{"nsd", "-d", "-c", file.string()};
  };
  return plan;
}

}  // namespace

std::vector<ZoneFile> read_zone_index(const std::filesystem::path& index) {
  std::ifstream in(index);
  if (!in) throw std::runtime_error("cannot read " + index.string());
  std::vector<ZoneFile> zones;
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos || tab == 0) {
      throw std::runtime_error(fmt::format("{}:{}: not name<TAB>file", index.string(), zones.size() + 1));
    }
    zones.push_back({line.substr(0, tab), index.parent_path() / line.substr(tab + 1)});
  }
  return zones;
}

NsdServer::NsdServer(const NsdOptions& options) : daemon_(nsd_plan(options)) {}

}  // namespace dauth::testing

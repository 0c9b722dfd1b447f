#include "tests/support/bind_server.h"

#include <fmt/core.h>

#include <stdexcept>

namespace dauth::testing {
namespace {

// The name does not matter: the address alone is used, and the zone's own NS RRs take its place.
constexpr std::string_view kRootHints = ". 3600000 NS a.dns.jp.\na.dns.jp. 3600000 A 127.0.0.1\n";

std::string bind_configuration(const BindOptions& options, const TemporaryDirectory& directory,
                               std::uint16_t port) {
  std::string text = "options {\n";
  text += fmt::format("  directory \"{}\";\n", directory.path().string());
  text += fmt::format("  listen-on port {} {{ 127.0.0.1; }};\n  listen-on-v6 {{ none; }};\n", port);
  // The port that it asks others at. Nothing leaves loopback.
  text += fmt::format("  port {};\n  query-source address 127.0.0.1;\n", options.authoritative_port);
  text += "  recursion yes;\n  allow-query { 127.0.0.0/8; };\n  allow-recursion { 127.0.0.0/8; };\n";
  // It keeps to its directory.
  text += fmt::format("  pid-file \"{}\";\n", directory.file("named.pid").string());
  text += "  session-keyfile none;\n  lock-file none;\n  geoip-directory none;\n";
  // The test's root is not signed, and names that are reserved are the test's own.
  text += "  dnssec-validation no;\n  empty-zones-enable no;\n  notify no;\n";
  text += fmt::format("  recursive-clients {};\n  tcp-clients 500;\n  clients-per-query 0;\n",
                      options.recursive_clients);
  text += fmt::format("  max-cache-size {};\n", options.cache_octets);
  for (const std::string& line : options.option_lines) text += "  " + line + "\n";
  text += "};\ncontrols { };\n";
  text += fmt::format("zone \".\" {{ type hint; file \"{}\"; }};\n", directory.file("root.hints").string());
  return text;
}

DaemonPlan bind_plan(const BindOptions& options) {
  if (options.authoritative_port == 0) throw std::runtime_error("BindServer: no authoritative server given");
  DaemonPlan plan;
  plan.program = "named";
  plan.package = "bind9";
  // Answered by the server itself, so readiness says nothing about the servers behind it.
  plan.readiness_name = "version.bind";
  plan.readiness_type = 16;
  plan.readiness_class = 3;
  plan.start_limit = options.start_limit;
  plan.prepare = [options](const TemporaryDirectory& directory, std::uint16_t port) {
    directory.write("root.hints", kRootHints);
    const auto file = directory.write("named.conf", bind_configuration(options, directory, port));
    return std::vector<std::string>{"named", "-g", "-4", "-n", "1", "-c", file.string()};
  };
  return plan;
}

}  // namespace

BindServer::BindServer(const BindOptions& options) : daemon_(bind_plan(options)) {}

BindServer BindServer::over(std::uint16_t authoritative_port) {
  BindOptions options;
  options.authoritative_port = authoritative_port;
  return BindServer(options);
}

}  // namespace dauth::testing

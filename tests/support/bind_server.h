// BindServer: the other real recursive resolver (BIND's named) on loopback, so that a finding rests on the
// DNS and not on the make of the resolver. It finds everything at a test's own authoritative server, as
// UnboundServer does; nothing it sends leaves loopback.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/daemon.h"

namespace dauth::testing {

struct BindOptions {
  // Of 127.0.0.1. BIND asks every name server at this port, the root's at the root of the test's zones.
  std::uint16_t authoritative_port = 0;
  unsigned recursive_clients = 20'000;  // clients' questions open at a time
  std::size_t cache_octets = 256 * 1024 * 1024;
  std::vector<std::string> option_lines;  // further lines of the section "options", as they stand
  std::chrono::milliseconds start_limit = std::chrono::seconds(60);
};

class BindServer {
 public:
  explicit BindServer(const BindOptions& options);
  // Everything is asked at one server.
  static BindServer over(std::uint16_t authoritative_port);

  std::uint16_t port() const { return daemon_.port(); }
  // "127.0.0.1:PORT", the form of --resolver.
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  Daemon& daemon() { return daemon_; }
  const Daemon& daemon() const { return daemon_; }

 private:
  Daemon daemon_;
};

}  // namespace dauth::testing

// UnboundServer: a real recursive resolver (Unbound) on loopback that finds everything at a test's own
// authoritative servers. Nothing it sends leaves loopback.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/daemon.h"

namespace dauth::testing {

enum class QnameMinimisation : std::uint8_t { kOff, kOn };

// Where the names at and below `name` are asked.
struct StubZone {
  std::string name = ".";
  std::uint16_t port = 0;  // of 127.0.0.1
};

struct UnboundOptions {
  std::vector<StubZone> stub_zones;  // "." catches all that no other catches
  QnameMinimisation qname_minimisation = QnameMinimisation::kOn;
  unsigned threads = 1;
  std::size_t message_cache_octets = 128 * 1024 * 1024;
  std::size_t rrset_cache_octets = 256 * 1024 * 1024;
  std::size_t receive_buffer_octets = 4 * 1024 * 1024;  // asked for; the kernel's limit may grant less
  unsigned queries_per_thread = 16384;                  // clients' questions open at a time
  unsigned outgoing_range = 8192;                       // own questions open at a time, each with a port
  unsigned edns_size = 1232;
  std::vector<std::string> server_lines;  // further lines of the section "server:", as they stand
  std::chrono::milliseconds start_limit = std::chrono::seconds(60);
};

class UnboundServer {
 public:
  explicit UnboundServer(const UnboundOptions& options);
  // Everything is asked at one server.
  static UnboundServer over(std::uint16_t authoritative_port);

  std::uint16_t port() const { return daemon_.port(); }
  // "127.0.0.1:PORT", the form of --resolver.
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  Daemon& daemon() { return daemon_; }
  const Daemon& daemon() const { return daemon_; }

 private:
  Daemon daemon_;
};

}  // namespace dauth::testing

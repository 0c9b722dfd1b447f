// NsdServer: a real authoritative name server (NSD) on loopback, serving the zones that a test gives it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/daemon.h"

namespace dauth::testing {

struct ZoneFile {
  std::string name;            // "jp", "." for the root
  std::filesystem::path file;  // a master file; absolute or relative to the caller's directory
};

// An index of zones as dauth-generate-registry writes it: a line "name<TAB>file" for each, files relative to
// the index. Throws std::runtime_error on a line of another form.
std::vector<ZoneFile> read_zone_index(const std::filesystem::path& index);

struct NsdOptions {
  std::vector<ZoneFile> zones;
  unsigned server_count = 1;                            // processes that answer
  std::size_t receive_buffer_octets = 4 * 1024 * 1024;  // asked for; the kernel's limit may grant less
  unsigned tcp_count = 1000;                            // connections at a time
  unsigned edns_size = 1232;                            // largest UDP response, octets
  std::vector<std::string> extra_addresses;             // listened to beside 127.0.0.1 and ::1, same port
  std::chrono::milliseconds start_limit = std::chrono::seconds(120);
};

class NsdServer {
 public:
  explicit NsdServer(const NsdOptions& options);

  std::uint16_t port() const { return daemon_.port(); }
  // "127.0.0.1:PORT", the form of --resolver.
  std::string address() const { return "127.0.0.1:" + std::to_string(port()); }
  Daemon& daemon() { return daemon_; }
  const Daemon& daemon() const { return daemon_; }

 private:
  Daemon daemon_;
};

}  // namespace dauth::testing

// LoopbackServer: a name server on 127.0.0.1 or ::1, UDP and TCP on one port, in a thread of its own.
//
// Each query is handed to a function, which returns the octets to send back, if any. Destroyed, it stops.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "resolver/net/socket_address.h"

namespace dauth::testing {

struct LoopbackServerOptions {
  net::AddressFamily family = net::AddressFamily::kIpv4;
  // TCP replies go out in pieces of so many octets, each in a write of its own; 0: whole.
  std::size_t tcp_piece = 0;
  // A TCP connection is closed after so many replies; 0: never.
  std::size_t tcp_replies = 0;
};

class LoopbackServer {
 public:
  enum class Via : std::uint8_t { kUdp, kTcp };
  using Octets = std::vector<std::uint8_t>;
  using Answer = std::function<std::optional<Octets>(std::span<const std::uint8_t> query, Via via)>;

  // Throws std::system_error where the address cannot be had.
  explicit LoopbackServer(Answer answer, LoopbackServerOptions options = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  const net::SocketAddress& address() const { return address_; }
  std::uint64_t queries() const { return queries_; }
  // Sent, so that on loopback they wait in the asker's socket.
  std::uint64_t replies() const { return replies_; }
  std::uint64_t connections() const { return connections_; }

  // The query turned into a NOERROR response without records; with `truncated`, TC is set.
  static Octets empty_response(std::span<const std::uint8_t> query);
  static Octets truncated_response(std::span<const std::uint8_t> query);
  static bool ipv6_works();

 private:
  struct Connection;
  void serve();
  void serve_udp();
  bool serve_tcp(Connection& connection);

  Answer answer_;
  LoopbackServerOptions options_;
  net::SocketAddress address_;
  int udp_ = -1;
  int listening_ = -1;
  int wake_ = -1;
  std::atomic<std::uint64_t> queries_{0};
  std::atomic<std::uint64_t> replies_{0};
  std::atomic<std::uint64_t> connections_{0};
  std::thread thread_;
};

}  // namespace dauth::testing

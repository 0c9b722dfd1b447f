// LoopbackServer: a name server on 127.0.0.1 or ::1, UDP and TCP on one port, in a thread of its own.
//
// Each query is handed to a function, which returns the octets to send back, if any; or to one that sends by
// itself what it likes, from wherever it likes. Destroyed, it stops.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include <sys/socket.h>

#include "resolver/net/socket_address.h"

namespace dauth::testing {

struct LoopbackServerOptions {
  net::AddressFamily family = net::AddressFamily::kIpv4;
  // TCP replies go out in pieces of so many octets, each in a write of its own; 0: whole.
  std::size_t tcp_piece = 0;
  // A TCP connection is closed after so many replies; 0: never.
  std::size_t tcp_replies = 0;
  // False: connections are refused.
  bool tcp = true;
};

class LoopbackServer {
 public:
  enum class Via : std::uint8_t { kUdp, kTcp };
  using Octets = std::vector<std::uint8_t>;
  using Answer = std::function<std::optional<Octets>(std::span<const std::uint8_t> query, Via via)>;
  // Where a datagram comes from: the server, another port of its address, another address of loopback.
  enum class From : std::uint8_t { kServer, kOtherPort, kOtherAddress };

  // The way back of one query. That of a datagram may be kept and used later.
  class WayBack {
   public:
    Via via() const { return via_; }
    // `from` is for UDP, `piece` for TCP as in LoopbackServerOptions.
    void send(std::span<const std::uint8_t> message, From from = From::kServer, std::size_t piece = 0);
    // TCP only: octets as they are, without a length before them.
    void send_raw(std::span<const std::uint8_t> octets);
    // TCP only: the connection ends behind what was sent.
    void close() { closes_ = true; }

   private:
    friend class LoopbackServer;
    LoopbackServer* server_ = nullptr;
    Via via_ = Via::kUdp;
    int connection_ = -1;
    sockaddr_storage peer_{};
    socklen_t peer_length_ = sizeof peer_;
    bool closes_ = false;
    std::size_t sent_ = 0;
  };
  using Handler = std::function<void(std::span<const std::uint8_t> query, WayBack& way_back)>;

  // Throws std::system_error where the address cannot be had.
  explicit LoopbackServer(Answer answer, LoopbackServerOptions options = {});
  explicit LoopbackServer(Handler handler, LoopbackServerOptions options = {});
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
  int elsewhere(From from);

  Handler handler_;
  LoopbackServerOptions options_;
  net::SocketAddress address_;
  int udp_ = -1;
  int listening_ = -1;
  int wake_ = -1;
  int other_port_ = -1;
  int other_address_ = -1;
  std::atomic<std::uint64_t> queries_{0};
  std::atomic<std::uint64_t> replies_{0};
  std::atomic<std::uint64_t> connections_{0};
  std::thread thread_;
};

}  // namespace dauth::testing

// TcpPeer: the other end of one TCP connection on 127.0.0.1, moved by hand, octet by octet.
//
// Nothing here waits, except accept() for a connection that was begun: a test and its transport share one
// thread, and what the test does in one callback the transport sees in the next round of the loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "resolver/net/socket_address.h"

namespace dauth::testing {

struct TcpPeerOptions {
  int receive_buffer = 0;  // octets, asked for; 0: the system's default
  int send_buffer = 0;
};

class TcpPeer {
 public:
  // Listens at a free port. Throws std::system_error where that or a later call fails.
  explicit TcpPeer(TcpPeerOptions options = {});
  ~TcpPeer();
  TcpPeer(const TcpPeer&) = delete;
  TcpPeer& operator=(const TcpPeer&) = delete;

  const net::SocketAddress& address() const { return address_; }
  void accept();
  // Sends what the kernel takes in one write, and returns how much that was; 0 as well where the connection
  // is no more.
  std::size_t write(std::span<const std::uint8_t> octets);
  // All that has arrived.
  std::vector<std::uint8_t> read();
  // Ends the connection in order (FIN, unless something unread makes the kernel send RST), or breaks it off
  // (RST).
  void close();
  void reset();
  // Nobody listens any more; connections that nobody has accepted are broken off.
  void stop_listening();

 private:
  net::SocketAddress address_;
  int listening_ = -1;
  int connection_ = -1;
};

}  // namespace dauth::testing

// TcpConnection: one TCP connection to one peer that tells how it came about: opened, or refused by a reset,
// by an ICMP error with its type and code, or not at all (RFC 9293 section 3.9.2.2). Octets go in and come
// out; it knows no protocol above.
//
// Owns its socket and a timer that covers the whole connection. Borrows the loop and the owner, which must
// outlive it. The owner hears of everything from the connection's own events only, never from inside the
// constructor or send(), and nothing after its last word. The object must live on until the present event is
// over; close() may be called at any time. Errors: what goes wrong on the network is told to the owner; a
// system without descriptors throws std::system_error.
//
// ICMP errors come from the socket's error queue (IP_RECVERR, ip(7)): there ECONNREFUSED with an entry is a
// port unreachable, and one without is an RST. An error that Linux would bear, since it may pass, ends the
// connection here too.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "resolver/net/event_loop.h"
#include "resolver/net/polled_socket.h"
#include "resolver/net/socket_address.h"

namespace dauth::net {

// As it stood in the packet: RFC 792, RFC 1812, RFC 4443.
struct IcmpError {
  AddressFamily family = AddressFamily::kIpv4;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::optional<SocketAddress> sender;  // port 0
  // The sender is this end of the connection: the kernel found no neighbour and told itself so.
  bool is_from_here = false;
};

struct ConnectFailure {
  enum class Kind : std::uint8_t {
    kReset,    // an RST answered the SYN
    kIcmp,     // `icmp` answered it
    kSilent,   // nothing did before the timer ended
    kNotSent,  // `system_error`: this machine did not send, and no packet of the network told it to
  };
  Kind kind = Kind::kSilent;
  int system_error = 0;  // errno, where the kernel gave one
  std::optional<IcmpError> icmp;
};

class TcpConnection {
 public:
  enum class End : std::uint8_t { kClosed, kReset, kTimer, kOther };

  class Owner {
   public:
    virtual void on_connected() = 0;
    // The last word, in place of on_connected().
    virtual void on_failed(const ConnectFailure& failure) = 0;
    // At most 16 KiB at a time.
    virtual void on_octets(std::span<const std::uint8_t> octets) = 0;
    // The last word of a connection that was open.
    virtual void on_ended(End end) = 0;

   protected:
    ~Owner() = default;
  };

  // Octets that may wait for a peer that does not read; one that lets more gather is ended as kOther.
  static constexpr std::size_t kMostUnsent = std::size_t{64} * 1024;

  // Begins to connect.
  TcpConnection(EventLoop& loop, Owner& owner, const SocketAddress& peer, std::chrono::milliseconds timer);

  // Once connected.
  void send(std::span<const std::uint8_t> octets);
  // Lets go of the socket; the owner hears no more.
  void close();

  // This machine's end, once connected.
  std::optional<SocketAddress> local_address() const;

 private:
  void ready(PolledSocket::Ready what);
  void connecting();
  void read();
  void write();
  void timer_ended();
  void fail(const ConnectFailure& failure);
  void end(End end);
  // The first ICMP error in the queue, which is emptied.
  std::optional<ConnectFailure> take_queued_error();

  EventLoop& loop_;
  Owner& owner_;
  AddressFamily family_;
  enum class State : std::uint8_t { kConnecting, kOpen, kOver } state_ = State::kConnecting;
  bool has_overflowed_ = false;
  bool write_failed_ = false;
  std::vector<std::uint8_t> outgoing_;
  EventLoop::Timer timer_;
  EventLoop::Timer news_;  // what is to be told from an event of its own
  std::unique_ptr<PolledSocket> socket_;
};

}  // namespace dauth::net

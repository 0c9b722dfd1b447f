// TcpStream: one TCP connection to one server, carrying framed DNS messages in both directions (RFC 7766).
// Internal to this folder; UvTransport owns the streams.
//
// The owner hears of everything from the stream's own events only, never from inside send().
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "resolver/net/event_loop.h"
#include "resolver/net/polled_socket.h"
#include "resolver/net/tcp_framer.h"
#include "resolver/net/transport.h"

namespace dauth::net {

class TcpStream {
 public:
  class Owner {
   public:
    virtual void on_open(TcpStream& stream) = 0;
    virtual void on_message(TcpStream& stream, std::span<const std::uint8_t> octets) = 0;
    // The stream's last word.
    virtual void on_closed(TcpStream& stream, TransportError error) = 0;

   protected:
    ~Owner() = default;
  };

  // Begins to connect. Errors: those that socket(2) and connect(2) tell at once.
  static Result<std::unique_ptr<TcpStream>, TransportError> open(EventLoop& loop, Owner& owner, StreamId id,
                                                                 const SocketAddress& server);

  StreamId id() const { return id_; }
  void send(std::span<const std::uint8_t> message);
  // The owner hears no more of the stream, which must live on until the present event is over.
  void silence() { silenced_ = true; }
  // The last time that the kernel took octets to send, or that the connection was begun. Neither what waits
  // to be sent nor what comes in counts: a peer must not hold a stream open by reading nothing, or by sending
  // what nobody asked for.
  TimePoint last_activity() const { return last_activity_; }

 private:
  TcpStream(EventLoop& loop, Owner& owner, StreamId id, int descriptor);

  void ready(PolledSocket::Ready what);
  void read();
  // Errors are left to the next read, so that what arrived before them is handed over.
  void write();
  void end(TransportError error);

  Owner& owner_;
  StreamId id_;
  bool connected_ = false;
  bool silenced_ = false;
  TimePoint last_activity_ = Clock::now();
  TcpFramer framer_;
  std::vector<std::uint8_t> outgoing_;
  std::size_t written_ = 0;  // of outgoing_
  std::optional<TransportError> write_error_;
  PolledSocket socket_;
};

}  // namespace dauth::net

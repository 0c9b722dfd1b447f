// Transport: the seam between the stub resolver and the network. Datagrams, streams, a clock and a deadline;
// UvTransport is the real one, tests put a scripted one with a manual clock in its place.
//
// A channel is a UDP socket connected to one server, with a source port of its own. A stream is a TCP
// connection to one server, carrying whole DNS messages (RFC 7766).
//
// The transport calls its listener only from its own events, never from inside a call of the listener's, so a
// listener may call back freely. Errors are values: a TransportError, in a Result or in a callback.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "resolver/dns/result.h"
#include "resolver/net/socket_address.h"

namespace dauth::net {

using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

enum class ChannelId : std::uint32_t {};
enum class StreamId : std::uint32_t {};

enum class TransportError : std::uint8_t {
  kRefused,      // nobody listens there
  kUnreachable,  // no route, or the way there is forbidden
  kClosed,       // the peer ended the stream
  kReset,        // the peer or the network broke the stream
  kSilent,       // no sign of the peer for too long, or a stream put away since nothing was sent on it
  kMalformed,    // the peer's octets are not framed DNS messages
  kOther,        // anything else, such as exhausted descriptors
};

class TransportListener {
 public:
  // The first `datagrams` committed on the channel since it was opened are with the kernel now.
  virtual void on_flushed(ChannelId channel, std::uint64_t datagrams) = 0;
  // `octets` are borrowed for the call. `source` is where the datagram came from.
  virtual void on_datagram(ChannelId channel, const SocketAddress& source,
                           std::span<const std::uint8_t> octets) = 0;
  // Some datagram sent on the channel came to nothing; which one, the kernel does not tell.
  virtual void on_channel_error(ChannelId channel, TransportError error) = 0;

  // The connection stands; what was sent on the stream so far is on its way.
  virtual void on_stream_open(StreamId stream) = 0;
  virtual void on_stream_message(StreamId stream, std::span<const std::uint8_t> octets) = 0;
  // The stream is gone and its id means nothing from here on. Not called after close_stream.
  virtual void on_stream_closed(StreamId stream, TransportError error) = 0;

  // The armed deadline lay at or before `reached`, and everything that had arrived by then has been handed
  // over: what is unanswered and was due by `reached` is late in truth, however long this process was
  // stopped or busy. The deadline is disarmed.
  virtual void on_deadline(TimePoint reached) = 0;

  // How many replies may still come. The transport asks before it waits: where many come one by one it lets
  // some of them gather.
  virtual std::size_t replies_expected() const = 0;

 protected:
  ~TransportListener() = default;
};

class Transport {
 public:
  virtual ~Transport() = default;

  // One listener; nullptr detaches it. Set before anything is opened.
  virtual void set_listener(TransportListener* listener) = 0;

  // Steady; read once for each batch of events, so that asking costs nothing.
  virtual TimePoint now() const = 0;
  // Replaces the deadline armed before; TimePoint::max() disarms.
  virtual void arm_deadline(TimePoint deadline) = 0;

  // Ids count up from 0 and are not used again.
  virtual Result<ChannelId, TransportError> open_channel(const SocketAddress& server) = 0;
  // Not from inside one of the channel's own callbacks.
  virtual void close_channel(ChannelId channel) = 0;
  // Room for one datagram of up to dns::kMaxQueryLength octets in the batch that goes out next. Commit it
  // with its true length before anything else is reserved. The transport sends a batch when it is full and
  // before it waits for events.
  virtual std::span<std::uint8_t> reserve(ChannelId channel) = 0;
  virtual void commit(ChannelId channel, std::size_t length) = 0;

  // A connection that cannot be had is told by on_stream_closed. Ids are not used again.
  virtual StreamId open_stream(const SocketAddress& server) = 0;
  // Messages go out in this order, also those sent before the connection stands.
  virtual void send_on_stream(StreamId stream, std::span<const std::uint8_t> message) = 0;
  // Also from inside the stream's own callbacks.
  virtual void close_stream(StreamId stream) = 0;
};

}  // namespace dauth::net

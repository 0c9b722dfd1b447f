// UvTransport: the Transport over real sockets and an EventLoop.
//
// Owns its sockets; borrows the loop and the random source (source ports), which must outlive it.
// Datagrams go out in batches of 64, when a batch is full and before the loop waits; a socket that is ready
// is read until nothing is left of what had arrived. A server that answers one question at a time would wake
// the loop for each: while many replies are expected they are let gather for up to two milliseconds. A
// deadline's timer only marks that the time has come: the loop then makes one read pass without waiting, and
// what is unanswered after it is told to be late. Errors: a loop without resources throws std::system_error;
// everything else is a TransportError.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/tcp_stream.h"
#include "resolver/net/transport.h"
#include "resolver/net/udp_channel.h"

namespace dauth::net {

struct UvTransportOptions {
  // Octets asked for at each channel; a server has a handful of them. The kernel counts its overhead in, some
  // 768 octets for a small datagram.
  std::size_t receive_buffer = std::size_t{1} << 20;
  // A stream on which nothing could be sent for so long is closed; longer than any time-out, or a question
  // may still be waiting there.
  std::chrono::milliseconds stream_idle{10'000};
};

class UvTransport final : public Transport, private UdpChannel::Owner, private TcpStream::Owner {
 public:
  UvTransport(EventLoop& loop, RandomSource& random, UvTransportOptions options = {});
  ~UvTransport() override;
  UvTransport(const UvTransport&) = delete;
  UvTransport& operator=(const UvTransport&) = delete;

  void set_listener(TransportListener* listener) override { listener_ = listener; }
  TimePoint now() const override { return now_; }
  void arm_deadline(TimePoint deadline) override;
  Result<ChannelId, TransportError> open_channel(const SocketAddress& server) override;
  void close_channel(ChannelId channel) override;
  std::span<std::uint8_t> reserve(ChannelId channel) override;
  void commit(ChannelId channel, std::size_t length) override;
  StreamId open_stream(const SocketAddress& server) override;
  void send_on_stream(StreamId stream, std::span<const std::uint8_t> message) override;
  void close_stream(StreamId stream) override;

  // Octets of receive buffer that a channel asks for, and those that the kernel granted to the channel that
  // got least, or would grant where there is no channel yet. Both without the kernel's doubling (socket(7)),
  // so in the measure of net.core.rmem_max.
  std::size_t receive_buffer_asked() const { return options_.receive_buffer; }
  std::size_t receive_buffer_granted() const;

 private:
  struct Hooks;
  struct Entry {
    std::unique_ptr<UdpChannel> channel;
    std::uint64_t reported = 0;  // datagrams told to on_flushed
    bool dirty = false;          // in dirty_
  };

  // UdpChannel::Owner
  void on_readable(UdpChannel& channel) override;
  void on_writable(UdpChannel& channel) override;
  std::unique_ptr<SendBatch> take_batch() override;
  void return_batch(std::unique_ptr<SendBatch> batch) override;
  // TcpStream::Owner
  void on_open(TcpStream& stream) override;
  void on_message(TcpStream& stream, std::span<const std::uint8_t> octets) override;
  void on_closed(TcpStream& stream, TransportError error) override;

  // The phases of a loop's round, in this order; sockets are read between the last two.
  void timer_fired();
  void sweep_fired();
  void before_waiting();
  void after_reading();

  void start_timer();
  void gather_replies();
  void mark_dirty(ChannelId channel);
  void flush(UdpChannel& channel);
  void close_idle_streams();
  Entry& at(ChannelId channel) { return channels_[static_cast<std::size_t>(channel)]; }

  EventLoop& loop_;
  RandomSource& random_;
  UvTransportOptions options_;
  TransportListener* listener_ = nullptr;
  TimePoint now_;
  Hooks* hooks_;

  std::size_t received_in_round_ = 0;  // datagrams
  std::size_t received_lately_ = 0;    // since lately_began_
  TimePoint lately_began_{};
  double received_per_second_ = 0;

  TimePoint deadline_ = TimePoint::max();
  TimePoint reached_{};
  bool deadline_reached_ = false;
  bool sweep_is_due_ = false;

  std::vector<std::unique_ptr<SendBatch>> spare_batches_;
  ReceiveBatch incoming_;
  std::size_t receive_buffer_granted_ = 0;  // as the kernel counts; 0 before any channel
  std::vector<Entry> channels_;             // by ChannelId; a closed one leaves its place empty
  std::vector<ChannelId> dirty_;

  std::unordered_map<std::uint32_t, std::unique_ptr<TcpStream>> streams_;
  std::vector<std::unique_ptr<TcpStream>> ended_streams_;  // until the present event is over
  std::uint32_t next_stream_ = 0;

  // News that came up inside a call of the listener's, told in the round that follows.
  std::vector<std::pair<ChannelId, TransportError>> channel_errors_;
  std::vector<std::pair<StreamId, TransportError>> stream_errors_;
  std::vector<std::pair<StreamId, TransportError>> streams_to_tell_;  // those of the present round
};

}  // namespace dauth::net

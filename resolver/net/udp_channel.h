// UdpChannel: one UDP socket connected to one server, with batches in both directions (sendmmsg(2),
// recvmmsg(2)). Internal to this folder; UvTransport owns the channels and what they share.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/net/event_loop.h"
#include "resolver/net/polled_socket.h"
#include "resolver/net/random_source.h"
#include "resolver/net/transport.h"

namespace dauth::net {

inline constexpr std::size_t kBatchSize = 64;  // more gains nothing, measured

// Questions on their way out, encoded in place.
class SendBatch {
 public:
  SendBatch();
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  bool full() const { return committed_ == kBatchSize; }
  std::span<std::uint8_t> slot() { return slots_[committed_]; }
  void commit(std::size_t length) { vectors_[committed_++].iov_len = length; }
  std::span<mmsghdr> unsent() { return std::span(headers_).subspan(sent_, committed_ - sent_); }
  void skip(std::size_t datagrams) { sent_ += datagrams; }
  bool all_sent() const { return sent_ == committed_; }
  void clear() { sent_ = committed_ = 0; }

 private:
  // A multiple of the cache line, and not of 4,096, so that the slots do not compete for the same lines.
  static constexpr std::size_t kSlotLength = 320;
  static_assert(kSlotLength >= dns::kMaxQueryLength);

  std::array<mmsghdr, kBatchSize> headers_{};
  std::array<iovec, kBatchSize> vectors_{};
  std::array<std::array<std::uint8_t, kSlotLength>, kBatchSize> slots_{};
  std::size_t committed_ = 0;
  std::size_t sent_ = 0;
};

// Where the datagrams of one recvmmsg(2) go; shared by all channels of a transport.
class ReceiveBatch {
 public:
  ReceiveBatch();
  ReceiveBatch(const ReceiveBatch&) = delete;
  ReceiveBatch& operator=(const ReceiveBatch&) = delete;

  // The number of datagrams, or -1 and errno.
  int receive(int descriptor);
  std::span<const std::uint8_t> datagram(std::size_t index) const {
    return std::span(octets_).subspan(index * kStride, headers_[index].msg_len);
  }

 private:
  // Larger than any size that we announce. Longer datagrams are cut, and then do not parse.
  static constexpr std::size_t kLongestDatagram = 4096;
  static constexpr std::size_t kStride = kLongestDatagram + 320;  // not a multiple of 4,096, as above

  std::array<mmsghdr, kBatchSize> headers_{};
  std::array<iovec, kBatchSize> vectors_{};
  std::vector<std::uint8_t> octets_;
};

// What a socket is granted that asks for so much, as socket(7) counts; 0 where no socket can be had.
std::size_t obtainable_receive_buffer(std::size_t octets);

class UdpChannel {
 public:
  // What the channels of one transport share, and whom they tell.
  class Owner {
   public:
    virtual void on_readable(UdpChannel& channel) = 0;
    virtual void on_writable(UdpChannel& channel) = 0;
    virtual std::unique_ptr<SendBatch> take_batch() = 0;
    virtual void return_batch(std::unique_ptr<SendBatch> batch) = 0;

   protected:
    ~Owner() = default;
  };

  static Result<std::unique_ptr<UdpChannel>, TransportError> open(EventLoop& loop, RandomSource& random,
                                                                  Owner& owner, ChannelId id,
                                                                  const SocketAddress& server,
                                                                  std::size_t receive_buffer);

  ChannelId id() const { return id_; }
  const SocketAddress& server() const { return server_; }
  int descriptor() const { return socket_.descriptor(); }
  // As granted by the kernel, overhead of the datagrams included.
  std::size_t receive_buffer() const { return receive_buffer_; }

  std::span<std::uint8_t> reserve();
  void commit(std::size_t length);
  // True when the last batch is full: time to flush.
  bool batch_full() const { return !batches_.empty() && batches_.back()->full(); }
  bool has_unsent() const { return !batches_.empty(); }

  // Sends what the kernel takes; the rest stays, and the channel watches for room. Returns an error that
  // concerned one datagram: that datagram counts as flushed. Call again then.
  std::optional<TransportError> flush();
  std::uint64_t flushed() const { return flushed_; }

 private:
  UdpChannel(EventLoop& loop, Owner& owner, ChannelId id, const SocketAddress& server, int descriptor,
             std::size_t receive_buffer);

  Owner& owner_;
  ChannelId id_;
  SocketAddress server_;
  std::size_t receive_buffer_;
  std::vector<std::unique_ptr<SendBatch>>
      batches_;  // oldest first; more than one only while the kernel is full
  std::uint64_t flushed_ = 0;
  PolledSocket socket_;
};

}  // namespace dauth::net

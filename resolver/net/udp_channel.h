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

// Questions on their way out, encoded in place. For the kernel they are put into groups of equal length, each
// of which passes through its stack as one (UDP_SEGMENT, udp(7)): that halves what sending costs. What goes
// over the wire is the same datagrams, in another order.
class SendBatch {
 public:
  enum class Grouping : std::uint8_t { kByLength, kNone };

  SendBatch() = default;
  SendBatch(const SendBatch&) = delete;
  SendBatch& operator=(const SendBatch&) = delete;

  // Nothing more can be committed.
  bool closed() const { return prepared_ || committed_ == kBatchSize; }
  std::size_t committed() const { return committed_; }
  std::span<std::uint8_t> slot() { return slots_[committed_]; }
  void commit(std::size_t length) { lengths_[committed_++] = static_cast<std::uint16_t>(length); }

  // Closes the batch. Again, with another grouping, for what is still unsent.
  void prepare(Grouping grouping);
  bool prepared() const { return prepared_; }
  // Groups, in the form of sendmmsg(2).
  std::span<mmsghdr> unsent() { return std::span(groups_).subspan(sent_, group_count_ - sent_); }
  static bool is_grouped(const mmsghdr& group) { return group.msg_hdr.msg_iovlen > 1; }
  void skip(std::size_t groups) { sent_ += groups; }
  bool all_sent() const { return sent_ == group_count_; }
  void clear();

 private:
  // A multiple of the cache line, and not of 4,096, so that the slots do not compete for the same lines.
  static constexpr std::size_t kSlotLength = 320;
  static_assert(kSlotLength >= dns::kMaxQueryLength);
  struct SegmentLength {
    alignas(cmsghdr) std::array<std::uint8_t, CMSG_SPACE(sizeof(std::uint16_t))> octets{};
  };

  std::array<mmsghdr, kBatchSize> groups_{};
  std::array<iovec, kBatchSize> vectors_{};  // in the order of the groups
  std::array<SegmentLength, kBatchSize> segment_lengths_{};
  std::array<std::array<std::uint8_t, kSlotLength>, kBatchSize> slots_{};
  std::array<std::uint16_t, kBatchSize> lengths_{};  // by slot
  std::size_t committed_ = 0;
  std::size_t group_count_ = 0;
  std::size_t sent_ = 0;  // groups
  bool prepared_ = false;
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
  bool batch_full() const { return !batches_.empty() && batches_.back()->closed(); }
  bool has_unsent() const { return !batches_.empty(); }

  // Sends what the kernel takes; the rest stays, and the channel watches for room. Returns an error that
  // concerned one datagram or group: it counts as flushed. Call again then.
  std::optional<TransportError> flush();
  // Datagrams of the batches that went out whole.
  std::uint64_t flushed() const { return flushed_; }

 private:
  void finish_front_batch();

  UdpChannel(EventLoop& loop, Owner& owner, ChannelId id, const SocketAddress& server, int descriptor,
             std::size_t receive_buffer);

  Owner& owner_;
  ChannelId id_;
  SocketAddress server_;
  std::size_t receive_buffer_;
  std::vector<std::unique_ptr<SendBatch>>
      batches_;  // oldest first; more than one only while the kernel is full
  std::uint64_t flushed_ = 0;
  SendBatch::Grouping grouping_ = SendBatch::Grouping::kByLength;
  PolledSocket socket_;
};

}  // namespace dauth::net

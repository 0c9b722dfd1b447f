#include "resolver/net/udp_channel.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <utility>

#include "resolver/net/errno_mapping.h"

namespace dauth::net {
namespace {

// Source ports from the cryptographic source (RFC 5452 section 9.2); below 16,384 live too many services.
constexpr std::uint16_t kLowestPort = 16384;
constexpr int kPortDraws = 16;

void bind_random_port(int descriptor, AddressFamily family, RandomSource& random) {
  for (int draw = 0; draw < kPortDraws; ++draw) {
    const auto port = static_cast<std::uint16_t>(kLowestPort + random.below(0xffff - kLowestPort));
    sockaddr_storage any{};
    socklen_t length = 0;
    if (family == AddressFamily::kIpv4) {
      auto& v4 = reinterpret_cast<sockaddr_in&>(any);
      v4.sin_family = AF_INET;
      v4.sin_port = htons(port);
      length = sizeof v4;
    } else {
      auto& v6 = reinterpret_cast<sockaddr_in6&>(any);
      v6.sin6_family = AF_INET6;
      v6.sin6_port = htons(port);
      length = sizeof v6;
    }
    if (bind(descriptor, reinterpret_cast<const sockaddr*>(&any), length) == 0) return;
    if (errno != EADDRINUSE && errno != EACCES) return;
  }
  // Not bound: connect() then takes a port of the kernel's choice, which is random too.
}

std::size_t enlarge_receive_buffer(int descriptor, std::size_t octets) {
  const int asked = static_cast<int>(octets);
  // The first needs CAP_NET_ADMIN and goes beyond net.core.rmem_max.
  if (setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &asked, sizeof asked) != 0) {
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &asked, sizeof asked);
  }
  int granted = 0;
  socklen_t length = sizeof granted;
  if (getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &granted, &length) != 0) return 0;
  return static_cast<std::size_t>(granted);
}

}  // namespace

std::size_t obtainable_receive_buffer(std::size_t octets) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return 0;
  const std::size_t granted = enlarge_receive_buffer(descriptor, octets);
  close(descriptor);
  return granted;
}

void SendBatch::prepare(Grouping grouping) {
  if (!prepared_) {
    std::array<std::uint16_t, kBatchSize> order;  // length and slot
    for (std::size_t slot = 0; slot < committed_; ++slot) {
      order[slot] = static_cast<std::uint16_t>(lengths_[slot] * kBatchSize + slot);
    }
    static_assert(kSlotLength * kBatchSize <= 0x10000);
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(committed_));
    for (std::size_t index = 0; index < committed_; ++index) {
      vectors_[index] = {slots_[order[index] % kBatchSize].data(), order[index] / kBatchSize};
    }
    prepared_ = true;
  }
  // What has been sent keeps its groups; behind them the rest is grouped, perhaps anew.
  std::size_t begin = 0;
  for (std::size_t group = 0; group < sent_; ++group) begin += groups_[group].msg_hdr.msg_iovlen;
  group_count_ = sent_;
  while (begin < committed_) {
    std::size_t end = begin + 1;
    const std::size_t length = vectors_[begin].iov_len;
    while (grouping == Grouping::kByLength && end < committed_ && vectors_[end].iov_len == length) ++end;
    msghdr& header = groups_[group_count_].msg_hdr;
    header.msg_iov = &vectors_[begin];
    header.msg_iovlen = end - begin;
    header.msg_control = nullptr;
    header.msg_controllen = 0;
    if (end - begin > 1) {
      header.msg_control = segment_lengths_[group_count_].octets.data();
      header.msg_controllen = segment_lengths_[group_count_].octets.size();
      cmsghdr* const option = CMSG_FIRSTHDR(&header);
      option->cmsg_level = SOL_UDP;
      option->cmsg_type = UDP_SEGMENT;
      option->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
      const auto segment_length = static_cast<std::uint16_t>(length);
      std::memcpy(CMSG_DATA(option), &segment_length, sizeof segment_length);
    }
    ++group_count_;
    begin = end;
  }
}

void SendBatch::clear() {
  committed_ = group_count_ = sent_ = 0;
  prepared_ = false;
}

ReceiveBatch::ReceiveBatch() : octets_(kBatchSize * kStride) {
  for (std::size_t index = 0; index < kBatchSize; ++index) {
    vectors_[index] = {octets_.data() + index * kStride, kLongestDatagram};
    headers_[index].msg_hdr.msg_iov = &vectors_[index];
    headers_[index].msg_hdr.msg_iovlen = 1;
  }
}

int ReceiveBatch::receive(int descriptor) {
  return recvmmsg(descriptor, headers_.data(), kBatchSize, MSG_DONTWAIT, nullptr);
}

Result<std::unique_ptr<UdpChannel>, TransportError> UdpChannel::open(EventLoop& loop, RandomSource& random,
                                                                     Owner& owner, ChannelId id,
                                                                     const SocketAddress& server,
                                                                     std::size_t receive_buffer) {
  const int family = server.family() == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  const int descriptor = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return unexpected(transport_error_of(errno));
  bind_random_port(descriptor, server.family(), random);
  sockaddr_storage native{};
  const socklen_t length = server.to_native(native);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&native), length) != 0) {
    const int error = errno;
    close(descriptor);
    return unexpected(transport_error_of(error));
  }
  const std::size_t granted = enlarge_receive_buffer(descriptor, receive_buffer);
  return std::unique_ptr<UdpChannel>(new UdpChannel(loop, owner, id, server, descriptor, granted));
}

UdpChannel::UdpChannel(EventLoop& loop, Owner& owner, ChannelId id, const SocketAddress& server,
                       int descriptor, std::size_t receive_buffer)
    : owner_(owner),
      id_(id),
      server_(server),
      receive_buffer_(receive_buffer),
      socket_(loop, descriptor, [this](PolledSocket::Ready ready) {
        if (ready.writable && has_unsent()) owner_.on_writable(*this);
        if (ready.readable) owner_.on_readable(*this);
      }) {}

std::span<std::uint8_t> UdpChannel::reserve() {
  if (batches_.empty() || batches_.back()->closed()) batches_.push_back(owner_.take_batch());
  return batches_.back()->slot();
}

void UdpChannel::commit(std::size_t length) {
  batches_.back()->commit(length);
}

void UdpChannel::finish_front_batch() {
  flushed_ += batches_.front()->committed();
  owner_.return_batch(std::move(batches_.front()));
  batches_.erase(batches_.begin());
}

std::optional<TransportError> UdpChannel::flush() {
  // An error that may be news of an earlier datagram: the present ones count as tried when it comes again.
  std::optional<TransportError> earlier;
  while (!batches_.empty()) {
    SendBatch& batch = *batches_.front();
    if (!batch.prepared()) batch.prepare(grouping_);
    const auto unsent = batch.unsent();
    const int sent =
        sendmmsg(descriptor(), unsent.data(), static_cast<unsigned>(unsent.size()), MSG_DONTWAIT);
    const int error = sent < 0 ? errno : 0;
    std::optional<TransportError> news;
    if (sent >= 0) {
      batch.skip(static_cast<std::size_t>(sent));
      news = std::exchange(earlier, std::nullopt);
    } else if (error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS) {
      socket_.watch(PolledSocket::Interest::kReadingAndWriting);
      return earlier;
    } else if (error == ECONNREFUSED) {
      // News of an earlier datagram; the present one has not been tried.
      return TransportError::kRefused;
    } else if (SendBatch::is_grouped(unsent.front()) &&
               (error == EIO || error == EINVAL || error == EMSGSIZE || error == EOPNOTSUPP)) {
      // An old kernel, or a way out that cannot cut groups (no checksums in hardware, IPsec).
      grouping_ = SendBatch::Grouping::kNone;
      batch.prepare(grouping_);
    } else if (error != EINTR && !earlier) {
      earlier = transport_error_of(error);
    } else if (error != EINTR) {
      batch.skip(1);
      news = std::exchange(earlier, std::nullopt);
    }
    if (batch.all_sent()) finish_front_batch();
    if (news) return news;
  }
  socket_.watch(PolledSocket::Interest::kReading);
  return std::nullopt;
}

}  // namespace dauth::net

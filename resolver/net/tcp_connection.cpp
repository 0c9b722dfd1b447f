#include "resolver/net/tcp_connection.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
// Behind <time.h> and the socket headers, which it needs and does not include.
#include <linux/errqueue.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace dauth::net {
namespace {

// A peer that sends without end must not keep the loop from everything else.
constexpr int kReadsInOnePass = 16;
constexpr std::size_t kReadOctets = std::size_t{16} * 1024;
constexpr std::chrono::milliseconds kAtOnce{0};

void report_icmp_errors(int descriptor, AddressFamily family, int on) {
  if (family == AddressFamily::kIpv4) {
    setsockopt(descriptor, IPPROTO_IP, IP_RECVERR, &on, sizeof on);
  } else {
    setsockopt(descriptor, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  }
}

int pending_error(int descriptor) {
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

bool has_peer(int descriptor) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  return getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) == 0;
}

std::optional<SocketAddress> name_of(int descriptor) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &length) != 0) return std::nullopt;
  return SocketAddress::from_native(name);
}

// The sender's address stands behind the error (SO_EE_OFFENDER, ip(7)).
std::optional<SocketAddress> sender_in(const std::uint8_t* data, std::size_t length) {
  sockaddr_storage native{};
  const std::size_t offset = sizeof(sock_extended_err);
  if (length < offset + sizeof(sa_family_t)) return std::nullopt;
  std::memcpy(&native, data + offset, std::min(length - offset, sizeof native));
  const bool whole = (native.ss_family == AF_INET && length >= offset + sizeof(sockaddr_in)) ||
                     (native.ss_family == AF_INET6 && length >= offset + sizeof(sockaddr_in6));
  if (!whole) return std::nullopt;
  return SocketAddress::from_native(native).with_port(0);
}

std::optional<ConnectFailure> failure_in(const cmsghdr& header, const std::uint8_t* data,
                                         std::size_t length) {
  const bool is_error = (header.cmsg_level == IPPROTO_IP && header.cmsg_type == IP_RECVERR) ||
                        (header.cmsg_level == IPPROTO_IPV6 && header.cmsg_type == IPV6_RECVERR);
  sock_extended_err error{};
  if (!is_error || length < sizeof error) return std::nullopt;
  std::memcpy(&error, data, sizeof error);
  ConnectFailure failure;
  failure.system_error = static_cast<int>(error.ee_errno);
  failure.kind = ConnectFailure::Kind::kNotSent;
  if (error.ee_origin == SO_EE_ORIGIN_ICMP || error.ee_origin == SO_EE_ORIGIN_ICMP6) {
    failure.kind = ConnectFailure::Kind::kIcmp;
    IcmpError& icmp = failure.icmp.emplace();
    icmp.family = error.ee_origin == SO_EE_ORIGIN_ICMP ? AddressFamily::kIpv4 : AddressFamily::kIpv6;
    icmp.type = error.ee_type;
    icmp.code = error.ee_code;
    icmp.sender = sender_in(data, length);
  }
  return failure;
}

// What the kernel says without an entry in the queue: no ICMP error.
ConnectFailure failure_of(int error) {
  ConnectFailure failure;
  failure.system_error = error;
  switch (error) {
    case ECONNREFUSED:
      failure.kind = ConnectFailure::Kind::kReset;
      break;
    case ETIMEDOUT:
      failure.kind = ConnectFailure::Kind::kSilent;
      break;
    default:
      failure.kind = ConnectFailure::Kind::kNotSent;
  }
  return failure;
}

}  // namespace

TcpConnection::TcpConnection(EventLoop& loop, Owner& owner, const SocketAddress& peer,
                             std::chrono::milliseconds timer)
    : loop_(loop), owner_(owner), family_(peer.family()) {
  const int family = family_ == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  const int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) {
    const int error = errno;
    // A kernel without IPv6 has no such sockets.
    if (error != EAFNOSUPPORT) throw std::system_error(error, std::generic_category(), "socket");
    news_ = loop_.after(kAtOnce, [this, error] { fail(failure_of(error)); });
    return;
  }
  socket_ =
      std::make_unique<PolledSocket>(loop_, descriptor, [this](PolledSocket::Ready what) { ready(what); });
  report_icmp_errors(descriptor, family_, 1);
  sockaddr_storage native{};
  const socklen_t length = peer.to_native(native);
  timer_ = loop_.after(timer, [this] { timer_ended(); });
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&native), length) != 0 && errno != EINPROGRESS) {
    const int error = errno;
    news_ = loop_.after(kAtOnce, [this, error] { fail(take_queued_error().value_or(failure_of(error))); });
    return;
  }
  socket_->watch(PolledSocket::Interest::kReadingAndWriting);
}

std::optional<ConnectFailure> TcpConnection::take_queued_error() {
  std::optional<ConnectFailure> found;
  while (socket_ != nullptr) {
    alignas(cmsghdr) std::array<std::uint8_t, 512> control{};
    std::array<std::uint8_t, 64> packet{};  // the head of ours that the error is about
    iovec part{packet.data(), packet.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    if (recvmsg(socket_->descriptor(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
      if (errno == EINTR) continue;
      break;
    }
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
         header = CMSG_NXTHDR(&message, header)) {
      if (found) continue;
      found = failure_in(*header, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
      if (!found || !found->icmp || !found->icmp->sender) continue;
      const auto here = name_of(socket_->descriptor());
      found->icmp->is_from_here = here && here->with_port(0) == *found->icmp->sender;
    }
  }
  return found;
}

void TcpConnection::ready(PolledSocket::Ready what) {
  if (state_ == State::kConnecting) return connecting();
  if (state_ == State::kOpen && what.writable) write();
  if (state_ == State::kOpen && what.readable) read();
}

void TcpConnection::connecting() {
  if (const auto failure = take_queued_error()) return fail(*failure);
  const int error = pending_error(socket_->descriptor());
  // One that was reset so soon had been opened: an RST to the SYN is ECONNREFUSED.
  const bool was_opened = error == ECONNRESET || error == EPIPE;
  if (error != 0 && !was_opened) return fail(failure_of(error));
  // Woken by an error that has gone again, the SYN is still on its way.
  if (!was_opened && !has_peer(socket_->descriptor())) return;
  state_ = State::kOpen;
  // From here on an ICMP error is for TCP to bear (RFC 5927): only time tells.
  report_icmp_errors(socket_->descriptor(), family_, 0);
  owner_.on_connected();
  if (state_ != State::kOpen) return;
  if (was_opened) return end(End::kReset);
  write();
  if (state_ == State::kOpen) read();
}

void TcpConnection::send(std::span<const std::uint8_t> octets) {
  if (state_ != State::kOpen || has_overflowed_) return;
  if (octets.size() > kMostUnsent - outgoing_.size()) {
    has_overflowed_ = true;
    news_ = loop_.after(kAtOnce, [this] { end(End::kOther); });
    return;
  }
  outgoing_.insert(outgoing_.end(), octets.begin(), octets.end());
  write();
}

void TcpConnection::write() {
  std::size_t written = 0;
  while (written < outgoing_.size()) {
    const ssize_t sent = ::send(socket_->descriptor(), outgoing_.data() + written, outgoing_.size() - written,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (sent < 0) {
      // What the peer said before it broke off is still to be read, and tells more than the error.
      write_failed_ = true;
      written = outgoing_.size();
      break;
    }
    written += static_cast<std::size_t>(sent);
  }
  outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(written));
  socket_->watch(outgoing_.empty() ? PolledSocket::Interest::kReading
                                   : PolledSocket::Interest::kReadingAndWriting);
}

void TcpConnection::read() {
  for (int reads = 0; reads < kReadsInOnePass; ++reads) {
    std::array<std::uint8_t, kReadOctets> buffer;
    const ssize_t got = recv(socket_->descriptor(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      return end(errno == ECONNRESET || errno == EPIPE ? End::kReset : End::kOther);
    }
    // The kernel tells a write's error once; the read that follows sees an end in good order.
    if (got == 0) return end(write_failed_ ? End::kReset : End::kClosed);
    owner_.on_octets(std::span(buffer).first(static_cast<std::size_t>(got)));
    if (state_ != State::kOpen) return;
  }
}

void TcpConnection::timer_ended() {
  if (state_ == State::kOpen) return end(End::kTimer);
  // What came while this thread was busy is in time.
  if (socket_ != nullptr) connecting();
  if (state_ == State::kConnecting) fail({});
}

void TcpConnection::fail(const ConnectFailure& failure) {
  if (state_ != State::kConnecting) return;
  close();
  owner_.on_failed(failure);
}

void TcpConnection::end(End end) {
  if (state_ != State::kOpen) return;
  close();
  owner_.on_ended(end);
}

void TcpConnection::close() {
  state_ = State::kOver;
  socket_.reset();
  timer_ = {};
  news_ = {};
}

std::optional<SocketAddress> TcpConnection::local_address() const {
  if (state_ != State::kOpen) return std::nullopt;
  return name_of(socket_->descriptor());
}

}  // namespace dauth::net

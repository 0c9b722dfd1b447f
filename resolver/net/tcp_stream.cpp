#include "resolver/net/tcp_stream.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "resolver/net/errno_mapping.h"

namespace dauth::net {
namespace {

// A peer that sends without end must not keep the loop from everything else.
constexpr int kReadsInOnePass = 64;

}  // namespace

Result<std::unique_ptr<TcpStream>, TransportError> TcpStream::open(EventLoop& loop, Owner& owner, StreamId id,
                                                                   const SocketAddress& server) {
  const int family = server.family() == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  const int descriptor = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return unexpected(transport_error_of(errno));
  // Pipelined questions are small and must not wait for each other's acknowledgements.
  const int on = 1;
  setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage native{};
  const socklen_t length = server.to_native(native);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&native), length) != 0 && errno != EINPROGRESS) {
    const int error = errno;
    close(descriptor);
    return unexpected(transport_error_of(error));
  }
  return std::unique_ptr<TcpStream>(new TcpStream(loop, owner, id, descriptor));
}

TcpStream::TcpStream(EventLoop& loop, Owner& owner, StreamId id, int descriptor)
    : owner_(owner), id_(id), socket_(loop, descriptor, [this](PolledSocket::Ready what) { ready(what); }) {
  socket_.watch(PolledSocket::Interest::kReadingAndWriting);
}

void TcpStream::send(std::span<const std::uint8_t> message) {
  // What a slow reader has taken already must not pile up before what waits.
  if (written_ > outgoing_.size() / 2) {
    outgoing_.erase(outgoing_.begin(), outgoing_.begin() + static_cast<std::ptrdiff_t>(written_));
    written_ = 0;
  }
  TcpFramer::frame(message, outgoing_);
  if (connected_) write();
}

void TcpStream::write() {
  while (written_ < outgoing_.size()) {
    const ssize_t sent = ::send(socket_.descriptor(), outgoing_.data() + written_,
                                outgoing_.size() - written_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) {
      // The kernel tells an error once, and a read that follows would see an end in good order.
      if (errno != EAGAIN && errno != EWOULDBLOCK) write_error_ = transport_error_of(errno);
      break;
    }
    written_ += static_cast<std::size_t>(sent);
    last_activity_ = Clock::now();
  }
  const bool done = written_ == outgoing_.size();
  if (done) {
    outgoing_.clear();
    written_ = 0;
  }
  socket_.watch(done ? PolledSocket::Interest::kReading : PolledSocket::Interest::kReadingAndWriting);
}

void TcpStream::ready(PolledSocket::Ready what) {
  if (silenced_) return;
  if (!connected_) {
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(socket_.descriptor(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) return end(transport_error_of(error));
    if (!what.writable) return;
    connected_ = true;
    write();
    owner_.on_open(*this);
  } else if (what.writable) {
    write();
  }
  if (!silenced_ && what.readable) read();
}

void TcpStream::read() {
  for (int reads = 0; reads < kReadsInOnePass; ++reads) {
    const std::span<std::uint8_t> space = framer_.space();
    const ssize_t got = recv(socket_.descriptor(), space.data(), space.size(), MSG_DONTWAIT);
    if (got < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      return end(transport_error_of(errno));
    }
    if (got == 0) return end(write_error_.value_or(TransportError::kClosed));
    framer_.received(static_cast<std::size_t>(got));
    while (const auto message = framer_.next()) {
      owner_.on_message(*this, *message);
      if (silenced_) return;
    }
    if (framer_.broken()) return end(TransportError::kMalformed);
  }
}

void TcpStream::end(TransportError error) {
  silenced_ = true;
  owner_.on_closed(*this, error);
}

}  // namespace dauth::net

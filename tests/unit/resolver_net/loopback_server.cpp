#include "tests/unit/resolver_net/loopback_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>

#include "resolver/dns/message.h"
#include "resolver/net/tcp_framer.h"

namespace dauth::testing {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

}  // namespace

struct LoopbackServer::Connection {
  int descriptor = -1;
  net::TcpFramer framer;
  std::size_t replies = 0;
};

LoopbackServer::LoopbackServer(Answer answer, LoopbackServerOptions options)
    : answer_(std::move(answer)), options_(options) {
  const bool v4 = options.family == net::AddressFamily::kIpv4;
  const int family = v4 ? AF_INET : AF_INET6;
  sockaddr_storage native{};
  socklen_t length =
      net::SocketAddress::parse(v4 ? "127.0.0.1" : "::1").value().with_port(0).to_native(native);
  // UDP gets a free port of the kernel's choice; TCP needs the same one, which somebody else may have: then
  // another.
  constexpr int kAttempts = 50;
  const sockaddr_storage any_port = native;
  for (int attempt = 1;; ++attempt) {
    native = any_port;
    udp_ = checked(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    checked(bind(udp_, reinterpret_cast<sockaddr*>(&native), length), "bind");
    checked(getsockname(udp_, reinterpret_cast<sockaddr*>(&native), &length), "getsockname");
    listening_ = checked(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    const int on = 1;
    setsockopt(listening_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listening_, reinterpret_cast<sockaddr*>(&native), length) == 0) break;
    if (errno != EADDRINUSE || attempt == kAttempts)
      throw std::system_error(errno, std::generic_category(), "bind");
    close(udp_);
    close(listening_);
  }
  address_ = net::SocketAddress::from_native(native);
  checked(listen(listening_, 16), "listen");
  wake_ = checked(eventfd(0, EFD_CLOEXEC), "eventfd");
  thread_ = std::thread([this] { serve(); });
}

LoopbackServer::~LoopbackServer() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  thread_.join();
  close(udp_);
  close(listening_);
  close(wake_);
}

void LoopbackServer::serve() {
  std::vector<std::unique_ptr<Connection>> connections;
  for (;;) {
    std::vector<pollfd> watched{{wake_, POLLIN, 0}, {udp_, POLLIN, 0}, {listening_, POLLIN, 0}};
    for (const auto& connection : connections) watched.push_back({connection->descriptor, POLLIN, 0});
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents != 0) break;
    if (watched[1].revents != 0) serve_udp();
    for (std::size_t index = connections.size(); index-- > 0;) {
      if (watched[3 + index].revents == 0 || serve_tcp(*connections[index])) continue;
      close(connections[index]->descriptor);
      connections.erase(connections.begin() + static_cast<std::ptrdiff_t>(index));
    }
    if (watched[2].revents != 0) {
      auto connection = std::make_unique<Connection>();
      connection->descriptor = accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
      const int on = 1;
      setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ++connections_;
      connections.push_back(std::move(connection));
    }
  }
  for (const auto& connection : connections) close(connection->descriptor);
}

void LoopbackServer::serve_udp() {
  std::array<std::uint8_t, 4096> buffer;
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  const ssize_t got =
      recvfrom(udp_, buffer.data(), buffer.size(), MSG_DONTWAIT, reinterpret_cast<sockaddr*>(&peer), &length);
  if (got < 0) return;
  ++queries_;
  if (const auto reply = answer_(std::span(buffer).first(static_cast<std::size_t>(got)), Via::kUdp)) {
    sendto(udp_, reply->data(), reply->size(), 0, reinterpret_cast<sockaddr*>(&peer), length);
    ++replies_;
  }
}

bool LoopbackServer::serve_tcp(Connection& connection) {
  const auto space = connection.framer.space();
  const ssize_t got = recv(connection.descriptor, space.data(), space.size(), MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  if (got == 0) return false;
  connection.framer.received(static_cast<std::size_t>(got));
  while (const auto query = connection.framer.next()) {
    ++queries_;
    const auto reply = answer_(*query, Via::kTcp);
    if (!reply) continue;
    Octets framed;
    net::TcpFramer::frame(*reply, framed);
    const std::size_t piece = options_.tcp_piece == 0 ? framed.size() : options_.tcp_piece;
    for (std::size_t at = 0; at < framed.size(); at += piece) {
      send(connection.descriptor, framed.data() + at, std::min(piece, framed.size() - at), MSG_NOSIGNAL);
    }
    ++replies_;
    if (++connection.replies == options_.tcp_replies) return false;
  }
  return !connection.framer.broken();
}

LoopbackServer::Octets LoopbackServer::empty_response(std::span<const std::uint8_t> query) {
  std::size_t end = dns::kHeaderLength;
  while (query[end] != 0) end += 1u + query[end];
  end += 5;
  Octets reply(query.begin(), query.begin() + static_cast<std::ptrdiff_t>(end));
  reply[2] |= 0x80;
  reply[3] |= 0x80;
  reply[10] = reply[11] = 0;  // OPT is not repeated
  return reply;
}

LoopbackServer::Octets LoopbackServer::truncated_response(std::span<const std::uint8_t> query) {
  Octets reply = empty_response(query);
  reply[2] |= 0x02;
  return reply;
}

bool LoopbackServer::ipv6_works() {
  try {
    LoopbackServer probe([](auto, auto) { return std::optional<Octets>(); },
                         {.family = net::AddressFamily::kIpv6});
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace dauth::testing

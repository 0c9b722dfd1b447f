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
    : LoopbackServer(
          Handler([answer = std::move(answer)](std::span<const std::uint8_t> query, WayBack& way_back) {
            if (const auto reply = answer(query, way_back.via())) way_back.send(*reply);
          }),
          options) {}

LoopbackServer::LoopbackServer(Handler handler, LoopbackServerOptions options)
    : handler_(std::move(handler)), options_(options) {
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
  // The port is held all the same, so that nobody else answers there.
  if (options_.tcp) checked(listen(listening_, 64), "listen");
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
  for (const int other : {other_port_, other_address_}) {
    if (other >= 0) close(other);
  }
}

void LoopbackServer::serve() {
  std::vector<std::unique_ptr<Connection>> connections;
  for (;;) {
    std::vector<pollfd> watched{
        {wake_, POLLIN, 0}, {udp_, POLLIN, 0}, {options_.tcp ? listening_ : -1, POLLIN, 0}};
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

void LoopbackServer::WayBack::send(std::span<const std::uint8_t> message, From from, std::size_t piece) {
  if (via_ == Via::kUdp) {
    const int socket = from == From::kServer ? server_->udp_ : server_->elsewhere(from);
    sendto(socket, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&peer_),
           peer_length_);
  } else {
    Octets framed;
    net::TcpFramer::frame(message, framed);
    if (piece == 0) piece = server_->options_.tcp_piece;
    if (piece == 0) piece = framed.size();
    for (std::size_t at = 0; at < framed.size(); at += piece) {
      send_raw(std::span(framed).subspan(at, std::min(piece, framed.size() - at)));
    }
  }
  ++sent_;
  ++server_->replies_;
}

void LoopbackServer::WayBack::send_raw(std::span<const std::uint8_t> octets) {
  [[maybe_unused]] const ssize_t sent = ::send(connection_, octets.data(), octets.size(), MSG_NOSIGNAL);
}

// A socket that is not the server's, bound when it is first wanted.
int LoopbackServer::elsewhere(From from) {
  int& other = from == From::kOtherPort ? other_port_ : other_address_;
  if (other >= 0) return other;
  const auto address = net::SocketAddress::parse(from == From::kOtherPort ? "127.0.0.1" : "127.0.0.2");
  sockaddr_storage native{};
  const socklen_t length =
      address.value().with_port(from == From::kOtherPort ? 0 : address_.port()).to_native(native);
  other = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
  checked(bind(other, reinterpret_cast<sockaddr*>(&native), length), "bind");
  return other;
}

void LoopbackServer::serve_udp() {
  std::array<std::uint8_t, 4096> buffer;
  WayBack way_back;
  way_back.server_ = this;
  const ssize_t got = recvfrom(udp_, buffer.data(), buffer.size(), MSG_DONTWAIT,
                               reinterpret_cast<sockaddr*>(&way_back.peer_), &way_back.peer_length_);
  if (got < 0) return;
  ++queries_;
  handler_(std::span(buffer).first(static_cast<std::size_t>(got)), way_back);
}

bool LoopbackServer::serve_tcp(Connection& connection) {
  const auto space = connection.framer.space();
  const ssize_t got = recv(connection.descriptor, space.data(), space.size(), MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  if (got == 0) return false;
  connection.framer.received(static_cast<std::size_t>(got));
  while (const auto query = connection.framer.next()) {
    ++queries_;
    WayBack way_back;
    way_back.server_ = this;
    way_back.via_ = Via::kTcp;
    way_back.connection_ = connection.descriptor;
    handler_(*query, way_back);
    if (way_back.closes_) return false;
    connection.replies += way_back.sent_;
    if (way_back.sent_ > 0 && connection.replies == options_.tcp_replies) return false;
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
    LoopbackServer probe(Handler([](std::span<const std::uint8_t>, WayBack&) {}),
                         {.family = net::AddressFamily::kIpv6});
    return true;
  } catch (const std::system_error&) {
    return false;
  }
}

}  // namespace dauth::testing

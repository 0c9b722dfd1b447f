#include "tests/unit/resolver_net/tcp_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace dauth::testing {
namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void set_option(int descriptor, int level, int option, int value) {
  checked(setsockopt(descriptor, level, option, &value, sizeof value), "setsockopt");
}

}  // namespace

TcpPeer::TcpPeer(TcpPeerOptions options) {
  listening_ = checked(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  // Before listen(): a connection inherits them, and its window with them.
  if (options.receive_buffer > 0) set_option(listening_, SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
  if (options.send_buffer > 0) set_option(listening_, SOL_SOCKET, SO_SNDBUF, options.send_buffer);
  sockaddr_storage native{};
  socklen_t length = net::SocketAddress::parse("127.0.0.1").value().with_port(0).to_native(native);
  checked(bind(listening_, reinterpret_cast<sockaddr*>(&native), length), "bind");
  checked(getsockname(listening_, reinterpret_cast<sockaddr*>(&native), &length), "getsockname");
  address_ = net::SocketAddress::from_native(native);
  checked(listen(listening_, 4), "listen");
}

TcpPeer::~TcpPeer() {
  close();
  stop_listening();
}

void TcpPeer::accept() {
  connection_ = checked(accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK), "accept4");
  set_option(connection_, IPPROTO_TCP, TCP_NODELAY, 1);
}

std::size_t TcpPeer::write(std::span<const std::uint8_t> octets) {
  const ssize_t sent = ::send(connection_, octets.data(), octets.size(), MSG_NOSIGNAL);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

std::vector<std::uint8_t> TcpPeer::read() {
  std::vector<std::uint8_t> all;
  std::array<std::uint8_t, 65'536> buffer;
  for (;;) {
    const ssize_t got = recv(connection_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return all;
    all.insert(all.end(), buffer.begin(), buffer.begin() + got);
  }
}

void TcpPeer::close() {
  if (connection_ >= 0) ::close(std::exchange(connection_, -1));
}

void TcpPeer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  checked(setsockopt(connection_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "setsockopt");
  close();
}

void TcpPeer::stop_listening() {
  if (listening_ >= 0) ::close(std::exchange(listening_, -1));
}

}  // namespace dauth::testing

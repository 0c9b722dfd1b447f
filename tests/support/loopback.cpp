#include "tests/support/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace dauth::testing {
namespace {

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  Socket(int family, int type) : descriptor_(::socket(family, type | SOCK_CLOEXEC, 0)) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// The socket calls take every family's address behind one pointer type.
template <class Address>
sockaddr* generic(Address& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

sockaddr_in ipv4_loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool can_bind_ipv6(int type, std::uint16_t port) {
  const Socket socket(AF_INET6, type);
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return socket.descriptor() >= 0 && ::bind(socket.descriptor(), generic(address), sizeof address) == 0;
}

std::vector<std::uint8_t> encode_question(std::uint16_t id, std::string_view name, std::uint16_t type,
                                          std::uint16_t rr_class) {
  std::vector<std::uint8_t> octets;
  const auto put = [&octets](std::uint16_t value) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value & 0xff));
  };
  put(id);
  put(0x0100);  // RD
  put(1);       // one question
  put(0);
  put(0);
  put(0);
  while (!name.empty() && name != ".") {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    octets.push_back(static_cast<std::uint8_t>(label.size()));
    octets.insert(octets.end(), label.begin(), label.end());
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  octets.push_back(0);
  put(type);
  put(rr_class);
  return octets;
}

}  // namespace

std::uint16_t free_port() {
  for (int attempt = 0; attempt < 200; ++attempt) {
    const Socket udp(AF_INET, SOCK_DGRAM);
    const Socket tcp(AF_INET, SOCK_STREAM);
    sockaddr_in address = ipv4_loopback(0);
    socklen_t length = sizeof address;
    if (::bind(udp.descriptor(), generic(address), sizeof address) != 0) continue;
    if (::getsockname(udp.descriptor(), generic(address), &length) != 0) continue;
    if (::bind(tcp.descriptor(), generic(address), sizeof address) != 0) continue;
    const std::uint16_t port = ntohs(address.sin_port);
    if (has_ipv6_loopback() && !(can_bind_ipv6(SOCK_DGRAM, port) && can_bind_ipv6(SOCK_STREAM, port))) {
      continue;
    }
    return port;
  }
  throw std::system_error(EADDRINUSE, std::generic_category(), "no free port on 127.0.0.1");
}

bool has_ipv6_loopback() {
  return can_bind_ipv6(SOCK_DGRAM, 0);
}

std::optional<std::vector<std::uint8_t>> ask_loopback(std::uint16_t port, std::string_view name,
                                                      std::uint16_t type, std::uint16_t rr_class,
                                                      std::chrono::milliseconds limit) {
  const Socket socket(AF_INET, SOCK_DGRAM);
  sockaddr_in address = ipv4_loopback(port);
  if (::connect(socket.descriptor(), generic(address), sizeof address) != 0) return std::nullopt;
  constexpr std::uint16_t kId = 0x6461;
  const std::vector<std::uint8_t> question = encode_question(kId, name, type, rr_class);
  if (::send(socket.descriptor(), question.data(), question.size(), 0) < 0) return std::nullopt;
  const Clock::time_point deadline = Clock::now() + limit;
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd watched{socket.descriptor(), POLLIN, 0};
    if (::poll(&watched, 1, static_cast<int>(left.count())) <= 0) continue;
    std::vector<std::uint8_t> reply(65535);
    const ssize_t length = ::recv(socket.descriptor(), reply.data(), reply.size(), 0);
    if (length < 0) return std::nullopt;  // the port is closed
    if (length < 12 || reply[0] != kId >> 8 || reply[1] != (kId & 0xff)) continue;
    reply.resize(static_cast<std::size_t>(length));
    return reply;
  }
}

}  // namespace dauth::testing

#include "resolver/net/socket_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

namespace dauth::net {
namespace {

constexpr std::size_t kIpv4Octets = 4;

template <class Number>
std::optional<Number> number_from(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

// An argument comes from a person, a file may hold anything: nothing but printable ASCII is repeated.
std::string quoted(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, 64)) shown += c >= ' ' && c <= '~' ? c : '?';
  return "\"" + shown + "\"";
}

bool link_local(const std::array<std::uint8_t, 16>& octets) {
  return octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
}

std::optional<std::uint32_t> scope_from(const std::string& text) {
  if (const unsigned index = if_nametoindex(text.c_str()); index != 0) return index;
  const auto number = number_from<std::uint32_t>(text);
  if (!number || *number == 0) return std::nullopt;
  return number;
}

}  // namespace

Result<SocketAddress, std::string> SocketAddress::parse(std::string_view text, std::uint16_t default_port) {
  if (text.empty()) return unexpected(std::string("an empty address"));
  std::string_view host = text;
  std::optional<std::string_view> port_text;
  bool bracketed = false;
  if (text.front() == '[') {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos)
      return unexpected(fmt::format("{}: no closing bracket", quoted(text)));
    host = text.substr(1, close - 1);
    bracketed = true;
    const std::string_view rest = text.substr(close + 1);
    if (!rest.empty()) {
      if (rest.front() != ':') {
        return unexpected(fmt::format("{}: only \":PORT\" may follow the bracket", quoted(text)));
      }
      port_text = rest.substr(1);
    }
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    // Two colons or more are an IPv6 address, which carries a port only in brackets.
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    port_text = text.substr(colon + 1);
  }

  SocketAddress address;
  address.port_ = default_port;
  if (port_text) {
    const auto port = number_from<std::uint16_t>(*port_text);
    if (!port || *port == 0)
      return unexpected(fmt::format("{}: the port is no number from 1 to 65535", quoted(text)));
    address.port_ = *port;
  }

  const std::size_t percent = host.find('%');
  const std::string name(host.substr(0, percent));
  if (name.find('\0') != std::string::npos)
    return unexpected(fmt::format("{}: not an IP address", quoted(text)));
  if (!bracketed && percent == std::string_view::npos &&
      inet_pton(AF_INET, name.c_str(), address.octets_.data()) == 1) {
    return address;
  }
  address.octets_ = {};
  if (inet_pton(AF_INET6, name.c_str(), address.octets_.data()) != 1) {
    return unexpected(fmt::format("{}: not an IP address{}", quoted(text), bracketed ? " of version 6" : ""));
  }
  address.family_ = AddressFamily::kIpv6;
  if (percent != std::string_view::npos) {
    if (!link_local(address.octets_)) {
      return unexpected(fmt::format("{}: only a link-local address has a scope", quoted(text)));
    }
    const auto scope = scope_from(std::string(host.substr(percent + 1)));
    if (!scope) return unexpected(fmt::format("{}: no such network interface", quoted(text)));
    address.scope_ = *scope;
  }
  return address;
}

SocketAddress SocketAddress::from_native(const sockaddr_storage& native) {
  SocketAddress address;
  if (native.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(native);
    std::memcpy(address.octets_.data(), &v4.sin_addr, kIpv4Octets);
    address.port_ = ntohs(v4.sin_port);
  } else if (native.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(native);
    std::memcpy(address.octets_.data(), &v6.sin6_addr, address.octets_.size());
    address.port_ = ntohs(v6.sin6_port);
    address.family_ = AddressFamily::kIpv6;
    if (link_local(address.octets_)) address.scope_ = v6.sin6_scope_id;
  }
  return address;
}

std::uint32_t SocketAddress::to_native(sockaddr_storage& native) const {
  std::memset(&native, 0, sizeof native);
  if (family_ == AddressFamily::kIpv4) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(native);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port_);
    std::memcpy(&v4.sin_addr, octets_.data(), kIpv4Octets);
    return sizeof v4;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(native);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port_);
  v6.sin6_scope_id = scope_;
  std::memcpy(&v6.sin6_addr, octets_.data(), octets_.size());
  return sizeof v6;
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const {
  SocketAddress other = *this;
  other.port_ = port;
  return other;
}

bool SocketAddress::is_loopback() const {
  if (family_ == AddressFamily::kIpv4) return octets_[0] == 127;
  constexpr std::array<std::uint8_t, 16> kLoopback{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return octets_ == kLoopback ||
         (std::equal(kMapped.begin(), kMapped.end(), octets_.begin()) && octets_[kMapped.size()] == 127);
}

std::string SocketAddress::to_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (family_ == AddressFamily::kIpv4) {
    inet_ntop(AF_INET, octets_.data(), text.data(), text.size());
    return fmt::format("{}:{}", text.data(), port_);
  }
  inet_ntop(AF_INET6, octets_.data(), text.data(), text.size());
  if (scope_ == 0) return fmt::format("[{}]:{}", text.data(), port_);
  std::array<char, IF_NAMESIZE> interface{};
  if (if_indextoname(scope_, interface.data()) == nullptr)
    return fmt::format("[{}%{}]:{}", text.data(), scope_, port_);
  return fmt::format("[{}%{}]:{}", text.data(), interface.data(), port_);
}

}  // namespace dauth::net

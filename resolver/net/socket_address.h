// SocketAddress: an IP address with a port, where a server listens (IPv4, IPv6 with an optional scope).
//
// A value without resources; comparison is by octets, port and scope. Text is parsed and written in the forms
// of RFC 3986 section 3.2.2 and RFC 4007 section 11. Errors: one line for a person, as they typed it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "resolver/dns/result.h"

struct sockaddr_storage;

namespace dauth::net {

enum class AddressFamily : std::uint8_t { kIpv4, kIpv6 };

class SocketAddress {
 public:
  static constexpr std::uint16_t kDnsPort = 53;

  // 0.0.0.0:53, which no server has; a real one comes from parse or from_native.
  SocketAddress() = default;

  // "ADDR", "ADDR:PORT", "V6", "V6%SCOPE", "[V6]", "[V6]:PORT". The scope is an interface name or number and
  // is taken only where it means something, at link-local addresses.
  static Result<SocketAddress, std::string> parse(std::string_view text,
                                                  std::uint16_t default_port = kDnsPort);

  // `native` holds a sockaddr_in or sockaddr_in6; of any other family comes the default value.
  static SocketAddress from_native(const sockaddr_storage& native);
  // Returns the length of what it wrote, as connect(2) and bind(2) want it.
  std::uint32_t to_native(sockaddr_storage& native) const;

  AddressFamily family() const { return family_; }
  std::uint16_t port() const { return port_; }
  SocketAddress with_port(std::uint16_t port) const;
  // 127.0.0.0/8, ::1, or one of the former mapped into IPv6: a server on this machine.
  bool is_loopback() const;

  // "192.0.2.1:53", "[2001:db8::1]:53", "[fe80::1%eth0]:53".
  std::string to_text() const;

  friend bool operator==(const SocketAddress&, const SocketAddress&) = default;

 private:
  std::array<std::uint8_t, 16> octets_{};  // the first four for IPv4, the rest zero
  std::uint32_t scope_ = 0;
  std::uint16_t port_ = kDnsPort;
  AddressFamily family_ = AddressFamily::kIpv4;
};

}  // namespace dauth::net

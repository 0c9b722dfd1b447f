// IpAddress: an IPv4 or IPv6 address, without a port: of a mail client, of a host, in a record.
//
// A value without resources. Comparison is by family and octets; an IPv4 address that is mapped into IPv6
// (::ffff:192.0.2.1) is the IPv4 address that it holds, as RFC 7208 section 5 asks of check_host(). Errors:
// one line for a person.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/result.h"
#include "scanner/record/ip_network.h"

namespace dauth::scanner {

enum class IpFamily : std::uint8_t { kIpv4, kIpv6 };

// "IPv4", "IPv6".
std::string_view to_text(IpFamily family);

class IpAddress {
 public:
  explicit IpAddress(const Ipv4Octets& octets);
  explicit IpAddress(const Ipv6Octets& octets);

  // "192.0.2.1" or any form of RFC 4291 section 2.2; no brackets, no scope, no prefix length.
  static Result<IpAddress, std::string> parse(std::string_view text);
  // The address of an A or AAAA RR; nothing for another type or RDATA of another length.
  static std::optional<IpAddress> from_record(const dns::ResourceRecord& record);

  IpFamily family() const { return family_; }
  // 4 or 16.
  std::span<const std::uint8_t> octets() const { return {octets_.data(), length()}; }
  // Bits of the family: 32 or 128.
  std::size_t bits() const { return length() * 8; }

  // True where the first `prefix_length` bits are those of `network`, of the same family.
  bool is_within(const IpAddress& network, std::size_t prefix_length) const;

  // The RR type that holds such addresses: A or AAAA.
  dns::RrType rr_type() const;
  // Where the PTR RRs of the address stand: 1.2.0.192.in-addr.arpa (RFC 1035 section 3.5), or the 32 nibbles
  // below ip6.arpa (RFC 3596 section 2.5).
  dns::DomainName reverse_name() const;

  // "192.0.2.1"; the form of RFC 5952 for IPv6.
  std::string to_text() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend std::strong_ordering operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  std::size_t length() const { return family_ == IpFamily::kIpv4 ? 4 : 16; }

  IpFamily family_;
  Ipv6Octets octets_{};  // the first four for IPv4, the rest zero
};

}  // namespace dauth::scanner

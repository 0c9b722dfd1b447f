// The addresses of `ip4` and `ip6` in SPF (RFC 7208 section 5.6, RFC 4291 section 2.2), without their prefix
// lengths. Pure and total.
//
// Not inet_pton(): what that takes differs between C libraries, and it gives no position of an error.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

using Ipv4Octets = std::array<std::uint8_t, 4>;
using Ipv6Octets = std::array<std::uint8_t, 16>;

// `ip4-network`: four decimal numbers without leading zeros. `offset` is that of `text` in the record.
Result<Ipv4Octets, RecordError> parse_ipv4_address(std::string_view text, std::size_t offset);

// `ip6-network`: any text form of RFC 4291, so up to four hexadecimal digits a group, one `::` for one or
// more groups, the last 32 bits as an IPv4 address if wanted; no zone.
Result<Ipv6Octets, RecordError> parse_ipv6_address(std::string_view text, std::size_t offset);

}  // namespace dauth::scanner

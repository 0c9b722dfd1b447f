// What counts as a name in a list, and its one form: wire form in lower case.
//
// Text is presentation form (RFC 1035 section 5.1): `\.` and `\DDD` escapes stand for octets and are kept.
// Characters outside ASCII are U-labels and become A-labels (RFC 5891, with the mapping and normalization of
// UTS 46, non-transitional); A-labels are kept as they are. Any other octets that the DNS allows are kept
// too,
// `_` among them. Errors are the reason, a phrase for a person.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"

namespace dauth::scanner {

// A name in wire form, without an allocation. Starts as the root.
class WireName {
 public:
  static constexpr std::size_t kCapacity = dns::DomainName::kMaxWireLength;

  std::span<const std::uint8_t> octets() const { return {octets_.data(), length_}; }
  std::span<std::uint8_t, kCapacity> room() { return octets_; }
  void set_length(std::size_t length) { length_ = static_cast<std::uint8_t>(length); }
  bool is_root() const { return length_ == 1; }
  // True when this name stands below `ancestor`, and is not it.
  bool is_strictly_below(const WireName& ancestor) const;
  dns::DomainName to_domain_name() const;

  friend bool operator==(const WireName& a, const WireName& b) {
    return a.length_ == b.length_ && std::memcmp(a.octets_.data(), b.octets_.data(), a.length_) == 0;
  }

 private:
  std::array<std::uint8_t, kCapacity> octets_{};
  std::uint8_t length_ = 1;
};

// Reads a name as zone files write it: relative to `origin` without a trailing dot (nullptr: there is none),
// "@" is the origin itself. The root is a name here.
Result<void, std::string> read_zone_name(std::string_view text, const WireName* origin, WireName& name);

// Reads a name as people write it in a list: always absolute, the trailing dot may be missing. Not names:
// the root, addresses, URLs and mail addresses, and what ends in a number (no top-level domain does). A
// single label ("jp") is a name.
Result<dns::DomainName, std::string> read_listed_name(std::string_view text);

}  // namespace dauth::scanner

// The words of a zone file's entry: TTLs, classes, RR types (RFC 1035 section 5.1, RFC 3597 section 5). Any
// case.
#pragma once

#include <cstdint>
#include <string_view>

namespace dauth::scanner {

enum class ZoneWord : std::uint8_t {
  kTtl,         // "3600", "1h30m"
  kClassIn,     // "IN", "CLASS1"
  kOtherClass,  // "CH", "HS", "CLASS3", …
  kTypeNs,      // "NS", "TYPE2"
  kTypeSoa,     // "SOA", "TYPE6"
  kOtherType,   // any other mnemonic of IANA's registry, "TYPE65280"
  kUnknown,
};

ZoneWord classify_zone_word(std::string_view word);

}  // namespace dauth::scanner

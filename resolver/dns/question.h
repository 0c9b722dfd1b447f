// Question: what is asked of a resolver. The class is always IN (RFC 1035 section 3.2.4).
#pragma once

#include <cstdint>
#include <string>

#include "resolver/dns/domain_name.h"

namespace dauth::dns {

// The RR types that the survey speaks of (IANA "Resource Record (RR) TYPEs"); any other number may stand in
// the enum too, for instance where a reply holds it.
enum class RrType : std::uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kMx = 15,
  kTxt = 16,
  kAaaa = 28,
  kSrv = 33,
  kDname = 39,
  kOpt = 41,
  kSpf = 99,
};

// Mnemonic, or TYPE12345 (RFC 3597 section 5).
std::string to_text(RrType type);

// Whether the RDATA is character-strings: TXT, and SPF (RFC 7208 section 3.1).
constexpr bool has_character_strings(RrType type) {
  return type == RrType::kTxt || type == RrType::kSpf;
}

inline constexpr std::uint16_t kClassIn = 1;

struct Question {
  DomainName name;
  RrType type = RrType::kA;

  friend bool operator==(const Question& a, const Question& b) = default;
};

}  // namespace dauth::dns

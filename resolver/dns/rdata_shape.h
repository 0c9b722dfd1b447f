// Where the domain names stand in the RDATA of a type (RFC 1035 section 3.3, RFC 2782, RFC 6672 section 2.1).
#pragma once

#include <cstddef>

#include "resolver/dns/question.h"

namespace dauth::dns {

// RDATA as `before` octets, `names` domain names one behind the other, and the rest.
struct RdataShape {
  std::size_t before = 0;
  unsigned names = 0;

  friend bool operator==(const RdataShape&, const RdataShape&) = default;
};

// {0, 0} for types without names and for those that the survey does not know: their RDATA is octets.
constexpr RdataShape rdata_shape(RrType type) {
  switch (type) {
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kPtr:
    case RrType::kDname:
      return {0, 1};
    case RrType::kSoa:
      return {0, 2};
    case RrType::kMx:
      return {2, 1};
    case RrType::kSrv:
      return {6, 1};
    default:
      return {};
  }
}

}  // namespace dauth::dns

// keyed_hash: SipHash-2-4, a keyed 64-bit hash of octets (Aumasson and Bernstein, 2012).
//
// The order of a survey must be the same whenever the run's seed and the names are, and no stranger who can
// put names on a list may steer it.
#pragma once

#include <cstdint>
#include <string_view>

namespace dauth::data {

struct HashKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

std::uint64_t keyed_hash(const HashKey& key, std::string_view octets);

}  // namespace dauth::data

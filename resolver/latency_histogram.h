// LatencyHistogram: how long one server takes to answer, as quantiles of its recent answers.
//
// Buckets grow by a quarter of an octave (19 %) from 16 microseconds to half a minute, so a quantile is told
// to within that. Old answers fade: past kMemory answers all counts are halved. Owns no clock; adding costs
// an increment.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "resolver/net/transport.h"

namespace dauth::resolver {

class LatencyHistogram {
 public:
  void add(net::Clock::duration latency) {
    ++counts_[bucket_of(latency)];
    if (++total_ >= kMemory) fade();
  }
  std::uint32_t total() const { return total_; }

  // The upper edge of the bucket in which the quantile lies; `share` is in (0, 1]. Zero without answers.
  net::Clock::duration quantile(double share) const {
    const auto wanted = static_cast<std::uint32_t>(static_cast<double>(total_) * share);
    std::uint32_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
      seen += counts_[bucket];
      if (seen > 0 && seen >= wanted) return upper_edge(bucket);
    }
    return {};
  }

  void clear() {
    counts_.fill(0);
    total_ = 0;
  }

 private:
  static constexpr std::uint32_t kMemory = 16'384;
  static constexpr std::size_t kBuckets = 84;
  static constexpr int kFirstOctave = 4;  // 16 microseconds

  static std::size_t bucket_of(net::Clock::duration latency) {
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(latency).count();
    if (micros < (1 << kFirstOctave)) return 0;
    const auto value = static_cast<std::uint64_t>(micros);
    const int octave = static_cast<int>(std::bit_width(value)) - 1;
    const auto quarter = static_cast<int>((value >> (octave - 2)) & 3);
    return std::min<std::size_t>(static_cast<std::size_t>(4 * (octave - kFirstOctave) + quarter),
                                 kBuckets - 1);
  }
  static net::Clock::duration upper_edge(std::size_t bucket) {
    const std::uint64_t base = std::uint64_t{1} << (kFirstOctave + bucket / 4);
    return std::chrono::microseconds(base + base / 4 * (bucket % 4 + 1));
  }
  void fade() {
    total_ = 0;
    for (std::uint32_t& count : counts_) total_ += count /= 2;
  }

  std::array<std::uint32_t, kBuckets> counts_{};
  std::uint32_t total_ = 0;
};

}  // namespace dauth::resolver

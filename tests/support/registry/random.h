// Random: the generator's source of chance, the same numbers for the same seed on every machine (the
// distributions of <random> differ between libraries). SplitMix64; for test data, nothing secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace dauth::testing {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

  // 0 to bound - 1; the bias of the remainder is of no matter here.
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <class T>
  const T& pick(std::span<const T> from) {
    return from[below(from.size())];
  }

  template <class Container>
  void shuffle(Container& container) {
    for (std::size_t i = container.size(); i > 1; --i) std::swap(container[i - 1], container[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace dauth::testing

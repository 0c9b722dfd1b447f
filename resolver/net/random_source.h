// RandomSource: unguessable numbers, for message IDs, source ports and the choice of a socket (RFC 5452).
//
// SystemRandom draws from getrandom(2), a cryptographic source, a buffer at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dauth::net {

class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint16_t next() = 0;
  // Evenly from [0, bound); `bound` is at least 1.
  std::uint16_t below(std::uint16_t bound);
};

class SystemRandom final : public RandomSource {
 public:
  // Throws std::system_error when the kernel has no random source.
  std::uint16_t next() override;

 private:
  std::array<std::uint16_t, 256> buffer_{};
  std::size_t used_ = 256;
};

}  // namespace dauth::net

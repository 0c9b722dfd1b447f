#include "resolver/net/random_source.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace dauth::net {

std::uint16_t RandomSource::below(std::uint16_t bound) {
  // Numbers over the last whole multiple of `bound` would favour the small remainders.
  const auto excess = static_cast<std::uint32_t>(0x10000u % bound);
  for (;;) {
    const std::uint16_t number = next();
    if (number + excess < 0x10000u) return static_cast<std::uint16_t>(number % bound);
  }
}

std::uint16_t SystemRandom::next() {
  if (used_ == buffer_.size()) {
    // Requests of more than 256 octets may come back short after a signal.
    const std::size_t size = buffer_.size() * sizeof buffer_[0];
    std::size_t filled = 0;
    while (filled < size) {
      const ssize_t got = getrandom(reinterpret_cast<char*>(buffer_.data()) + filled, size - filled, 0);
      if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
      if (got > 0) filled += static_cast<std::size_t>(got);
    }
    used_ = 0;
  }
  const std::uint16_t number = buffer_[used_];
  // A number given out must not be found in memory afterwards, an ID still being open.
  buffer_[used_++] = 0;
  return number;
}

}  // namespace dauth::net

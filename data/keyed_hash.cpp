#include "data/keyed_hash.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace dauth::data {
namespace {

struct State {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
};

std::uint64_t little_endian(std::string_view octets) {
  std::uint64_t word = 0;
  if (octets.size() == sizeof word && std::endian::native == std::endian::little) {
    std::memcpy(&word, octets.data(), sizeof word);
    return word;
  }
  for (std::size_t i = 0; i < octets.size(); ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(octets[i])} << (8 * i);
  }
  return word;
}

}  // namespace

std::uint64_t keyed_hash(const HashKey& key, std::string_view octets) {
  // The constants spell "somepseudorandomlygeneratedbytes".
  State state{key.low ^ 0x736f6d6570736575U, key.high ^ 0x646f72616e646f6dU, key.low ^ 0x6c7967656e657261U,
              key.high ^ 0x7465646279746573U};
  const std::uint64_t length = octets.size();
  while (octets.size() >= 8) {
    state.absorb(little_endian(octets.substr(0, 8)));
    octets.remove_prefix(8);
  }
  state.absorb(little_endian(octets) | (length << 56));
  state.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) state.round();
  return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace dauth::data

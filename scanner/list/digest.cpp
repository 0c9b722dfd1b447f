#include "scanner/list/digest.h"

// The state is a member and needs its full type. (Not XXH_INLINE_ALL: g++ 12 cannot inline it at -Og.)
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include <vector>

#include <fmt/format.h>

#include "scanner/list/byte_source.h"

namespace dauth::scanner {

struct Digest::State {
  XXH3_state_t state;
};

Digest::Digest() : state_(std::make_unique<State>()) {
  XXH3_128bits_reset(&state_->state);
}

Digest::~Digest() = default;

void Digest::add(std::span<const char> octets) {
  XXH3_128bits_update(&state_->state, octets.data(), octets.size());
}

std::string Digest::hexadecimal() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state_->state);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Result<std::string, std::string> digest_of_file(const std::string& path) {
  auto file = open_byte_source(path);
  if (!file) return unexpected(std::move(file.error()));
  Digest digest;
  std::vector<char> room(64 * 1024);
  for (;;) {
    const auto got = (*file)->read(room);
    if (!got) return unexpected(got.error());
    if (*got == 0) return digest.hexadecimal();
    digest.add(std::span(room).first(*got));
  }
}

}  // namespace dauth::scanner

#include "scanner/survey/random_label.h"

#include <sodium.h>

#include <array>
#include <stdexcept>

namespace dauth::scanner {

std::string random_label(std::uint64_t seed, const dns::DomainName& domain) {
  constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648 section 6, lower case
  constexpr std::size_t kLength = 26;

  std::array<std::uint8_t, crypto_generichash_KEYBYTES> key{};
  for (std::size_t i = 0; i < 8; ++i) key[i] = static_cast<std::uint8_t>(seed >> (8 * i));
  std::array<std::uint8_t, crypto_generichash_BYTES> hash;
  const dns::DomainName lower = domain.lowercased();
  const auto octets = lower.wire();
  if (crypto_generichash(hash.data(), hash.size(), octets.data(), octets.size(), key.data(), key.size()) !=
      0) {
    throw std::logic_error("BLAKE2b refused its arguments");
  }
  std::string label;
  for (std::size_t i = 0; i < kLength; ++i) label += kDigits[hash[i] % kDigits.size()];
  // Digits alone never come first: some software takes such a label for the start of an address.
  label[0] = kDigits[hash[0] % 26];
  return label;
}

}  // namespace dauth::scanner

#include "data/keyed_hash.h"

#include <gtest/gtest.h>

#include <string>

namespace dauth::data {
namespace {

std::string counting(std::size_t length) {
  std::string octets;
  for (std::size_t i = 0; i < length; ++i) octets += static_cast<char>(i);
  return octets;
}

// The key and messages of the authors' test vectors: octets 0, 1, 2, ...
constexpr HashKey kVectorKey{0x0706050403020100, 0x0f0e0d0c0b0a0908};

TEST(KeyedHash, EqualsTheVectorOfThePaper) {
  EXPECT_EQ(keyed_hash(kVectorKey, counting(15)), 0xa129ca6149be45e5U);
}

TEST(KeyedHash, EqualsTheAuthorsVectorsOfOtherLengths) {
  EXPECT_EQ(keyed_hash(kVectorKey, counting(0)), 0x726fdb47dd0e0e31U);
  EXPECT_EQ(keyed_hash(kVectorKey, counting(1)), 0x74f839c593dc67fdU);
  EXPECT_EQ(keyed_hash(kVectorKey, counting(8)), 0x93f5f5799a932462U);
}

TEST(KeyedHash, DependsOnEveryPartOfTheKey) {
  const auto hash = keyed_hash({1, 0}, "example.co.jp");
  EXPECT_NE(hash, keyed_hash({2, 0}, "example.co.jp"));
  EXPECT_NE(hash, keyed_hash({1, 1}, "example.co.jp"));
}

}  // namespace
}  // namespace dauth::data

#include "resolver/net/random_source.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace dauth::net {
namespace {

TEST(SystemRandom, DrawsFromTheWholeRange) {
  SystemRandom random;
  std::array<int, 16> by_upper_bits{};
  std::array<int, 16> by_lower_bits{};
  constexpr int kDraws = 16'000;
  std::set<std::uint16_t> seen;
  for (int draw = 0; draw < kDraws; ++draw) {
    const std::uint16_t number = random.next();
    ++by_upper_bits[number >> 12];
    ++by_lower_bits[number & 15];
    seen.insert(number);
  }
  // 1,000 each, standard deviation 31: ten of them are never seen by chance.
  for (const int count : by_upper_bits) EXPECT_NEAR(count, 1000, 310);
  for (const int count : by_lower_bits) EXPECT_NEAR(count, 1000, 310);
  // 16,000 draws of 65,536 leave about 14,190 different ones.
  EXPECT_GT(seen.size(), 13'500u);
}

TEST(SystemRandom, DiffersFromSourceToSource) {
  SystemRandom one;
  SystemRandom other;
  bool differs = false;
  for (int draw = 0; draw < 16; ++draw) differs = differs || one.next() != other.next();
  EXPECT_TRUE(differs);
}

class Sequence final : public RandomSource {
 public:
  std::uint16_t next() override { return numbers_[at_++]; }

 private:
  std::array<std::uint16_t, 4> numbers_{0xffff, 0xfffe, 7, 0};
  std::size_t at_ = 0;
};

TEST(RandomSource, BelowPassesOverTheLastPartialMultiple) {
  Sequence sequence;
  // 65,536 = 9,362 * 7 + 2: the two highest numbers would favour 0 and 1.
  EXPECT_EQ(sequence.below(7), 0);  // from 7
  Sequence whole;
  EXPECT_EQ(whole.below(1), 0);
  EXPECT_EQ(whole.below(0x8000), 0x7ffe);
}

}  // namespace
}  // namespace dauth::net

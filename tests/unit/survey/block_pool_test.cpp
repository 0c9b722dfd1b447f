#include "scanner/survey/block_pool.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

namespace dauth::scanner {
namespace {

struct Block {
  unsigned char* octets = nullptr;
  std::size_t size = 0;
  std::size_t alignment = 0;
  unsigned char mark = 0;
};

TEST(BlockPool, BlocksAreAlignedAndNobodyElses) {
  std::mt19937 random(1);
  BlockPool pool;
  std::vector<Block> blocks;
  for (int step = 0; step < 20'000; ++step) {
    if (blocks.size() < 200 || random() % 2 == 0) {
      // Of all classes, at their borders, and beyond the largest.
      const std::size_t size = random() % 4 == 0 ? 64 * (random() % 70) : random() % 5000;
      const std::size_t alignment = std::size_t{1} << random() % 8;
      const auto mark = static_cast<unsigned char>(random());
      Block block{static_cast<unsigned char*>(pool.allocate(size, alignment)), size, alignment, mark};
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(block.octets) % alignment, 0U);
      if (size > 0) std::memset(block.octets, mark, size);
      blocks.push_back(block);
    } else {
      std::swap(blocks[random() % blocks.size()], blocks.back());
      const Block block = blocks.back();
      blocks.pop_back();
      for (std::size_t i = 0; i < block.size; ++i) ASSERT_EQ(block.octets[i], block.mark);
      pool.deallocate(block.octets, block.size, block.alignment);
    }
  }
  for (const Block& block : blocks) pool.deallocate(block.octets, block.size, block.alignment);
}

TEST(BlockPool, HandsOutWhatWasGivenBackLast) {
  BlockPool pool;
  void* const first = pool.allocate(100);
  void* const second = pool.allocate(100);
  pool.deallocate(first, 100);
  pool.deallocate(second, 100);
  EXPECT_EQ(pool.allocate(128), second) << "of the same class";
  EXPECT_EQ(pool.allocate(65), first);
  EXPECT_NE(pool.allocate(64), first);
}

}  // namespace
}  // namespace dauth::scanner

#include "scanner/cli/silence_watch.h"

#include <gtest/gtest.h>

namespace dauth::scanner::cli {
namespace {

using namespace std::chrono_literals;

TEST(SilenceWatch, TellsWhenNobodyHasAnsweredForTheLimit) {
  SilenceWatch watch(10s);
  ASSERT_EQ(watch.interval(), 1s);
  EXPECT_FALSE(watch.tick(100, 90, 10));
  for (std::uint64_t second = 1; second < 10; ++second) EXPECT_FALSE(watch.tick(100 + second, 90, 10));
  EXPECT_TRUE(watch.tick(200, 90, 10));
}

TEST(SilenceWatch, AReplyBeginsItAnew) {
  SilenceWatch watch(10s);
  for (std::uint64_t second = 0; second < 9; ++second) EXPECT_FALSE(watch.tick(second, 0, 1));
  EXPECT_FALSE(watch.tick(9, 1, 1));
  for (std::uint64_t second = 0; second < 9; ++second) EXPECT_FALSE(watch.tick(10 + second, 1, 1));
  EXPECT_TRUE(watch.tick(20, 1, 1));
}

// Before the second pass nothing is asked for minutes; its first questions must not meet a limit that is
// over.
TEST(SilenceWatch, AWaitIsNoSilence) {
  SilenceWatch watch(10s);
  EXPECT_FALSE(watch.tick(100, 90, 0));
  for (int second = 0; second < 600; ++second) EXPECT_FALSE(watch.tick(100, 90, 0));
  EXPECT_FALSE(watch.tick(120, 90, 20));
}

TEST(SilenceWatch, NoLimitIsNever) {
  SilenceWatch watch(0s);
  for (std::uint64_t second = 0; second < 100'000; ++second) EXPECT_FALSE(watch.tick(second, 0, 1));
}

}  // namespace
}  // namespace dauth::scanner::cli

#include "resolver/rate_limit.h"

#include <gtest/gtest.h>

namespace dauth::resolver {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Events let out between `from` and `to` by one who looks every `step`.
int events(RateLimit& rate, net::TimePoint from, net::TimePoint to, net::Clock::duration step) {
  int count = 0;
  for (net::TimePoint now = from; now < to; now += step) {
    while (rate.allows(now)) {
      rate.take(now);
      ++count;
    }
  }
  return count;
}

class Rates : public ::testing::TestWithParam<double> {};

TEST_P(Rates, HoldOverTenSeconds) {
  RateLimit rate(GetParam());
  const net::TimePoint start{seconds(100)};
  const double allowed = GetParam() * 10.01 + 1;
  const int count = events(rate, start, start + seconds(10), milliseconds(1));
  EXPECT_LE(count, allowed);
  EXPECT_GE(count, GetParam() * 10);
}

INSTANTIATE_TEST_SUITE_P(Some, Rates, ::testing::Values(0.5, 1, 7, 100, 999, 20'000));

TEST(RateLimit, NothingIsSavedUp) {
  RateLimit rate(1000);
  const net::TimePoint start{seconds(100)};
  events(rate, start, start + seconds(1), milliseconds(1));
  const net::TimePoint later = start + seconds(60);
  EXPECT_LE(events(rate, later, later + microseconds(1), milliseconds(1)), 11);
}

TEST(RateLimit, WhatCouldNotWaitIsMadeUpFor) {
  RateLimit rate(10);
  const net::TimePoint start{seconds(100)};
  for (int count = 0; count < 10; ++count) rate.take(start);
  EXPECT_FALSE(rate.allows(start + milliseconds(980)));
  EXPECT_TRUE(rate.allows(rate.free_from()));
  EXPECT_EQ(rate.free_from(), start + milliseconds(990));
}

TEST(RateLimit, ZeroIsNoLimit) {
  RateLimit rate(0);
  const net::TimePoint start{seconds(100)};
  for (int count = 0; count < 100'000; ++count) {
    ASSERT_TRUE(rate.allows(start));
    rate.take(start);
  }
}

}  // namespace
}  // namespace dauth::resolver

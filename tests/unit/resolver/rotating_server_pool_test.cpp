#include "resolver/rotating_server_pool.h"

#include <gtest/gtest.h>

#include <array>

namespace dauth::resolver {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr ServerIndex kFirst{0};
constexpr ServerIndex kSecond{1};

class RotatingServerPoolTest : public ::testing::Test {
 protected:
  static std::vector<net::SocketAddress> servers(int count) {
    std::vector<net::SocketAddress> list;
    for (int index = 1; index <= count; ++index) {
      list.push_back(net::SocketAddress::parse("192.0.2." + std::to_string(index)).value());
    }
    return list;
  }
  std::optional<ServerIndex> book(ServerPool& pool, std::optional<ServerIndex> avoid = std::nullopt) {
    return pool.book(question_, avoid, now_);
  }
  ServerChange give_back(ServerPool& pool, ServerIndex server, TryEnd end) {
    return pool.give_back(server, end, milliseconds(10), now_);
  }
  // Books and fails until the server rests; returns how often.
  int wear_out(ServerPool& pool, ServerIndex server, TryEnd end) {
    for (int count = 1;; ++count) {
      std::optional<ServerIndex> booked = book(pool);
      while (booked != server) {
        give_back(pool, *booked, TryEnd::kNothingLearnt);
        booked = book(pool);
      }
      if (give_back(pool, server, end) == ServerChange::kBeganToRest) return count;
    }
  }

  dns::Question question_;
  net::TimePoint now_{seconds(1000)};
};

TEST_F(RotatingServerPoolTest, AsksInTurnUpToTheWindow) {
  RotatingServerPool pool(servers(3), 7);
  std::array<int, 3> booked{};
  for (int count = 0; count < 9; ++count) ++booked[static_cast<std::size_t>(book(pool).value())];
  // A third of seven, rounded up: the whole window is the caller's to keep.
  EXPECT_EQ(booked, (std::array<int, 3>{3, 3, 3}));
  EXPECT_FALSE(pool.has_room(now_));
  EXPECT_FALSE(book(pool));
  give_back(pool, kSecond, TryEnd::kAnswered);
  EXPECT_TRUE(pool.has_room(now_));
  EXPECT_EQ(book(pool), kSecond);
}

TEST_F(RotatingServerPoolTest, AvoidsTheServerThatFailedWhereAnotherWorks) {
  RotatingServerPool pool(servers(2), 4);
  EXPECT_EQ(book(pool, kFirst), kSecond);
  EXPECT_EQ(book(pool, kFirst), kSecond);
  // The other is full: worth waiting for.
  EXPECT_FALSE(book(pool, kFirst));
  EXPECT_EQ(book(pool), kFirst);
  RotatingServerPool single(servers(1), 4);
  EXPECT_EQ(book(single, kFirst), kFirst);
}

TEST_F(RotatingServerPoolTest, SixteenTimeoutsInARowMakeARest) {
  RotatingServerPool pool(servers(2), 10);
  EXPECT_EQ(wear_out(pool, kFirst, TryEnd::kTimedOut), 16);
  EXPECT_FALSE(pool.has_alternative(kSecond, now_));
  EXPECT_TRUE(pool.has_alternative(kFirst, now_));
  // The other takes its share.
  for (int count = 0; count < 10; ++count) EXPECT_EQ(book(pool), kSecond);
  EXPECT_FALSE(book(pool));
  // Also a retry goes back to where it failed rather than to a server that rests.
  give_back(pool, kSecond, TryEnd::kServerFailed);
  EXPECT_EQ(book(pool, kSecond), kSecond);
}

TEST_F(RotatingServerPoolTest, AnAnswerBetweenThemKeepsAServer) {
  RotatingServerPool pool(servers(2), 1000);
  for (int count = 0; count < 500; ++count) {
    const ServerIndex server = book(pool).value();
    EXPECT_EQ(give_back(pool, server, count % 15 < 2 ? TryEnd::kAnswered : TryEnd::kTimedOut),
              ServerChange::kNone);
  }
}

TEST_F(RotatingServerPoolTest, FourRefusalsMakeARest) {
  RotatingServerPool pool(servers(2), 10);
  for (int count = 0; count < 3; ++count) EXPECT_EQ(pool.struck(kFirst, now_), ServerChange::kNone);
  EXPECT_EQ(pool.struck(kFirst, now_), ServerChange::kBeganToRest);
  EXPECT_EQ(pool.struck(kFirst, now_), ServerChange::kNone);
}

TEST_F(RotatingServerPoolTest, OneAtATimeOnProbation) {
  RotatingServerPool pool(servers(2), 10);
  wear_out(pool, kFirst, TryEnd::kTimedOut);
  now_ += seconds(1);
  int first = 0;
  for (int count = 0; count < 11; ++count) first += book(pool) == kFirst ? 1 : 0;
  EXPECT_EQ(first, 1);
  EXPECT_FALSE(book(pool));
  // It fails: a longer rest.
  EXPECT_EQ(give_back(pool, kFirst, TryEnd::kTimedOut), ServerChange::kBeganToRest);
  now_ += milliseconds(1999);
  EXPECT_FALSE(book(pool));
  now_ += milliseconds(1);
  EXPECT_EQ(book(pool), kFirst);
  // It answers: a full share again.
  give_back(pool, kFirst, TryEnd::kAnswered);
  for (int count = 0; count < 5; ++count) EXPECT_EQ(book(pool), kFirst);
}

TEST_F(RotatingServerPoolTest, ALateReplyEndsTheRest) {
  RotatingServerPool pool(servers(2), 10);
  wear_out(pool, kFirst, TryEnd::kTimedOut);
  pool.heard_from(kFirst, milliseconds(10), now_);
  EXPECT_TRUE(pool.has_alternative(kSecond, now_));
}

TEST_F(RotatingServerPoolTest, RestsGrowNoLongerThanThirtySeconds) {
  RotatingServerPool pool(servers(2), 10);
  wear_out(pool, kFirst, TryEnd::kTimedOut);
  for (int rest = 0; rest < 20; ++rest) {
    now_ += seconds(30);
    EXPECT_EQ(pool.struck(kFirst, now_), ServerChange::kBeganToRest);
  }
}

TEST_F(RotatingServerPoolTest, WhereAllRestAllAreAsked) {
  RotatingServerPool pool(servers(2), 10);
  wear_out(pool, kFirst, TryEnd::kTimedOut);
  wear_out(pool, kSecond, TryEnd::kTimedOut);
  int booked = 0;
  while (book(pool)) ++booked;
  EXPECT_EQ(booked, 10);
}

}  // namespace
}  // namespace dauth::resolver

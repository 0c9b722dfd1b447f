#include "resolver/id_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

namespace dauth::resolver {
namespace {

// Against std::map, over a long run of inserts and erasures that makes the table grow and its chains wrap.
TEST(IdTable, DoesWhatAMapDoes) {
  IdTable table;
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> model;
  std::mt19937 random(20251);
  for (std::uint32_t step = 0; step < 200'000; ++step) {
    const auto lane = static_cast<std::uint32_t>(random() % 9);
    const auto id = static_cast<std::uint16_t>(random() % 2000);
    const auto found = model.find({lane, id});
    ASSERT_EQ(table.find(static_cast<Lane>(lane), id).has_value(), found != model.end());
    if (found == model.end()) {
      table.insert(static_cast<Lane>(lane), id, step);
      model[{lane, id}] = step;
    } else {
      ASSERT_EQ(table.find(static_cast<Lane>(lane), id).value(), found->second);
      table.erase(static_cast<Lane>(lane), id);
      model.erase(found);
    }
    ASSERT_EQ(table.size(), model.size());
  }
  for (const auto& [key, slot] : model) {
    ASSERT_EQ(table.find(static_cast<Lane>(key.first), key.second), slot);
  }
}

TEST(IdTable, ErasingWhatIsNotThereDoesNothing) {
  IdTable table;
  table.insert(Lane{1}, 7, 3);
  table.erase(Lane{1}, 8);
  table.erase(Lane{2}, 7);
  EXPECT_EQ(table.size(), 1u);
  EXPECT_EQ(table.find(Lane{1}, 7), 3u);
}

TEST(IdTable, ChannelsAndStreamsAreDifferentLanes) {
  IdTable table;
  table.insert(lane_of(net::ChannelId{5}), 7, 1);
  EXPECT_FALSE(table.contains(lane_of(net::StreamId{5}), 7));
  table.insert(lane_of(net::StreamId{5}), 7, 2);
  EXPECT_EQ(table.find(lane_of(net::ChannelId{5}), 7), 1u);
}

TEST(RecentIds, RemembersTheLatest) {
  RecentIds recent;
  EXPECT_FALSE(recent.contains(Lane{0}, 0));
  for (std::uint16_t id = 0; id < 100; ++id) recent.remember(Lane{3}, id);
  EXPECT_TRUE(recent.contains(Lane{3}, 99));
  EXPECT_FALSE(recent.contains(Lane{4}, 99));
  EXPECT_FALSE(recent.contains(Lane{3}, 100));
}

// A late reply that is not remembered would count as one with a foreign ID. The IDs are random, so are these.
TEST(RecentIds, RemembersWhatASecondCloses) {
  std::mt19937 random(1);
  std::vector<std::pair<Lane, std::uint16_t>> closed;
  RecentIds recent;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    closed.emplace_back(Lane{i % 8}, static_cast<std::uint16_t>(random()));
    recent.remember(closed.back().first, closed.back().second);
  }
  std::size_t forgotten = 0;
  for (const auto& [lane, id] : closed) forgotten += recent.contains(lane, id) ? 0 : 1;
  EXPECT_LT(forgotten, 100U) << "of 10,000";
}

TEST(RecentIds, ForgetsTheOldest) {
  std::mt19937 random(1);
  RecentIds recent;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    recent.remember(Lane{i % 8}, static_cast<std::uint16_t>(random()));
  }
  std::size_t strays = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    strays += recent.contains(Lane{8 + i % 8}, static_cast<std::uint16_t>(random())) ? 1 : 0;
  }
  // Four marks of 16 bits in each set: 0.6 are to be expected.
  EXPECT_LE(strays, 5U) << "of 10,000 of another lane";
}

}  // namespace
}  // namespace dauth::resolver

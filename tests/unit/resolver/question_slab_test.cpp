#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "resolver/open_question.h"

namespace dauth::resolver {
namespace {

TEST(QuestionSlab, PlacesStayWhereTheyAreAndAreUsedAgain) {
  QuestionSlab slab;
  std::vector<OpenQuestion*> questions;
  std::set<std::uint32_t> slots;
  for (int count = 0; count < 1000; ++count) {
    questions.push_back(&slab.open());
    slots.insert(questions.back()->slot);
  }
  EXPECT_EQ(slots.size(), 1000u);
  EXPECT_EQ(slab.open_count(), 1000u);
  for (OpenQuestion* question : questions) EXPECT_EQ(&slab.at(question->slot), question);
  for (int round = 0; round < 10; ++round) {
    for (OpenQuestion* question : questions) slab.close(*question);
    for (OpenQuestion*& question : questions) question = &slab.open();
  }
  EXPECT_EQ(slab.slot_end(), 1000u);
}

TEST(QuestionSlab, AQuestionStartsAnew) {
  QuestionSlab slab;
  OpenQuestion& used = slab.open();
  used.tries = 3;
  used.truncated = used.timed_out = used.try_unreachable = used.booked = true;
  used.protocol = Protocol::kTcp;
  used.edns = dns::Edns::kWithout;
  used.word = dns::Failure{};
  used.attempt_count = 2;
  used.last_lane = Lane{4};
  slab.close(used);
  const OpenQuestion& again = slab.open();
  ASSERT_EQ(&again, &used);
  EXPECT_EQ(again.tries, 0u);
  EXPECT_FALSE(again.truncated || again.timed_out || again.try_unreachable || again.booked);
  EXPECT_EQ(again.protocol, Protocol::kUdp);
  EXPECT_EQ(again.edns, dns::Edns::kWith);
  EXPECT_FALSE(again.word || again.last_lane);
  EXPECT_EQ(again.attempt_count, 0u);
}

}  // namespace
}  // namespace dauth::resolver

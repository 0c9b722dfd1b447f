#include "resolver/net/tcp_framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace dauth::net {
namespace {

using Octets = std::vector<std::uint8_t>;

Octets message_of(std::size_t length, std::uint8_t first) {
  Octets message(length);
  std::iota(message.begin(), message.end(), first);
  return message;
}

// Feeds `stream` in pieces of `piece` octets and collects the messages.
std::vector<Octets> messages_in(TcpFramer& framer, const Octets& stream, std::size_t piece) {
  std::vector<Octets> messages;
  for (std::size_t at = 0; at < stream.size();) {
    const auto space = framer.space();
    const std::size_t count = std::min({piece, stream.size() - at, space.size()});
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, space.begin());
    framer.received(count);
    at += count;
    while (const auto message = framer.next()) messages.emplace_back(message->begin(), message->end());
  }
  return messages;
}

class Pieces : public ::testing::TestWithParam<std::size_t> {};

TEST_P(Pieces, MessagesComeWholeHoweverTheStreamIsCut) {
  const std::vector<Octets> messages{message_of(12, 1), message_of(300, 2), message_of(65'535, 3),
                                     message_of(13, 4)};
  Octets stream;
  for (const Octets& message : messages) TcpFramer::frame(message, stream);
  TcpFramer framer;
  EXPECT_EQ(messages_in(framer, stream, GetParam()), messages);
  EXPECT_FALSE(framer.broken());
}

INSTANTIATE_TEST_SUITE_P(Sizes, Pieces, ::testing::Values(1, 2, 3, 13, 14, 15, 1460, 4096, 1'000'000));

TEST(TcpFramer, FramesWithTheLengthInNetworkOrder) {
  Octets out{9};
  TcpFramer::frame(message_of(0x0102, 0), out);
  ASSERT_EQ(out.size(), 1u + 2 + 0x0102);
  EXPECT_EQ(out[1], 1);
  EXPECT_EQ(out[2], 2);
}

TEST(TcpFramer, ALengthOfZeroBreaksTheStream) {
  TcpFramer framer;
  Octets stream;
  TcpFramer::frame(message_of(12, 1), stream);
  stream.insert(stream.end(), {0, 0});
  TcpFramer::frame(message_of(12, 1), stream);
  // What came whole before is still good, nothing behind is.
  EXPECT_EQ(messages_in(framer, stream, 1000).size(), 1u);
  EXPECT_TRUE(framer.broken());
}

TEST(TcpFramer, ALengthBelowAHeaderBreaksTheStream) {
  TcpFramer framer;
  EXPECT_TRUE(messages_in(framer, {0, 11, 1, 2, 3}, 1000).empty());
  EXPECT_TRUE(framer.broken());
}

TEST(TcpFramer, ALengthThatPromisesMoreThanComesIsWaitedFor) {
  TcpFramer framer;
  Octets stream{0xff, 0xff};
  stream.resize(2 + 65'534);
  EXPECT_TRUE(messages_in(framer, stream, 1000).empty());
  EXPECT_FALSE(framer.broken());
  EXPECT_EQ(messages_in(framer, {0}, 1).size(), 1u);
}

TEST(TcpFramer, HoldsNoMoreThanOneMessageAndABit) {
  TcpFramer framer;
  Octets stream;
  for (int count = 0; count < 50; ++count) TcpFramer::frame(message_of(60'000, 1), stream);
  EXPECT_EQ(messages_in(framer, stream, 4096).size(), 50u);
  EXPECT_LE(framer.memory(), 65'537u + 4096);
  // The longest message of all, whose last octet does not come.
  Octets longest{0xff, 0xff};
  longest.resize(2 + 65'534);
  EXPECT_TRUE(messages_in(framer, longest, 1).empty());
  EXPECT_FALSE(framer.space().empty());
  EXPECT_LE(framer.memory(), 65'537u + 4096);
}

TEST(TcpFramer, KeepsNothingOfABrokenStream) {
  TcpFramer framer;
  Octets stream{0, 0};
  stream.resize(1'000'000);
  EXPECT_TRUE(messages_in(framer, stream, 4096).empty());
  EXPECT_TRUE(framer.broken());
  EXPECT_LE(framer.memory(), 65'537u);
}

}  // namespace
}  // namespace dauth::net

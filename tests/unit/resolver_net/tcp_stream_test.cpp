// What a peer may do to a TCP connection, over real sockets: the stream hands over whole messages and nothing
// else, says how it ended, and lets the loop go on meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "resolver/net/tcp_framer.h"
#include "tests/unit/resolver_net/loopback_server.h"
#include "tests/unit/resolver_net/tcp_peer.h"
#include "tests/unit/resolver_net/transport_fixture.h"

namespace dauth::net {
namespace {

using std::chrono::milliseconds;
using testing::LoopbackServer;
using testing::TcpPeer;
using Octets = std::vector<std::uint8_t>;

// A message with this ID and `length` octets in all.
Octets message_of(std::uint16_t id, std::size_t length = 40) {
  Octets message(length, 0x55);
  message[0] = static_cast<std::uint8_t>(id >> 8);
  message[1] = static_cast<std::uint8_t>(id & 0xff);
  return message;
}

Octets framed(const std::vector<Octets>& messages) {
  Octets stream;
  for (const Octets& message : messages) TcpFramer::frame(message, stream);
  return stream;
}

class TcpStreamTest : public testing::UvTransportTest {
 protected:
  explicit TcpStreamTest(milliseconds stream_idle = std::chrono::minutes(1)) : UvTransportTest(stream_idle) {}

  // A connection that stands on both sides.
  StreamId connect(TcpPeer& peer) {
    const StreamId stream = transport_.open_stream(peer.address());
    run_until([&] { return recorder_.log == "o"; });
    peer.accept();
    return stream;
  }
  void run_until_closed() {
    run_until([&] { return !recorder_.errors.empty(); });
  }
  void run_until_messages(std::size_t count) {
    run_until([&] { return recorder_.stream_ids.size() >= count; });
  }
  // Calls `step` once a round of the loop until it says that it is done.
  void each_round(std::function<bool()> step) {
    loop_.post([this, step = std::move(step)] {
      if (!step()) each_round(step);
    });
  }

  TcpPeer peer_;
};

TEST_F(TcpStreamTest, MessagesThatArriveAnOctetAtATime) {
  connect(peer_);
  const Octets stream = framed({message_of(1), message_of(2, 12), message_of(3, 700)});
  std::size_t at = 0;
  each_round([&] {
    at += peer_.write(std::span(stream).subspan(at, 1));
    return at == stream.size();
  });
  run_until_messages(3);
  EXPECT_EQ(at, stream.size());
  EXPECT_EQ(recorder_.log, "ommm");
  EXPECT_THAT(recorder_.stream_ids, ::testing::ElementsAre(1, 2, 3));
}

TEST_F(TcpStreamTest, SeveralMessagesInOneSegment) {
  connect(peer_);
  const Octets stream = framed({message_of(1), message_of(2), message_of(3)});
  ASSERT_EQ(peer_.write(stream), stream.size());
  run_until_messages(3);
  EXPECT_THAT(recorder_.stream_ids, ::testing::ElementsAre(1, 2, 3));
}

TEST_F(TcpStreamTest, TheLongestMessage) {
  connect(peer_);
  // A length has two octets, so there is no longer one.
  const Octets stream = framed({message_of(1, 65'535), message_of(2)});
  std::size_t at = 0;
  each_round([&] {
    at += peer_.write(std::span(stream).subspan(at));
    return at == stream.size();
  });
  run_until_messages(2);
  EXPECT_THAT(recorder_.stream_ids, ::testing::ElementsAre(1, 2));
}

TEST_F(TcpStreamTest, QuestionsWaitForAPeerThatDoesNotRead) {
  TcpPeer slow({.receive_buffer = 4096});
  const StreamId stream = connect(slow);
  // More than any kernel keeps for a socket by itself, so that the last ones wait here.
  constexpr std::size_t kQuestions = 300'000;
  for (std::size_t count = 0; count < kQuestions; ++count) send(stream, static_cast<std::uint16_t>(count));
  TcpFramer framer;
  std::size_t received = 0;
  std::size_t in_order = 0;
  each_round([&] {
    const Octets octets = slow.read();
    for (std::size_t at = 0; at < octets.size();) {
      const auto space = framer.space();
      const std::size_t count = std::min(space.size(), octets.size() - at);
      std::copy_n(octets.begin() + static_cast<std::ptrdiff_t>(at), count, space.begin());
      framer.received(count);
      at += count;
      while (const auto question = framer.next()) {
        const auto id = dns::MessageView::over(*question).value().id();
        in_order += id == static_cast<std::uint16_t>(received) ? 1 : 0;
        ++received;
      }
    }
    if (received == kQuestions) slow.write(framed({message_of(7)}));
    return received == kQuestions;
  });
  run_until_messages(1);
  EXPECT_EQ(received, kQuestions);
  EXPECT_EQ(in_order, kQuestions);
}

TEST_F(TcpStreamTest, AResetInTheMiddleOfAMessage) {
  send(connect(peer_), 1);
  const Octets stream = framed({message_of(1), message_of(2)});
  peer_.write(std::span(stream).first(stream.size() - 1));
  peer_.reset();
  run_until_closed();
  // What came whole before is good.
  EXPECT_EQ(recorder_.log, "omc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kReset));
}

TEST_F(TcpStreamTest, AResetThatAWriteMeetsFirst) {
  const StreamId stream = connect(peer_);
  peer_.reset();
  send(stream, 1);
  run_until_closed();
  EXPECT_EQ(recorder_.log, "oc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kReset));
}

TEST_F(TcpStreamTest, AResetWhileQuestionsWait) {
  TcpPeer slow({.receive_buffer = 4096});
  const StreamId stream = connect(slow);
  for (std::size_t count = 0; count < 300'000; ++count) send(stream, static_cast<std::uint16_t>(count));
  slow.reset();
  run_until_closed();
  EXPECT_EQ(recorder_.log, "oc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kReset));
}

TEST_F(TcpStreamTest, APeerThatClosesRightAfterAccept) {
  send(connect(peer_), 1);
  peer_.read();
  peer_.close();
  run_until_closed();
  EXPECT_EQ(recorder_.log, "oc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kClosed));
}

TEST_F(TcpStreamTest, APeerThatBreaksOffBeforeTheConnectionIsNoticed) {
  send(transport_.open_stream(peer_.address()), 1);
  peer_.accept();
  peer_.reset();
  run_until_closed();
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kReset));
}

TEST_F(TcpStreamTest, APeerThatNeverAccepts) {
  send(transport_.open_stream(peer_.address()), 1);
  run_until([&] { return recorder_.log == "o"; });
  peer_.stop_listening();
  run_until_closed();
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kReset));
}

TEST_F(TcpStreamTest, ALengthThatPromisesMoreThanComes) {
  connect(peer_);
  Octets stream = framed({message_of(1)});
  stream.insert(stream.end(), {0xff, 0xff});
  stream.insert(stream.end(), 1000, 0);
  peer_.write(stream);
  peer_.close();
  run_until_closed();
  EXPECT_EQ(recorder_.log, "omc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kClosed));
}

TEST_F(TcpStreamTest, ALengthThatIsNoMessages) {
  for (std::uint8_t length = 0; length < 12; ++length) {
    SCOPED_TRACE(static_cast<int>(length));
    recorder_.log.clear();
    recorder_.errors.clear();
    TcpPeer peer;
    connect(peer);
    Octets stream = framed({message_of(1)});
    stream.insert(stream.end(), {0, length});
    stream.insert(stream.end(), length, 0);
    const Octets more = framed({message_of(2)});
    stream.insert(stream.end(), more.begin(), more.end());
    peer.write(stream);
    run_until_closed();
    EXPECT_EQ(recorder_.log, "omc");
    EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kMalformed));
  }
}

// Sends messages that nobody asked for, without end, from a thread of its own.
class Flood {
 public:
  explicit Flood(TcpPeer& peer)
      : thread_([this, &peer] {
          const Octets stream = framed(std::vector<Octets>(20, message_of(9, 4000)));
          // In whole messages: what the kernel did not take of one is sent before the next.
          for (std::size_t at = 0; !done_;)
            at = (at + peer.write(std::span(stream).subspan(at))) % stream.size();
        }) {}
  ~Flood() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

TEST_F(TcpStreamTest, APeerThatSendsWithoutEndKeepsNobodyWaiting) {
  const LoopbackServer server([](std::span<const std::uint8_t> query, LoopbackServer::Via) {
    return std::optional<Octets>(LoopbackServer::empty_response(query));
  });
  const ChannelId channel = transport_.open_channel(server.address()).value();
  connect(peer_);
  const Flood flood(peer_);
  run_until_messages(1000);
  send(channel, 1);
  run_until([&] { return !recorder_.ids.empty(); });
  transport_.arm_deadline(Clock::now() + milliseconds(5));
  run_until([&] { return recorder_.deadline != TimePoint{}; });
  EXPECT_THAT(recorder_.errors, ::testing::IsEmpty());
}

class IdleStreamTest : public TcpStreamTest {
 protected:
  IdleStreamTest() : TcpStreamTest(milliseconds(50)) {}
};

TEST_F(IdleStreamTest, APeerThatSendsWhatNobodyAskedIsPutAway) {
  connect(peer_);
  const Flood flood(peer_);
  run_until_closed();
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kSilent));
}

TEST_F(IdleStreamTest, APeerThatNeitherReadsNorSaysAnythingIsPutAway) {
  TcpPeer deaf({.receive_buffer = 4096});
  const StreamId stream = connect(deaf);
  for (std::size_t count = 0; count < 300'000; ++count) send(stream, static_cast<std::uint16_t>(count));
  run_until_closed();
  EXPECT_EQ(recorder_.log, "oc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kSilent));
}

TEST_F(IdleStreamTest, APeerThatDoesNotReadIsPutAwayThoughMoreIsSent) {
  TcpPeer deaf({.receive_buffer = 4096});
  const StreamId stream = connect(deaf);
  for (std::size_t count = 0; count < 300'000; ++count) send(stream, static_cast<std::uint16_t>(count));
  const auto more = loop_.every(milliseconds(5), [&] { send(stream, 1); });
  run_until_closed();
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kSilent));
}

TEST_F(IdleStreamTest, APromiseThatIsNotKeptIsPutAway) {
  connect(peer_);
  const Octets stream{0xff, 0xff, 1, 2, 3};
  peer_.write(stream);
  run_until_closed();
  EXPECT_EQ(recorder_.log, "oc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kSilent));
}

}  // namespace
}  // namespace dauth::net

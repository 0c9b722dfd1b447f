// The transport on real sockets, against a small server on loopback.
#include "resolver/net/uv_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>

#include "tests/unit/resolver_net/loopback_server.h"
#include "tests/unit/resolver_net/transport_fixture.h"

namespace dauth::net {
namespace {

using std::chrono::milliseconds;
using testing::LoopbackServer;
using testing::UvTransportTest;
using Octets = LoopbackServer::Octets;

std::optional<Octets> echo(std::span<const std::uint8_t> query, LoopbackServer::Via) {
  return LoopbackServer::empty_response(query);
}

// A port where nobody listens: that of a server which has just gone.
SocketAddress vacant_address() {
  const LoopbackServer gone(echo);
  return gone.address();
}

class Families : public UvTransportTest, public ::testing::WithParamInterface<AddressFamily> {};

TEST_P(Families, EveryDatagramOfManyBatchesIsAnswered) {
  if (GetParam() == AddressFamily::kIpv6 && !LoopbackServer::ipv6_works()) GTEST_SKIP() << "no IPv6 here";
  const LoopbackServer server(echo, {.family = GetParam()});
  const ChannelId one = transport_.open_channel(server.address()).value();
  const ChannelId other = transport_.open_channel(server.address()).value();
  // Not more than a stock receive buffer holds at the server.
  constexpr std::uint16_t kEach = 100;
  for (std::uint16_t id = 0; id < kEach; ++id) {
    send(one, id);
    send(other, static_cast<std::uint16_t>(1000 + id));
  }
  run_until([&] { return recorder_.ids.size() == 2 * kEach; });
  EXPECT_EQ(recorder_.flushed[one], kEach);
  EXPECT_EQ(recorder_.flushed[other], kEach);
  for (std::uint16_t id = 0; id < kEach; ++id) {
    EXPECT_EQ(std::count(recorder_.ids.begin(), recorder_.ids.end(),
                         std::pair<const ChannelId, std::uint16_t>(one, id)),
              1);
  }
  EXPECT_EQ(recorder_.ids.count(other), kEach);
  EXPECT_THAT(recorder_.sources, ::testing::Each(server.address()));
  EXPECT_GT(transport_.receive_buffer_granted(), 0u);
}

INSTANTIATE_TEST_SUITE_P(IpVersions, Families, ::testing::Values(AddressFamily::kIpv4, AddressFamily::kIpv6),
                         [](const auto& each) {
                           return each.param == AddressFamily::kIpv4 ? "Ipv4" : "Ipv6";
                         });

TEST_F(UvTransportTest, TheReceiveBufferIsKnownBeforeAnyChannelIsOpen) {
  const std::size_t obtainable = transport_.receive_buffer_granted();
  EXPECT_GT(obtainable, 0u);
  EXPECT_LE(obtainable, transport_.receive_buffer_asked());
  const LoopbackServer server(echo);
  ASSERT_TRUE(transport_.open_channel(server.address()));
  EXPECT_EQ(transport_.receive_buffer_granted(), obtainable);
}

TEST_F(UvTransportTest, WithoutPrivilegeTheReceiveBufferIsWhatTheSystemAllows) {
  std::size_t most = 0;
  std::ifstream("/proc/sys/net/core/rmem_max") >> most;
  if (most == 0 || most > 1'000'000'000) GTEST_SKIP() << "no bound to be met here";
  std::size_t granted = 0;
  // Capabilities belong to a thread, so that this one alone is without.
  std::thread([&] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> data{};
    syscall(SYS_capget, &header, data.data());
    data[0].effective &= ~(1U << CAP_NET_ADMIN);
    syscall(SYS_capset, &header, data.data());
    EventLoop loop;
    const UvTransport transport(loop, random_, {.receive_buffer = most + 4096});
    granted = transport.receive_buffer_granted();
  }).join();
  EXPECT_EQ(granted, most);
}

TEST_F(UvTransportTest, ARefusalIsToldAndTheChannelLivesOn) {
  const ChannelId vacant = transport_.open_channel(vacant_address()).value();
  send(vacant, 1);
  run_until([&] { return recorder_.errors.size() == 1; });
  // A socket that met an error is watched as before.
  send(vacant, 2);
  run_until([&] { return recorder_.errors.size() == 2; });
  EXPECT_THAT(recorder_.errors, ::testing::Each(TransportError::kRefused));
  EXPECT_EQ(recorder_.flushed[vacant], 2u);
}

TEST_F(UvTransportTest, RefusalsLoseNoDatagramOfABatch) {
  const ChannelId vacant = transport_.open_channel(vacant_address()).value();
  for (std::uint16_t id = 0; id < 200; ++id) send(vacant, id);
  run_until([&] { return recorder_.flushed[vacant] == 200; });
  EXPECT_THAT(recorder_.errors, ::testing::Each(TransportError::kRefused));
}

TEST_F(UvTransportTest, AChannelThatCannotBeHadIsAnError) {
  // A broadcast address is forbidden to a socket that has not asked for it.
  const auto channel = transport_.open_channel(SocketAddress::parse("255.255.255.255").value());
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error(), TransportError::kUnreachable);
}

TEST_F(UvTransportTest, ADeadlineIsNotEarlyAndToldOnce) {
  const TimePoint due = Clock::now() + milliseconds(20);
  transport_.arm_deadline(due);
  run_until([&] { return true; });
  EXPECT_GE(recorder_.deadline, due);
  transport_.arm_deadline(Clock::now() + milliseconds(5));
  transport_.arm_deadline(TimePoint::max());
  const auto end = loop_.after(milliseconds(20), [&] { loop_.stop(); });
  loop_.run();
  EXPECT_EQ(recorder_.log, "!");
}

// A server that replies only while the loop is busy: the replies wait in the socket, the deadline passes.
class BusyLoopTest : public UvTransportTest {
 protected:
  // Keeps the loop busy until `replies` have been sent and the deadline lies behind.
  void be_busy(std::uint64_t replies) {
    released_ = true;
    const TimePoint until = due_ + milliseconds(20);
    while (server_.replies() < replies || Clock::now() < until) std::this_thread::yield();
  }

  std::atomic<bool> released_ = false;
  LoopbackServer server_{[this](std::span<const std::uint8_t> query, LoopbackServer::Via) {
    while (!released_) std::this_thread::yield();
    return std::optional<Octets>(LoopbackServer::empty_response(query));
  }};
  TimePoint due_{};
};

TEST_F(BusyLoopTest, ADatagramThatWaitsComesBeforeTheDeadline) {
  const ChannelId channel = transport_.open_channel(server_.address()).value();
  for (std::uint16_t id = 0; id < 150; ++id) send(channel, id);
  // The busy callback is due first, however slow this machine is. A posted one runs among the sockets'
  // events, so that the loop comes to its timers before it reads again.
  const auto block = loop_.after(milliseconds(20), [&] { loop_.post([&] { be_busy(150); }); });
  due_ = Clock::now() + milliseconds(300);
  transport_.arm_deadline(due_);
  run_until([&] { return recorder_.log.find('!') != std::string::npos; });
  EXPECT_EQ(recorder_.log, std::string(150, 'd') + "!");
}

TEST_F(BusyLoopTest, AStreamMessageThatWaitsComesBeforeTheDeadline) {
  const StreamId stream = transport_.open_stream(server_.address());
  send(stream, 1);
  send(stream, 2);
  // The busy callback is due first, however slow this machine is. A posted one runs among the sockets'
  // events, so that the loop comes to its timers before it reads again.
  const auto block = loop_.after(milliseconds(20), [&] { loop_.post([&] { be_busy(2); }); });
  due_ = Clock::now() + milliseconds(300);
  transport_.arm_deadline(due_);
  run_until([&] { return recorder_.log.find('!') != std::string::npos; });
  EXPECT_EQ(recorder_.log, "omm!");
}

TEST_F(UvTransportTest, AStreamCarriesManyQuestionsAndPartialReplies) {
  const LoopbackServer server(echo, {.family = AddressFamily::kIpv4, .tcp_piece = 3, .tcp_replies = 0});
  const StreamId stream = transport_.open_stream(server.address());
  // Both before the connection stands and after.
  for (std::uint16_t id = 0; id < 20; ++id) send(stream, id);
  run_until([&] { return recorder_.stream_ids.size() == 20; });
  for (std::uint16_t id = 20; id < 60; ++id) send(stream, id);
  run_until([&] { return recorder_.stream_ids.size() == 60; });
  for (std::uint16_t id = 0; id < 60; ++id) EXPECT_EQ(recorder_.stream_ids[id], id);
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(recorder_.log.front(), 'o');
}

class BusyStreamTest : public UvTransportTest {
 protected:
  BusyStreamTest() : UvTransportTest(std::chrono::minutes(1)) {}
};

TEST_F(BusyStreamTest, AStreamTakesMoreThanTheKernelDoes) {
  const LoopbackServer server(echo);
  const StreamId stream = transport_.open_stream(server.address());
  constexpr std::size_t kQuestions = 60'000;  // some 2.4 MB in each direction
  for (std::size_t count = 0; count < kQuestions; ++count) send(stream, static_cast<std::uint16_t>(count));
  run_until([&] { return recorder_.stream_ids.size() == kQuestions; });
  for (std::size_t count = 0; count < kQuestions; ++count) {
    ASSERT_EQ(recorder_.stream_ids[count], static_cast<std::uint16_t>(count));
  }
}

TEST_F(UvTransportTest, AStreamThatTheServerEndsIsToldClosed) {
  const LoopbackServer server(echo, {.family = AddressFamily::kIpv4, .tcp_piece = 0, .tcp_replies = 2});
  const StreamId stream = transport_.open_stream(server.address());
  send(stream, 1);
  send(stream, 2);
  run_until([&] { return !recorder_.errors.empty(); });
  EXPECT_EQ(recorder_.log, "ommc");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kClosed));
  send(stream, 3);  // means nothing any more, and harms nothing
}

TEST_F(UvTransportTest, AStreamThatNobodyTakesIsToldRefused) {
  transport_.open_stream(vacant_address());
  run_until([&] { return !recorder_.errors.empty(); });
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kRefused));
}

TEST_F(UvTransportTest, AStreamThatLosesItsFramingIsClosed) {
  const LoopbackServer server([](auto, LoopbackServer::Via) { return std::optional<Octets>(Octets(5)); });
  const StreamId stream = transport_.open_stream(server.address());
  send(stream, 1);
  run_until([&] { return !recorder_.errors.empty(); });
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kMalformed));
}

TEST_F(UvTransportTest, AStreamOnWhichNothingMovesIsPutAway) {
  const LoopbackServer server([](auto, LoopbackServer::Via) { return std::optional<Octets>(); });
  const StreamId stream = transport_.open_stream(server.address());
  send(stream, 1);
  run_until([&] { return !recorder_.errors.empty(); });
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kSilent));
}

TEST_F(UvTransportTest, AStreamMayBeClosedFromItsOwnCallback) {
  const LoopbackServer server(echo);
  const StreamId stream = transport_.open_stream(server.address());
  send(stream, 1);
  send(stream, 2);
  run_until([&] {
    if (recorder_.log == "o") return false;
    transport_.close_stream(stream);
    return true;
  });
  EXPECT_EQ(recorder_.log, "om");
}

// One that ends makes the listener close the other, which would have ended in the same round.
TEST_F(UvTransportTest, AStreamThatWasClosedIsNotToldToBeIdle) {
  const LoopbackServer server(echo);
  const std::array streams{transport_.open_stream(server.address()),
                           transport_.open_stream(server.address())};
  run_until([&] { return recorder_.log == "oo"; });
  run_until([&] {
    transport_.close_stream(recorder_.closed.front() == streams[0] ? streams[1] : streams[0]);
    return true;
  });
  EXPECT_EQ(recorder_.log, "ooc");
}

TEST_F(UvTransportTest, AStreamThatWasClosedIsNotToldToHaveFailed) {
  // A socket that has not asked for it must not connect to a broadcast address: an error at once.
  const SocketAddress forbidden = SocketAddress::parse("255.255.255.255").value();
  transport_.open_stream(forbidden);
  const StreamId other = transport_.open_stream(forbidden);
  run_until([&] {
    transport_.close_stream(other);
    return true;
  });
  EXPECT_EQ(recorder_.log, "c");
  EXPECT_THAT(recorder_.errors, ::testing::ElementsAre(TransportError::kUnreachable));
}

TEST_F(UvTransportTest, AListenersExceptionComesOutOfTheLoop) {
  const LoopbackServer server(echo);
  const ChannelId channel = transport_.open_channel(server.address()).value();
  send(channel, 1);
  recorder_.after_event = [] { throw std::logic_error("a bug"); };
  EXPECT_THROW(loop_.run(), std::logic_error);
}

}  // namespace
}  // namespace dauth::net

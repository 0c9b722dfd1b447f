// The stub resolver as its callers use it: over real sockets on loopback, and re-entered from its callbacks.
// What it does with each kind of reply is told by tests/replay.
#include "resolver/stub_resolver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "resolver/dns/message.h"
#include "resolver/net/event_loop.h"
#include "resolver/net/uv_transport.h"
#include "tests/replay/scripted_transport.h"
#include "tests/unit/resolver_net/loopback_server.h"

namespace dauth::resolver {
namespace {

using std::chrono::milliseconds;
using testing::LoopbackServer;
using Octets = LoopbackServer::Octets;

dns::Question question_number(std::uint64_t number) {
  return {dns::DomainName::from_text("n" + std::to_string(number) + ".example").value(), dns::RrType::kTxt};
}

class Collector final : public OutcomeHandler {
 public:
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    ++counts[token];
    outcomes.insert_or_assign(token, std::move(outcome));
    after(token);
  }
  std::function<void(std::uint64_t)> after = [](std::uint64_t) {};
  std::map<std::uint64_t, int> counts;
  std::map<std::uint64_t, dns::LookupOutcome> outcomes;
};

class OverSockets : public ::testing::Test {
 protected:
  // Asks `total` questions as the resolver has room, and runs until each has its outcome.
  void survey(StubResolver& resolver, std::uint64_t total) {
    std::uint64_t next = 0;
    const auto admit = [&] {
      while (next < total && resolver.has_room()) {
        resolver.ask(question_number(next), collector_, next);
        ++next;
      }
    };
    resolver.set_room_listener(admit);
    collector_.after = [&](std::uint64_t) {
      if (collector_.counts.size() == total) loop_.stop();
    };
    const auto guard = loop_.after(std::chrono::seconds(40), [&] {
      ADD_FAILURE() << "only " << collector_.counts.size() << " outcomes";
      loop_.stop();
    });
    admit();
    loop_.run();
    resolver.set_room_listener({});
    ASSERT_EQ(collector_.counts.size(), total);
    for (const auto& [token, count] : collector_.counts) ASSERT_EQ(count, 1) << token;
    EXPECT_EQ(resolver.outstanding(), 0u);
  }
  std::uint64_t count_of_no_data() const {
    std::uint64_t count = 0;
    for (const auto& [token, outcome] : collector_.outcomes)
      count += std::holds_alternative<dns::NoData>(outcome);
    return count;
  }

  net::EventLoop loop_;
  net::SystemRandom random_;
  net::UvTransport transport_{loop_, random_};
  Collector collector_;
};

std::optional<Octets> echo(std::span<const std::uint8_t> query, LoopbackServer::Via) {
  return LoopbackServer::empty_response(query);
}

TEST_F(OverSockets, EveryQuestionHasOneOutcome) {
  const LoopbackServer server(echo);
  StubResolver resolver(transport_, random_, {.servers = {server.address()}, .in_flight = 100});
  survey(resolver, 20'000);
  EXPECT_EQ(count_of_no_data(), 20'000u);
  EXPECT_EQ(resolver.figures().questions_asked, 20'000u);
  EXPECT_EQ(resolver.figures().mismatches.id, 0u);
}

TEST_F(OverSockets, WhatIsTruncatedComesOverFewConnections) {
  const LoopbackServer server(
      [](std::span<const std::uint8_t> query, LoopbackServer::Via via) -> std::optional<Octets> {
        if (via == LoopbackServer::Via::kUdp) return LoopbackServer::truncated_response(query);
        return LoopbackServer::empty_response(query);
      },
      {.family = net::AddressFamily::kIpv4, .tcp_piece = 7, .tcp_replies = 0});
  StubResolver resolver(transport_, random_, {.servers = {server.address()}, .in_flight = 200});
  survey(resolver, 1'000);
  EXPECT_EQ(count_of_no_data(), 1'000u);
  EXPECT_GE(resolver.figures().tcp_questions, 1'000u);
  EXPECT_LE(server.connections(), 4u);
}

TEST_F(OverSockets, AServerThatEndsConnectionsEarlyLosesNothing) {
  const LoopbackServer server(
      [](std::span<const std::uint8_t> query, LoopbackServer::Via via) -> std::optional<Octets> {
        if (via == LoopbackServer::Via::kUdp) return LoopbackServer::truncated_response(query);
        return LoopbackServer::empty_response(query);
      },
      {.family = net::AddressFamily::kIpv4, .tcp_piece = 0, .tcp_replies = 3});
  StubResolver resolver(transport_, random_, {.servers = {server.address()}, .in_flight = 20});
  survey(resolver, 200);
  EXPECT_EQ(count_of_no_data(), 200u);
}

TEST_F(OverSockets, LossIsMadeUpForByRetries) {
  std::mutex mutex;
  std::mt19937 random(7);
  const LoopbackServer server(
      [&](std::span<const std::uint8_t> query, LoopbackServer::Via) -> std::optional<Octets> {
        const std::lock_guard lock(mutex);
        if (random() % 10 == 0) return std::nullopt;
        return LoopbackServer::empty_response(query);
      });
  StubResolver resolver(
      transport_, random_,
      {.servers = {server.address()}, .in_flight = 200, .timeout = milliseconds(100), .tries = 10});
  survey(resolver, 1'000);
  EXPECT_EQ(count_of_no_data(), 1'000u);
  EXPECT_GT(resolver.figures().retries, 0u);
}

TEST_F(OverSockets, AServerThatIsGoneLosesNothingToTheOther) {
  const LoopbackServer server(echo);
  net::SocketAddress vacant;
  {
    const LoopbackServer gone(echo);
    vacant = gone.address();
  }
  StubResolver resolver(transport_, random_, {.servers = {vacant, server.address()}, .in_flight = 100});
  survey(resolver, 5'000);
  EXPECT_EQ(count_of_no_data(), 5'000u);
  EXPECT_GT(resolver.figures().rested_servers, 0u);
}

TEST_F(OverSockets, ABusyProcessMakesNoFalseTimeout) {
  std::atomic<bool> released = false;
  const LoopbackServer server([&](std::span<const std::uint8_t> query, LoopbackServer::Via via) {
    while (!released) std::this_thread::yield();
    return echo(query, via);
  });
  constexpr milliseconds kTimeout{500};
  constexpr std::uint64_t kQuestions = 50;
  StubResolver resolver(
      transport_, random_,
      {.servers = {server.address()}, .in_flight = kQuestions, .timeout = kTimeout, .tries = 1});
  for (std::uint64_t token = 0; token < kQuestions; ++token)
    resolver.ask(question_number(token), collector_, token);
  collector_.after = [&](std::uint64_t) {
    if (collector_.counts.size() == kQuestions) loop_.stop();
  };
  const auto be_busy = [&] {
    const auto until = net::Clock::now() + kTimeout + milliseconds(20);
    while (net::Clock::now() < until || (released && server.replies() < kQuestions))
      std::this_thread::yield();
  };
  // Once before the questions have gone out, and once while the replies arrive; the second among the sockets'
  // events, so that the loop comes to its timers before it reads again.
  const auto before = loop_.after(milliseconds(0), be_busy);
  EXPECT_EQ(server.queries(), 0u);
  net::EventLoop::Timer during;
  const auto arrange = loop_.after(milliseconds(1), [&] {
    during = loop_.after(milliseconds(30), [&] {
      loop_.post([&] {
        released = true;
        be_busy();
      });
    });
  });
  loop_.run();
  EXPECT_EQ(count_of_no_data(), kQuestions);
  EXPECT_EQ(resolver.figures().timeouts, 0u);
  EXPECT_EQ(resolver.figures().late_replies, 0u);
}

TEST_F(OverSockets, TheRateIsHeld) {
  const LoopbackServer server(echo);
  StubResolver resolver(transport_, random_,
                        {.servers = {server.address()}, .in_flight = 500, .queries_per_second = 2'000});
  const auto start = net::Clock::now();
  survey(resolver, 600);
  const std::chrono::duration<double> took = net::Clock::now() - start;
  // The loop's clock stands still within a round, so the limit may begin to count some milliseconds before
  // `start`; tests/replay holds the rate exactly, on a manual clock.
  constexpr double kClockLag = 0.02;
  EXPECT_GE(took.count(), (600 - 21 - 1) / 2000.0 - kClockLag);
}

TEST_F(OverSockets, PortsAndIdsAreManyAndEvenlyUsed) {
  std::mutex mutex;
  std::set<unsigned> ids;
  const LoopbackServer server([&](std::span<const std::uint8_t> query, LoopbackServer::Via) {
    const std::lock_guard lock(mutex);
    ids.insert(static_cast<unsigned>(query[0] << 8 | query[1]));
    return echo(query, LoopbackServer::Via::kUdp);
  });
  StubResolver resolver(transport_, random_, {.servers = {server.address()}, .in_flight = 10});
  survey(resolver, 2'000);
  EXPECT_GT(ids.size(), 1'900u);
}

// Re-entrance, on the scripted transport.

class OverScript : public ::testing::Test {
 protected:
  static net::SocketAddress server() { return net::SocketAddress::parse("192.0.2.1").value(); }
  void answer_first() {
    const testing::SentMessage message = transport_.sent().front();
    transport_.sent().pop_front();
    transport_.deliver(message, message.server, LoopbackServer::empty_response(message.octets));
  }

  testing::ScriptedTransport transport_;
  testing::CountingRandom random_;
  Collector collector_;
};

TEST_F(OverScript, AHandlerMayAskAgain) {
  StubResolver resolver(transport_, random_, {.servers = {server()}, .in_flight = 1});
  std::uint64_t next = 1;
  collector_.after = [&](std::uint64_t) {
    if (next < 50) {
      resolver.ask(question_number(next), collector_, next);
      ++next;
    }
  };
  resolver.ask(question_number(0), collector_, 0);
  transport_.flush();
  while (!transport_.sent().empty()) answer_first();
  EXPECT_EQ(collector_.counts.size(), 50u);
}

TEST_F(OverScript, AHandlerMayCancelAllWhileMoreTimeOut) {
  StubResolver resolver(transport_, random_, {.servers = {server()}, .in_flight = 10, .tries = 1});
  collector_.after = [&](std::uint64_t) { resolver.cancel_all(); };
  for (std::uint64_t token = 0; token < 10; ++token) resolver.ask(question_number(token), collector_, token);
  transport_.flush();
  transport_.advance(std::chrono::seconds(2));
  EXPECT_EQ(collector_.counts.size(), 1u);
  EXPECT_EQ(resolver.outstanding(), 0u);
  EXPECT_TRUE(resolver.has_room());
}

TEST_F(OverScript, AHandlerMayCancelAllWhileAStreamBreaks) {
  StubResolver resolver(transport_, random_, {.servers = {server()}, .in_flight = 10, .tries = 1});
  collector_.after = [&](std::uint64_t) { resolver.cancel_all(); };
  for (std::uint64_t token = 0; token < 5; ++token) resolver.ask(question_number(token), collector_, token);
  transport_.flush();
  for (int count = 0; count < 5; ++count) {
    const testing::SentMessage message = transport_.sent().front();
    transport_.sent().pop_front();
    transport_.deliver(message, message.server, LoopbackServer::truncated_response(message.octets));
  }
  ASSERT_EQ(transport_.sent().size(), 5u);
  const testing::SentMessage over_tcp = transport_.sent().front();
  transport_.fail(over_tcp, net::TransportError::kReset);
  EXPECT_EQ(collector_.counts.size(), 1u);
  EXPECT_EQ(resolver.outstanding(), 0u);
}

TEST_F(OverScript, TheRoomListenerFillsTheWindow) {
  StubResolver resolver(transport_, random_, {.servers = {server()}, .in_flight = 4});
  std::uint64_t next = 0;
  resolver.set_room_listener([&] {
    while (resolver.has_room() && next < 100) {
      resolver.ask(question_number(next), collector_, next);
      ++next;
    }
  });
  while (resolver.has_room()) {
    resolver.ask(question_number(next), collector_, next);
    ++next;
  }
  transport_.flush();
  while (!transport_.sent().empty()) {
    EXPECT_LE(transport_.sent().size(), 4u);
    answer_first();
  }
  EXPECT_EQ(collector_.counts.size(), 100u);
}

TEST_F(OverScript, ATimeoutStartsWhenItsQuestionIsSent) {
  // The time-out starts when the batch is flushed, not when the question is put into it.
  StubResolver resolver(transport_, random_, {.servers = {server()}, .in_flight = 4, .tries = 1});
  resolver.ask(question_number(0), collector_, 0);
  transport_.stall(std::chrono::seconds(5));
  transport_.advance(milliseconds(0));
  transport_.flush();
  transport_.advance(milliseconds(1999));
  EXPECT_TRUE(collector_.counts.empty());
  answer_first();
  EXPECT_EQ(collector_.counts.size(), 1u);
  EXPECT_EQ(resolver.figures().timeouts, 0u);
}

}  // namespace
}  // namespace dauth::resolver

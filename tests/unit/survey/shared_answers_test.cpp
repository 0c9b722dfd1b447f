// Questions that many domains share, against a server that counts them.
#include "scanner/survey/shared_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "resolver/net/event_loop.h"
#include "resolver/net/uv_transport.h"
#include "tests/support/scripted_server.h"

namespace dauth::scanner {
namespace {

using namespace dauth::testing;
using dns::RrType;

// Keeps what it is given, by token; asks more from inside where it is told to.
class Collector final : public resolver::OutcomeHandler {
 public:
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    outcomes[token] = dns::describe(outcome);
    if (then) then(token);
  }
  std::map<std::uint64_t, std::string> outcomes;
  std::function<void(std::uint64_t)> then;
};

class SharedAnswersTest : public ::testing::Test {
 protected:
  explicit SharedAnswersTest(std::vector<ScriptedRule> rules =
                                 {{.at_or_below = "broken.example", .times = 2, .reply = {.rcode = 2}}, {}})
      : server(std::move(rules)),
        transport(loop, random),
        resolver(transport, random,
                 {.servers = {server.address()}, .timeout = std::chrono::milliseconds(500), .tries = 2}) {}

  static dns::Question host(const std::string& text, RrType type = RrType::kA) { return {name(text), type}; }
  // Lets every question that is open end.
  void settle() {
    while (shared().waiting() > 0) {
      const auto step = loop.after(std::chrono::milliseconds(1), [this] { loop.stop(); });
      loop.run();
    }
  }
  SharedAnswers& shared() {
    if (!shared_) shared_.emplace(resolver, excluded, data::HashKey{1, 2}, most_kept);
    return *shared_;
  }
  std::size_t questions() const { return server.questions().size(); }

  ScriptedServer server;
  net::EventLoop loop;
  net::SystemRandom random;
  net::UvTransport transport;
  resolver::StubResolver resolver;
  ExcludedNames excluded;
  std::size_t most_kept = SharedAnswers::kMostKept;
  Collector collector;

 private:
  std::optional<SharedAnswers> shared_;
};

TEST_F(SharedAnswersTest, WhoComesWhileAQuestionIsOpenWaitsForItsOutcome) {
  for (std::uint64_t token = 0; token < 1000; ++token) {
    const std::string spelling = token % 2 == 0 ? "mx.example" : "MX.Example";
    ASSERT_EQ(shared().find_or_ask(host(spelling), collector, token), nullptr);
  }
  EXPECT_EQ(shared().find_or_ask(host("mx.example", RrType::kAaaa), collector, 1000), nullptr);
  EXPECT_EQ(shared().waiting(), 1001U);
  EXPECT_EQ(resolver.outstanding(), 2U) << "who waits has no question of its own";
  settle();
  EXPECT_EQ(collector.outcomes.size(), 1001U);
  for (const auto& [token, outcome] : collector.outcomes) EXPECT_EQ(outcome, "NoData") << token;
  EXPECT_EQ(questions(), 2U);
}

TEST_F(SharedAnswersTest, WhoComesLaterIsAnsweredAtOnce) {
  shared().find_or_ask(host("mx.example"), collector, 1);
  settle();
  const dns::LookupOutcome* known = shared().find_or_ask(host("mX.example"), collector, 2);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(dns::describe(*known), "NoData");
  EXPECT_FALSE(collector.outcomes.contains(2)) << "it was told already";
  EXPECT_EQ(questions(), 1U);
}

TEST_F(SharedAnswersTest, WhatHasFailedIsAskedAgainInTheNextPassAndOnlyThen) {
  shared().find_or_ask(host("mx.broken.example"), collector, 1);
  shared().find_or_ask(host("mx.example"), collector, 2);
  settle();
  EXPECT_EQ(collector.outcomes[1], "Failure (servfail)");
  EXPECT_EQ(questions(), 3U) << "two tries, and one question that is answered";
  const dns::LookupOutcome* known = shared().find_or_ask(host("mx.broken.example"), collector, 3);
  ASSERT_NE(known, nullptr) << "in the same pass it has failed for everybody";
  EXPECT_EQ(dns::describe(*known), "Failure (servfail)");

  shared().forget_failures();
  EXPECT_EQ(shared().kept(), 1U);
  EXPECT_NE(shared().find_or_ask(host("mx.example"), collector, 4), nullptr);
  EXPECT_EQ(shared().find_or_ask(host("mx.broken.example"), collector, 5), nullptr);
  settle();
  EXPECT_EQ(collector.outcomes[5], "NoData");
  EXPECT_EQ(questions(), 4U);
}

TEST_F(SharedAnswersTest, WhatWasWantedLongestAgoGoesFirst) {
  most_kept = 3;
  for (const char* each : {"a.example", "b.example", "c.example"}) {
    shared().find_or_ask(host(each), collector, 1);
    settle();
  }
  EXPECT_NE(shared().find_or_ask(host("a.example"), collector, 2), nullptr) << "wanted again";
  shared().find_or_ask(host("d.example"), collector, 3);
  settle();
  EXPECT_EQ(shared().kept(), 3U);
  for (const char* each : {"a.example", "c.example", "d.example"})
    EXPECT_NE(shared().find_or_ask(host(each), collector, 4), nullptr) << each;
  EXPECT_EQ(questions(), 4U);
  EXPECT_EQ(shared().find_or_ask(host("b.example"), collector, 5), nullptr);
  settle();
  EXPECT_EQ(collector.outcomes[5], "NoData");
  EXPECT_EQ(questions(), 5U) << "asked again";
  EXPECT_EQ(shared().kept(), 3U);
}

// Those who are told may want more at once, which can push out the very answer that is being told.
TEST_F(SharedAnswersTest, OthersMayBeAskedForFromInside) {
  most_kept = 1;
  collector.then = [this](std::uint64_t token) {
    if (token >= 100) return;
    static_cast<void>(shared().find_or_ask(host("again.example"), collector, 100 + token));
    static_cast<void>(
        shared().find_or_ask(host("h" + std::to_string(token) + ".example"), collector, 200 + token));
  };
  for (std::uint64_t token = 0; token < 50; ++token)
    shared().find_or_ask(host("mx.example"), collector, token);
  settle();
  EXPECT_EQ(collector.outcomes.size(), 150U);
  EXPECT_EQ(questions(), 52U);
}

TEST_F(SharedAnswersTest, NothingIsAskedAboutExcludedNames) {
  excluded.add(name("left-out.example"));
  for (const char* each : {"left-out.example", "MX.Left-Out.example"}) {
    const dns::LookupOutcome* known = shared().find_or_ask(host(each), collector, 1);
    ASSERT_NE(known, nullptr);
    EXPECT_EQ(dns::describe(*known), "Failure (excluded)");
  }
  EXPECT_EQ(resolver.outstanding(), 0U);
  EXPECT_EQ(shared().kept(), 0U);
}

}  // namespace
}  // namespace dauth::scanner

// The window that finds a server's rate, and the second datagram within a try: the real stub resolver against
// simulated servers on a manual clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/resolver/simulated_server.h"

namespace dauth::testing {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

resolver::StubResolverOptions window_of(std::size_t in_flight) {
  resolver::StubResolverOptions options;
  options.in_flight = in_flight;
  return options;
}

TEST(AdaptiveWindow, RandomLossIsNoCongestion) {
  Simulation simulation(window_of(300), {steady(milliseconds(50), 0.02)});
  simulation.ask(120'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.goodput(), 0.8 * 300 / 0.050);
  EXPECT_LE(simulation.most_open(), 301u);
}

TEST(AdaptiveWindow, MuchRandomLossIsBorneToo) {
  Simulation simulation(window_of(300), {steady(milliseconds(50), 0.15)});
  simulation.ask(60'000);
  EXPECT_EQ(simulation.failed(), 0u);
  // Of a hundred questions 15 hold their places for 115 ms more, and two for a time-out of 2 s.
  EXPECT_GE(simulation.goodput(), 0.7 * 300 / (0.050 + 0.15 * 0.115 + 0.0225 * 2));
}

struct Policed {
  const char* title;
  double burst;
  microseconds latency;
};

class PolicedServer : public ::testing::TestWithParam<Policed> {};

TEST_P(PolicedServer, IsAskedAtItsRateAndLittleMore) {
  Simulation simulation(window_of(500), {policed(5000, GetParam().burst, GetParam().latency)});
  simulation.ask(100'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.goodput(), 0.9 * 5000);
  EXPECT_LE(static_cast<double>(simulation.arrived(0)), 1.25 * 100'000);
}

INSTANTIATE_TEST_SUITE_P(AdaptiveWindow, PolicedServer,
                         ::testing::Values(Policed{"LargeBurst", 5000, microseconds(200)},
                                           Policed{"SmallBurst", 100, microseconds(200)},
                                           Policed{"FarAway", 100, milliseconds(20)}),
                         [](const auto& each) { return std::string(each.param.title); });

TEST(AdaptiveWindow, NoQueueIsFilledBeyondItsUse) {
  Simulation simulation(window_of(20'000), {queueing(microseconds(10), 5000)});
  simulation.ask(200'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_EQ(simulation.arrived(0), 200'000u) << "some were sent again";
  EXPECT_GE(simulation.goodput(), 0.9 * 100'000);
  EXPECT_LE(simulation.most_open(), 5000u);
}

TEST(AdaptiveWindow, AShortQueueIsFound) {
  Simulation simulation(window_of(2000), {queueing(microseconds(200), 80, milliseconds(1))});
  simulation.ask(60'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.goodput(), 0.9 * 5000);
  EXPECT_LE(static_cast<double>(simulation.arrived(0)), 1.1 * 60'000);
}

TEST(AdaptiveWindow, GrowsToTheBoundWhereTheServerBearsIt) {
  Simulation simulation(window_of(1000), {steady(milliseconds(100))});
  simulation.ask(100'000);
  EXPECT_EQ(simulation.arrived(0), 100'000u);
  EXPECT_GE(simulation.goodput(), 0.85 * 1000 / 0.100);
}

// A resolver that says SERVFAIL to what is too much for it.
ServerModel failing_above(double rate) {
  return
      [inner = policed(rate, rate / 10, milliseconds(5))](net::TimePoint now, std::mt19937& random) mutable {
        const auto reply = inner(now, random);
        return reply ? reply : SimulatedReply{.after = milliseconds(1), .rcode = dns::Rcode::kServFail};
      };
}

TEST(AdaptiveWindow, ServfailInBurstsMakesItSmaller) {
  Simulation simulation(window_of(1000), {failing_above(5000)});
  simulation.ask(20'000);  // until it is found
  simulation.ask(50'000);
  EXPECT_GE(simulation.goodput(), 0.85 * 5000);
  EXPECT_LE(simulation.failed(), 50u) << "asked again too soon, too often";
}

// Names with a broken delegation are no reason to slow down.
TEST(AdaptiveWindow, ServfailThatBelongsToTheNamesIsBorne) {
  const ServerModel broken_names = [](net::TimePoint, std::mt19937& random) -> std::optional<SimulatedReply> {
    const bool broken = std::bernoulli_distribution(0.10)(random);
    return SimulatedReply{.after = milliseconds(50),
                          .rcode = broken ? dns::Rcode::kServFail : dns::Rcode::kNxDomain};
  };
  Simulation simulation(window_of(300), {broken_names});
  simulation.ask(100'000);
  EXPECT_GE(simulation.goodput(), 0.7 * 300 / 0.050);
}

TEST(AdaptiveWindow, RisingLatencyMakesItSmallerAndItComesBack) {
  Simulation simulation(window_of(4000), {queueing(microseconds(50), 1'000'000, milliseconds(10))});
  simulation.ask(40'000);
  const std::size_t before = simulation.most_open();
  // Ten times slower: the queue that the window makes would take ten times as long.
  simulation.set_model(0, queueing(microseconds(500), 1'000'000, milliseconds(10)));
  simulation.ask(60'000);
  simulation.ask(10'000);
  EXPECT_LE(simulation.most_open(), before / 2);
  EXPECT_GE(simulation.goodput(), 0.9 * 2000);
  simulation.set_model(0, queueing(microseconds(50), 1'000'000, milliseconds(10)));
  simulation.ask(100'000);
  simulation.ask(40'000);
  EXPECT_GE(simulation.goodput(), 0.8 * 20'000);
  EXPECT_EQ(simulation.failed(), 0u);
}

const ServerModel kSilent = [](net::TimePoint, std::mt19937&) -> std::optional<SimulatedReply> {
  return std::nullopt;
};

TEST(AdaptiveWindow, ComesBackAfterAnOutage) {
  Simulation simulation(window_of(1000), {steady(milliseconds(20))});
  simulation.ask(50'000);
  simulation.set_model(0, kSilent);
  simulation.ask(100);
  EXPECT_EQ(simulation.failed(), 100u);
  simulation.set_model(0, steady(milliseconds(20)));
  simulation.ask(100'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.goodput(), 0.7 * 1000 / 0.020);
}

TEST(AdaptiveWindow, TheOtherServerTakesTheShareOfADeadOne) {
  Simulation simulation(window_of(1000), {steady(milliseconds(20)), steady(milliseconds(20))});
  simulation.ask(50'000);
  const double both = simulation.goodput();
  simulation.set_model(0, kSilent);
  simulation.ask(100'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.goodput(), 0.4 * both) << "the first time-outs included";
  simulation.set_model(0, steady(milliseconds(20)));
  const std::uint64_t before = simulation.arrived(0);
  simulation.ask(200'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GE(simulation.arrived(0) - before, 20'000u) << "it is tried again when it is back";
}

TEST(AdaptiveWindow, AServersOwnRateHolds) {
  resolver::StubResolverOptions options = window_of(500);
  options.server_rates = {200, 1000};
  Simulation simulation(options, {steady(milliseconds(5), 0.05), steady(milliseconds(5))});
  simulation.ask(12'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_LE(static_cast<double>(simulation.arrived(0)), 200 * (simulation.seconds() + 0.010) + 1);
  EXPECT_LE(static_cast<double>(simulation.arrived(1)), 1000 * (simulation.seconds() + 0.010) + 1);
  EXPECT_LE(simulation.seconds(), 1.1 * 10);
}

TEST(AdaptiveWindow, TheRateOverAllCountsSecondDatagrams) {
  resolver::StubResolverOptions options = window_of(500);
  options.queries_per_second = 1000;
  Simulation simulation(options, {steady(milliseconds(5), 0.10)});
  simulation.ask(20'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_GT(simulation.resolver().figures().resent, 1000u);
  EXPECT_LE(static_cast<double>(simulation.arrived(0)), 1000 * (simulation.seconds() + 0.010) + 1);
}

// What was not lost but slow is no reason to give up a place: the share of slow answers is heavy here.
TEST(AdaptiveWindow, SlowAnswersAreSeldomAskedAgain) {
  const ServerModel recursive = [](net::TimePoint, std::mt19937& random) -> std::optional<SimulatedReply> {
    const double milli = std::lognormal_distribution<double>(3.4, 1.2)(random);  // median 30 ms, 1 % over 490
    return SimulatedReply{.after = microseconds(static_cast<std::int64_t>(milli * 1000))};
  };
  Simulation simulation(window_of(500), {recursive});
  simulation.ask(100'000);
  EXPECT_EQ(simulation.failed(), 0u);
  EXPECT_LE(simulation.resolver().figures().resent, 1500u);
}

// Whatever the servers do, every question has one outcome, and the bound holds.
class AnyServers : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(AnyServers, LeaveNoQuestionOpen) {
  std::mt19937 random(GetParam());
  const auto any_of_these = [&random](std::initializer_list<double> values) {
    return values.begin()[std::uniform_int_distribution<std::size_t>(0, values.size() - 1)(random)];
  };
  const auto any_model = [&]() -> ServerModel {
    const auto latency = microseconds(static_cast<std::int64_t>(any_of_these({100, 5'000, 80'000, 900'000})));
    switch (std::uniform_int_distribution<int>(0, 5)(random)) {
      case 0:
        return kSilent;
      case 1:
        return steady(latency, any_of_these({0, 0.02, 0.5, 0.99}));
      case 2:
        return queueing(latency / 10, static_cast<std::size_t>(any_of_these({1, 50, 5000})), latency);
      case 3:
        return policed(any_of_these({1, 100, 5000}), any_of_these({1, 10, 1000}), latency);
      case 4:
        return failing_above(any_of_these({1, 500}));
      default:
        return steady(seconds(30));  // later than any time-out
    }
  };
  resolver::StubResolverOptions options =
      window_of(static_cast<std::size_t>(any_of_these({1, 2, 5, 64, 500, 3000})));
  options.tries = static_cast<std::uint32_t>(any_of_these({1, 2, 4}));
  options.queries_per_second = any_of_these({0, 0, 50, 2000});
  options.server_rates = {any_of_these({0, 0, 100}), any_of_these({0, 10})};
  const auto count = static_cast<std::size_t>(any_of_these({1, 2, 3}));
  std::vector<ServerModel> models(count, kSilent);
  for (ServerModel& model : models) model = any_model();
  Simulation simulation(options, models, GetParam());
  for (int part = 0; part < 6; ++part) {
    SCOPED_TRACE(part);
    const std::uint64_t total = 600;
    simulation.ask(total, std::chrono::hours(6));
    ASSERT_EQ(simulation.answered() + simulation.failed(), total) << "stalled";
    ASSERT_EQ(simulation.resolver().outstanding(), 0u);
    simulation.set_model(std::uniform_int_distribution<std::size_t>(0, count - 1)(random), any_model());
  }
}

INSTANTIATE_TEST_SUITE_P(AdaptiveWindow, AnyServers, ::testing::Range(0u, 100u));

}  // namespace
}  // namespace dauth::testing

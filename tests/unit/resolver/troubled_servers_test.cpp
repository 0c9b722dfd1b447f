// Trouble that must not last: what a survey's rate is while servers lose, fail or are slow, and when they are
// whole again. The real stub resolver against simulated servers.
#include <gtest/gtest.h>

#include "tests/unit/resolver/simulated_server.h"

namespace dauth::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kInFlight = 500;

resolver::StubResolverOptions options_with(std::vector<double> server_rates = {}) {
  resolver::StubResolverOptions options;
  options.in_flight = kInFlight;
  options.server_rates = std::move(server_rates);
  return options;
}

// Some names have no answer, whoever asks however slowly.
ServerModel broken_names(double share, net::Clock::duration latency) {
  return [=](net::TimePoint, std::mt19937& random) -> std::optional<SimulatedReply> {
    const bool broken = std::bernoulli_distribution(share)(random);
    return SimulatedReply{.after = latency, .rcode = broken ? dns::Rcode::kServFail : dns::Rcode::kNxDomain};
  };
}

class Share : public ::testing::TestWithParam<double> {};

TEST_P(Share, OfBrokenNamesDoesNotSlowTheOthers) {
  Simulation simulation(options_with(), {broken_names(GetParam(), milliseconds(20))});
  simulation.ask(300'000);
  EXPECT_GE(simulation.goodput(), 0.7 * kInFlight / 0.020 * (1 - GetParam()));
}

INSTANTIATE_TEST_SUITE_P(TroubledServers, Share,
                         ::testing::Values(0.0, 0.02, 0.04, 0.045, 0.05, 0.055, 0.06, 0.07, 0.08, 0.10,
                                           0.15));

class MostlyBroken : public ::testing::TestWithParam<double> {};

TEST_P(MostlyBroken, NamesDoNotStallTheSurvey) {
  Simulation simulation(options_with(), {broken_names(GetParam(), milliseconds(50))});
  simulation.ask(20'000, std::chrono::hours(2));
  EXPECT_EQ(simulation.answered() + simulation.failed(), 20'000u);
  EXPECT_LE(simulation.seconds(), 120);
}

INSTANTIATE_TEST_SUITE_P(TroubledServers, MostlyBroken, ::testing::Values(0.3, 0.5, 0.7, 0.8, 0.9, 0.95));

class ForAWhile : public ::testing::TestWithParam<double> {};

TEST_P(ForAWhile, FailuresAreForgottenAfterwards) {
  Simulation simulation(options_with(), {steady(milliseconds(20))});
  simulation.ask(50'000);
  simulation.set_model(0, broken_names(GetParam(), milliseconds(20)));
  simulation.ask(5'000, seconds(60));
  simulation.set_model(0, steady(milliseconds(20)));
  simulation.ask(20'000, std::chrono::hours(1));
  EXPECT_LE(simulation.seconds(), 60);
}

TEST_P(ForAWhile, LossIsForgottenAfterwards) {
  Simulation simulation(options_with(), {steady(milliseconds(20))});
  simulation.ask(50'000);
  simulation.set_model(0, steady(milliseconds(20), GetParam()));
  simulation.ask(5'000, seconds(120));
  simulation.set_model(0, steady(milliseconds(20)));
  simulation.ask(20'000, std::chrono::hours(1));
  EXPECT_LE(simulation.seconds(), 60);
}

INSTANTIATE_TEST_SUITE_P(TroubledServers, ForAWhile, ::testing::Values(0.5, 0.8, 0.9, 0.95, 0.98));

// A second, slower server must not make the survey slower than the first would be with half of the window.
class SlowServer : public ::testing::TestWithParam<double> {
 protected:
  static double alone() {
    Simulation simulation(options_with(), {broken_names(0.05, milliseconds(20))});
    simulation.ask(300'000);
    return simulation.goodput();
  }
};

TEST_P(SlowServer, ThatPolicesDoesNotHoldUpAFastOne) {
  Simulation both(options_with(), {broken_names(0.05, milliseconds(20)),
                                   policed(GetParam(), GetParam() / 10, milliseconds(20))});
  both.ask(300'000);
  EXPECT_GE(both.goodput(), 0.25 * alone());
}

TEST_P(SlowServer, OfALowRateDoesNotHoldUpAFastOne) {
  Simulation both(options_with({0, GetParam()}),
                  {broken_names(0.05, milliseconds(20)), steady(milliseconds(20))});
  both.ask(300'000);
  EXPECT_GE(both.goodput(), 0.25 * alone());
}

TEST_P(SlowServer, WithLossesDoesNotHoldUpThoseOfAFastOne) {
  Simulation both(options_with({GetParam(), 0}),
                  {steady(milliseconds(20), 0.5), steady(milliseconds(20), 0.05)});
  both.ask(300'000);
  EXPECT_GE(both.goodput(), 3000);
}

INSTANTIATE_TEST_SUITE_P(TroubledServers, SlowServer, ::testing::Values(1.0, 10.0, 100.0));

}  // namespace
}  // namespace dauth::testing

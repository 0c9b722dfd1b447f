#include <gtest/gtest.h>
#include <cstdio>
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
ServerModel broken_names(double share, net::Clock::duration latency = milliseconds(50)) {
  return [=](net::TimePoint, std::mt19937& random) -> std::optional<SimulatedReply> {
    const bool broken = std::bernoulli_distribution(share)(random);
    return SimulatedReply{.after = latency, .rcode = broken ? dns::Rcode::kServFail : dns::Rcode::kNxDomain};
  };
}
void report(const char* what, const Simulation& s) {
  std::printf("   %s: answered %lu failed %lu in %.1f s (%.1f q/s), sent %lu+%lu\n", what, s.answered(), s.failed(), s.seconds(),
              static_cast<double>(s.answered() + s.failed()) / s.seconds(), s.arrived(0),0ul);
}

class Broken : public ::testing::TestWithParam<double> {};
TEST_P(Broken, NamesDoNotStallTheSurvey) {
  Simulation s(window_of(500), {broken_names(GetParam())});
  s.ask(20'000, std::chrono::hours(2));
  report("broken names", s);
  EXPECT_EQ(s.answered() + s.failed(), 20'000u);
  EXPECT_LE(s.seconds(), 120);
}
INSTANTIATE_TEST_SUITE_P(Review, Broken, ::testing::Values(0.3, 0.5, 0.7, 0.8, 0.9, 0.95));

// A resolver that is nearly down for a while, then whole again.
class Comes : public ::testing::TestWithParam<double> {};
TEST_P(Comes, Back) {
  Simulation s(window_of(500), {steady(milliseconds(20))});
  s.ask(50'000);
  report("before", s);
  s.set_model(0, broken_names(GetParam(), milliseconds(20)));
  s.ask(5'000, seconds(60));
  report("trouble", s);
  s.set_model(0, steady(milliseconds(20)));
  s.ask(20'000, std::chrono::hours(1));
  report("after", s);
  EXPECT_GE(s.answered(), 19'000u);
  EXPECT_LE(s.seconds(), 60);
}
INSTANTIATE_TEST_SUITE_P(Review, Comes, ::testing::Values(0.5, 0.8, 0.9, 0.95, 0.98));

TEST(Review, LossyForAWhile) {
  for (double loss : {0.5, 0.8, 0.9, 0.95, 0.98}) {
    Simulation s(window_of(500), {steady(milliseconds(20))});
    s.ask(50'000);
    s.set_model(0, steady(milliseconds(20), loss));
    s.ask(5'000, seconds(120));
    report("lossy", s);
    s.set_model(0, steady(milliseconds(20)));
    s.ask(20'000, std::chrono::hours(1));
    report("after loss", s);
    EXPECT_LE(s.seconds(), 60);
  }
}

// A second, slower server must not make the survey slower than the first alone.
TEST(Review, ASlowServerDoesNotHoldUpAFastOne) {
  Simulation alone(window_of(500), {broken_names(0.05, milliseconds(20))});
  alone.ask(300'000);
  report("alone", alone);
  for (double rate : {1.0, 10.0, 100.0, 1000.0}) {
    Simulation both(window_of(500), {broken_names(0.05, milliseconds(20)), policed(rate, rate / 10, milliseconds(20))});
    both.ask(300'000);
    std::printf("policed %f ", rate);
    report("both", both);
    std::printf("      arrived %lu %lu\n", both.arrived(0), both.arrived(1));
    std::printf("      goodput %.0f alone %.0f\n", both.goodput(), alone.goodput());
    EXPECT_GE(both.goodput(), 0.25 * alone.goodput());
  }
  for (double rate : {1.0, 10.0, 100.0}) {
    auto o = window_of(500);
    o.server_rates = {0, rate};
    Simulation both(o, {broken_names(0.05, milliseconds(20)), steady(milliseconds(20))});
    both.ask(300'000);
    std::printf("server_rate %f ", rate);
    report("both", both);
    std::printf("      goodput %.0f alone %.0f\n", both.goodput(), alone.goodput());
    EXPECT_GE(both.goodput(), 0.25 * alone.goodput());
  }
}
// Resends of one server behind those of another that is slow.
TEST(Review, ResendsOfASlowServerDoNotHoldUpThoseOfAFastOne) {
  for (double rate : {0.2, 1.0, 10.0}) {
    auto o = window_of(500);
    o.server_rates = {rate, 0};
    Simulation both(o, {steady(milliseconds(20), 0.5), steady(milliseconds(20), 0.05)});
    both.ask(300'000);
    std::printf("server_rate %f ", rate);
    report("both", both);
    std::printf("      goodput %.0f\n", both.goodput());
    EXPECT_GE(both.goodput(), 3000);
  }
}
TEST(Review, ShareOfBrokenNames) {
  for (double share : {0.0, 0.02, 0.03, 0.04, 0.045, 0.05, 0.055, 0.06, 0.07, 0.08, 0.10, 0.15}) {
    Simulation s(window_of(500), {broken_names(share, milliseconds(20))});
    s.ask(300'000);
    // A question of a broken name is sent four times.
    std::printf("share %.3f: goodput %.0f of %.0f\n", share, s.goodput(), 500/0.020*(1-share));
    EXPECT_GE(s.goodput(), 0.7 * 500 / 0.020 * (1 - share));
  }
}
}  // namespace
}  // namespace dauth::testing

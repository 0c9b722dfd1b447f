// The five cases in a network where each is made for real: nftables rejects with every error that it can
// send, with RST, or drops; what it cannot send is forged. As root, or where a user may make namespaces.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scanner/submission/submission_check.h"
#include "tests/integration/submission/own_network.h"
#include "tests/support/smtp_listener.h"

namespace dauth::scanner {
namespace {

using std::chrono::milliseconds;
using testing::ForgedError;
using testing::IcmpForger;
using testing::meet;
using testing::run_tool;

// An error on loopback may come while connect() still runs; then some kernels tell of it only after the SYN
// is sent again, a second later.
constexpr milliseconds kPatient{20'000};
constexpr milliseconds kShort{400};

struct Expected {
  PortCase port_case;
  std::uint8_t type;
  std::uint8_t code;
};

class SubmissionNetwork : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string why_not = testing::enter_own_network();
    if (!why_not.empty()) {
      GTEST_SKIP() << "*** SKIPPED: the cases of ICMP and time-outs are NOT tested: " << why_not << " ***";
    }
  }

  // Port 587 at each of the addresses.
  std::map<std::string, PortOutcome> look_at(const std::vector<std::string>& addresses, milliseconds timer) {
    SubmissionSettings settings;
    settings.timer = timer;
    settings.ports = {{587, SubmissionService::kSubmission}};
    settings.addresses_of_family = addresses.size();
    SubmissionCheck check(loop_, settings);
    SubmissionHost host{"mail.test.example", {}};
    for (const std::string& text : addresses) host.addresses.push_back(IpAddress::parse(text).value());
    std::map<std::string, PortOutcome> outcomes;
    check.begin(host, [&](const SubmissionReport& report) {
      total_ = report.time;
      for (const PortOutcome& outcome : report.ports) outcomes.emplace(outcome.address.to_text(), outcome);
      loop_.stop();
    });
    loop_.run();
    EXPECT_EQ(outcomes.size(), addresses.size());
    return outcomes;
  }

  void expect(const std::map<std::string, Expected>& expected) {
    std::vector<std::string> addresses;
    for (const auto& [address, what] : expected) addresses.push_back(address);
    const auto outcomes = look_at(addresses, kPatient);
    for (const auto& [address, what] : expected) {
      SCOPED_TRACE(::testing::Message()
                   << address << ": type " << int{what.type} << " code " << int{what.code});
      const PortOutcome& outcome = outcomes.at(address);
      EXPECT_EQ(outcome.port_case, what.port_case)
          << to_text(outcome.port_case) << " " << outcome.system_error;
      ASSERT_TRUE(outcome.icmp.has_value());
      EXPECT_EQ(outcome.icmp->type, what.type);
      EXPECT_EQ(outcome.icmp->code, what.code);
      EXPECT_TRUE(outcome.icmp->sender.has_value());
      EXPECT_TRUE(outcome.time && *outcome.time < kPatient);
      EXPECT_FALSE(outcome.dialogue.has_value());
    }
  }

  net::EventLoop loop_;
  std::chrono::microseconds total_{};
};

constexpr PortCase kHard = PortCase::kIcmpHard;
constexpr PortCase kSoft = PortCase::kIcmpSoft;

TEST_F(SubmissionNetwork, RejectedByNftablesOverIpv4) {
  const std::vector<std::pair<std::string, Expected>> rejections{
      {"net-unreachable", {kSoft, 3, 0}},   {"host-unreachable", {kSoft, 3, 1}},
      {"prot-unreachable", {kHard, 3, 2}},  {"port-unreachable", {kHard, 3, 3}},
      {"net-prohibited", {kHard, 3, 9}},    {"host-prohibited", {kHard, 3, 10}},
      {"admin-prohibited", {kHard, 3, 13}},
  };
  std::map<std::string, Expected> expected;
  for (const auto& [type, what] : rejections) {
    const std::string address = "127.0.1." + std::to_string(expected.size() + 1);
    meet(address, "reject with icmp type " + type);
    expected.emplace(address, what);
  }
  expect(expected);
}

TEST_F(SubmissionNetwork, RejectedByNftablesOverIpv6) {
  const std::vector<std::pair<std::string, Expected>> rejections{
      {"no-route", {kSoft, 1, 0}},         {"admin-prohibited", {kHard, 1, 1}},
      {"addr-unreachable", {kSoft, 1, 3}}, {"port-unreachable", {kHard, 1, 4}},
      {"policy-fail", {kHard, 1, 5}},      {"reject-route", {kHard, 1, 6}},
  };
  std::map<std::string, Expected> expected;
  for (const auto& [type, what] : rejections) {
    const std::string address = "fd00::1:" + std::to_string(expected.size() + 1);
    meet(address, "reject with icmpv6 type " + type);
    expected.emplace(address, what);
  }
  expect(expected);
}

// Errors that come when connect() has long returned, all that the kernel hands to a connection.
TEST_F(SubmissionNetwork, ForgedByARouter) {
  std::map<std::string, Expected> expected;
  std::map<std::string, ForgedError> forged;
  const auto add = [&](const std::string& network, int type, int code, PortCase port_case) {
    const std::string address = network + std::to_string(expected.size() + 1);
    meet(address, "drop");
    const ForgedError error{static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(code)};
    forged.emplace(address, error);
    expected.emplace(address, Expected{port_case, error.type, error.code});
  };
  for (const int code : {0, 1, 5, 11, 12}) add("127.0.2.", 3, code, kSoft);
  for (const int code : {2, 3, 6, 7, 8, 9, 10, 13, 14, 15}) add("127.0.2.", 3, code, kHard);
  add("127.0.2.", 11, 0, kSoft);
  add("127.0.2.", 12, 0, kSoft);
  for (const int code : {0, 2, 3}) add("fd00::2:", 1, code, kSoft);
  for (const int code : {1, 4, 5, 6}) add("fd00::2:", 1, code, kHard);
  for (const int code : {0, 1}) add("fd00::2:", 3, code, kSoft);
  for (const int code : {0, 1, 2}) add("fd00::2:", 4, code, kSoft);
  const IcmpForger forger(forged);
  expect(expected);
}

// What path MTU discovery takes never comes to the connection: the SYN stays unanswered, and nothing is
// guessed.
TEST_F(SubmissionNetwork, ErrorsThatTheKernelKeeps) {
  for (const char* const address : {"127.0.3.1", "127.0.3.2", "fd00::3:1"}) meet(address, "drop");
  const IcmpForger forger({{"127.0.3.1", {3, 4}}, {"127.0.3.2", {3, 16}}, {"fd00::3:1", {2, 0}}});
  const auto outcomes = look_at({"127.0.3.1", "127.0.3.2", "fd00::3:1"}, kShort);
  for (const auto& [address, outcome] : outcomes) {
    EXPECT_EQ(outcome.port_case, PortCase::kTimeOut) << address << " " << to_text(outcome.port_case);
    EXPECT_FALSE(outcome.icmp.has_value());
  }
}

TEST_F(SubmissionNetwork, ServiceRstAndTimeOut) {
  const testing::SmtpListener listener({}, "127.0.4.1", 587);
  meet("127.0.4.3", "reject with tcp reset");
  meet("127.0.4.4", "drop");
  meet("fd00::4:2", "drop");
  const std::vector<std::string> addresses{"127.0.4.1", "127.0.4.2", "127.0.4.3",
                                           "127.0.4.4", "fd00::4:1", "fd00::4:2"};
  const auto outcomes = look_at(addresses, milliseconds(2000));
  EXPECT_EQ(outcomes.at("127.0.4.1").port_case, PortCase::kService);
  EXPECT_TRUE(outcomes.at("127.0.4.1").takes_submission());
  for (const char* const address : {"127.0.4.2", "127.0.4.3", "fd00::4:1"}) {
    EXPECT_EQ(outcomes.at(address).port_case, PortCase::kReset) << address;
    EXPECT_FALSE(outcomes.at(address).icmp.has_value());
  }
  for (const char* const address : {"127.0.4.4", "fd00::4:2"}) {
    EXPECT_EQ(outcomes.at(address).port_case, PortCase::kTimeOut) << address;
    EXPECT_GE(outcomes.at(address).time, milliseconds(2000));
  }
  // Side by side, not one timer after the other.
  EXPECT_LT(total_, milliseconds(4000));
}

TEST_F(SubmissionNetwork, WhatThisMachineCannotSendTellsNothingOfTheHost) {
  const auto outcomes = look_at({"192.0.2.1", "2001:db8::1"}, kPatient);
  for (const auto& [address, outcome] : outcomes) {
    EXPECT_EQ(outcome.port_case, PortCase::kNotSent) << address << " " << to_text(outcome.port_case);
    EXPECT_EQ(outcome.system_error, ENETUNREACH);
    EXPECT_FALSE(outcome.icmp.has_value());
  }
}

TEST_F(SubmissionNetwork, ANeighbourThatIsNotThereIsToldByThisMachine) {
  run_tool("ip", {"link", "add", "here", "type", "veth", "peer", "name", "there"});
  run_tool("ip", {"address", "add", "192.0.2.1/24", "dev", "here"});
  run_tool("ip", {"link", "set", "here", "up"});
  run_tool("ip", {"link", "set", "there", "up"});
  const auto outcomes = look_at({"192.0.2.9"}, kPatient);
  const PortOutcome& outcome = outcomes.at("192.0.2.9");
  EXPECT_EQ(outcome.port_case, PortCase::kIcmpSoft) << to_text(outcome.port_case) << outcome.system_error;
  ASSERT_TRUE(outcome.icmp.has_value());
  EXPECT_EQ(outcome.icmp->type, 3);
  EXPECT_EQ(outcome.icmp->code, 1);
  EXPECT_TRUE(outcome.icmp->is_from_here);
}

}  // namespace
}  // namespace dauth::scanner

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/bind_server.h"
#include "tests/support/drill.h"
#include "tests/support/loopback.h"
#include "tests/support/nsd_server.h"
#include "tests/support/unbound_server.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kRootZone =
    ". 86400 IN SOA ns.example. hostmaster.example. 1 3600 900 604800 300\n"
    ". 86400 IN NS ns.example.\n"
    "ns.example. 86400 IN A 127.0.0.1\n"
    "mx.example. 300 IN A 192.0.2.25\n"
    "10.2.0.192.in-addr.arpa. 300 IN PTR mx.example.\n"
    "mail.test. 300 IN TXT \"asked at the server\"\n"
    "lost.jp. 300 IN NS ns.elsewhere.example.\n"
    "ns.elsewhere.example. 300 IN A 203.0.113.53\n";

std::string small_zone(const std::string& name, const std::string& records) {
  return "$ORIGIN " + name + ".\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 900 604800 300\n@ NS ns\n" +
         "ns A 127.0.0.1\n" + records;
}

class NameServers : public ::testing::Test {
 protected:
  NsdOptions two_zones() {
    NsdOptions options;
    options.zones = {
        {".", directory_.write("root.zone", kRootZone)},
        {"jp", directory_.write("jp.zone", small_zone("jp",
                                                      "a.co MX 10 mail.a.co\n"
                                                      "s1._domainkey.a.co TXT \"k=rsa\"\n"
                                                      "alias.co CNAME mx.example.\n"
                                                      "old.co TYPE99 \\# 8 07763D7370663120\n"))}};
    return options;
  }

  TemporaryDirectory directory_;
};

TEST_F(NameServers, NsdAnswersOverUdpAndTcp) {
  const NsdServer nsd(two_zones());
  const DrillReply mx = drill(nsd.port(), "a.co.jp", "MX");
  EXPECT_EQ(mx.rcode, "NOERROR");
  EXPECT_TRUE(mx.has_flag("aa"));
  ASSERT_EQ(mx.answers.size(), 1U);
  EXPECT_THAT(mx.answers[0], HasSubstr("mail.a.co.jp."));
  EXPECT_EQ(drill(nsd.port(), "a.co.jp", "MX", DrillTransport::kTcp).answers.size(), 1U);
  EXPECT_EQ(drill(nsd.port(), "b.co.jp", "MX").rcode, "NXDOMAIN");
}

TEST_F(NameServers, NsdServesIpv6Loopback) {
  if (!has_ipv6_loopback()) GTEST_SKIP() << "this machine has no ::1";
  const NsdServer nsd(two_zones());
  EXPECT_EQ(drill(nsd.port(), "a.co.jp", "MX", DrillTransport::kUdpIpv6).answers.size(), 1U);
}

TEST_F(NameServers, UnboundResolvesThroughNsd) {
  const NsdServer nsd(two_zones());
  const UnboundServer unbound = UnboundServer::over(nsd.port());

  const DrillReply alias = drill(unbound.port(), "alias.co.jp", "A");
  EXPECT_EQ(alias.rcode, "NOERROR");
  EXPECT_TRUE(alias.has_flag("ra"));
  ASSERT_EQ(alias.answers.size(), 2U) << alias.text;
  EXPECT_THAT(alias.answers[1], HasSubstr("192.0.2.25"));

  const DrillReply empty_non_terminal = drill(unbound.port(), "_domainkey.a.co.jp", "TXT");
  EXPECT_EQ(empty_non_terminal.rcode, "NOERROR");
  EXPECT_TRUE(empty_non_terminal.answers.empty());
  EXPECT_EQ(drill(unbound.port(), "_domainkey.b.co.jp", "TXT").rcode, "NXDOMAIN");
  EXPECT_EQ(drill(unbound.port(), "no-such-top-level-domain", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(drill(unbound.port(), "old.co.jp", "SPF").answers.size(), 1U);
}

TEST_F(NameServers, UnboundInventsNothingAboutReservedNames) {
  const NsdServer nsd(two_zones());
  const UnboundServer unbound = UnboundServer::over(nsd.port());
  EXPECT_EQ(drill(unbound.port(), "mail.test", "TXT").answers.size(), 1U);
  EXPECT_EQ(drill(unbound.port(), "10.2.0.192.in-addr.arpa", "PTR").answers.size(), 1U);
}

TEST_F(NameServers, UnboundAsksNobodyOutsideLoopback) {
  NsdOptions options = two_zones();
  options.zones.pop_back();  // the delegation of lost.jp in the root zone now leads outside
  const NsdServer nsd(options);
  const UnboundServer unbound = UnboundServer::over(nsd.port());
  EXPECT_EQ(drill(unbound.port(), "www.lost.jp", "A").rcode, "SERVFAIL");
}

TEST_F(NameServers, UnboundServesWithoutItsAuthority) {
  std::uint16_t nobody = free_port();
  const UnboundServer unbound = UnboundServer::over(nobody);
  EXPECT_TRUE(ask_loopback(unbound.port(), "version.bind", 16, 3, std::chrono::seconds(5)).has_value());
}

TEST_F(NameServers, BindResolvesThroughNsd) {
  const NsdServer nsd(two_zones());
  const BindServer bind = BindServer::over(nsd.port());
  const DrillReply alias = drill(bind.port(), "alias.co.jp", "A");
  EXPECT_EQ(alias.rcode, "NOERROR");
  EXPECT_TRUE(alias.has_flag("ra"));
  ASSERT_EQ(alias.answers.size(), 2U) << alias.text;
  EXPECT_THAT(alias.answers[1], HasSubstr("192.0.2.25"));
  EXPECT_TRUE(drill(bind.port(), "_domainkey.a.co.jp", "TXT").answers.empty());
  EXPECT_EQ(drill(bind.port(), "_domainkey.b.co.jp", "TXT").rcode, "NXDOMAIN");
  EXPECT_EQ(drill(bind.port(), "no-such-top-level-domain", "A").rcode, "NXDOMAIN");
  EXPECT_EQ(drill(bind.port(), "old.co.jp", "SPF").answers.size(), 1U);
  // Names that it would answer out of its own head by default.
  EXPECT_EQ(drill(bind.port(), "10.2.0.192.in-addr.arpa", "PTR").answers.size(), 1U);
}

TEST_F(NameServers, NsdLoadsHundredsOfZones) {
  NsdOptions options;
  for (int i = 0; i < 406; ++i) {
    const std::string name = fmt::format("zone{}.example", i);
    options.zones.push_back(
        {name, directory_.write(name, small_zone(name, fmt::format("@ TXT \"{}\"\n", i)))});
  }
  const NsdServer nsd(options);
  EXPECT_THAT(drill(nsd.port(), "zone405.example", "TXT").text, HasSubstr("\"405\""));
}

TEST_F(NameServers, NsdLoadsHundredsOfThousandsOfRecords) {
  std::string records;
  for (int i = 0; i < 300'000; ++i) fmt::format_to(std::back_inserter(records), "n{} MX 10 mail\n", i);
  NsdOptions options;
  options.zones = {{"jp", directory_.write("jp.zone", small_zone("jp", records))}};
  const NsdServer nsd(options);
  EXPECT_EQ(drill(nsd.port(), "n299999.jp", "MX").answers.size(), 1U);
}

// The processes of a daemon are those whose command line names its directory.
std::vector<std::string> processes_naming(const std::string& text) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream in(entry.path() / "cmdline", std::ios::binary);
    const std::string command{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (command.find(text) != std::string::npos) found.push_back(entry.path().filename().string());
  }
  return found;
}

TEST_F(NameServers, StopLeavesNoProcessAndNoFile) {
  std::vector<std::filesystem::path> directories;
  {
    NsdOptions options = two_zones();
    options.server_count = 2;
    NsdServer nsd(options);
    UnboundServer unbound = UnboundServer::over(nsd.port());
    BindServer bind = BindServer::over(nsd.port());
    directories = {nsd.daemon().directory().path(), unbound.daemon().directory().path(),
                   bind.daemon().directory().path()};
    for (const std::filesystem::path& directory : directories) {
      EXPECT_FALSE(processes_naming(directory.string()).empty());
    }
    EXPECT_EQ(bind.daemon().stop(), (ProcessEnd{0, 0}));
    EXPECT_EQ(unbound.daemon().stop(), (ProcessEnd{0, 0}));
    EXPECT_EQ(nsd.daemon().stop(), (ProcessEnd{0, 0}));
    EXPECT_FALSE(nsd.daemon().is_running());
  }
  for (const std::filesystem::path& directory : directories) {
    EXPECT_THAT(processes_naming(directory.string()), ::testing::IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(directory));
  }
}

TEST_F(NameServers, AMovedServerIsStoppedOnce) {
  const NsdServer nsd(two_zones());
  UnboundServer first = UnboundServer::over(nsd.port());
  const UnboundServer second = std::move(first);
  EXPECT_TRUE(ask_loopback(second.port(), "version.bind", 16, 3, std::chrono::seconds(5)).has_value());
}

TEST_F(NameServers, APausedServerIsSilentAndComesBack) {
  const NsdServer nsd(two_zones());
  nsd.daemon().pause();
  EXPECT_FALSE(ask_loopback(nsd.port(), "a.co.jp", 15, 1, std::chrono::milliseconds(200)).has_value());
  nsd.daemon().resume();
  EXPECT_TRUE(ask_loopback(nsd.port(), "a.co.jp", 15, 1, std::chrono::seconds(5)).has_value());
}

TEST_F(NameServers, AKilledServerLeavesItsPort) {
  NsdServer nsd(two_zones());
  nsd.daemon().kill();
  EXPECT_FALSE(nsd.daemon().is_running());
  EXPECT_FALSE(ask_loopback(nsd.port(), "a.co.jp", 15, 1, std::chrono::milliseconds(200)).has_value());
}

TEST_F(NameServers, ABrokenConfigurationIsToldWithTheLog) {
  NsdOptions options;
  options.zones = {{"..bad..", directory_.write("bad.zone", "")}};
  try {
    const NsdServer nsd(options);
    FAIL() << "NSD started";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("nsd ended with status"));
  }
}

}  // namespace
}  // namespace dauth::testing

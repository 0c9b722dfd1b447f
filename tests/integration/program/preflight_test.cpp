// Servers that a survey must not begin with, those that it may, and what the user is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"
#include "tests/support/loopback.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Preflight : public ::testing::Test {
 protected:
  std::vector<std::string> scan(const std::vector<std::string>& resolvers,
                                const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {
        "scan", list, "-d", database, "-m", "2026-11", "--second-pass-after", "100ms"};
    for (const std::string& resolver : resolvers) arguments.insert(arguments.end(), {"--resolver", resolver});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::uint64_t surveyed() const {
    const auto runs = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out);
    return runs.empty() ? 0 : runs[0]["surveyed"].get<std::uint64_t>();
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
  const std::string list = directory.write("list.txt", "a.example\nb.example\nc.test\n");
};

TEST_F(Preflight, ARewriterOfOneTypeStopsTheScan) {
  const ScriptedServer liar(
      {{.type = dns::RrType::kTxt, .reply = {.answer = {{"@", dns::RrType::kTxt, txt({"v=spf1 -all"})}}}}});
  const ProcessResult result = dauth(scan({liar.address().to_text()}));
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("--resolver " + liar.address().to_text() + ": it answers dauth-"));
  EXPECT_THAT(result.err, HasSubstr("with data (TXT), though that name cannot exist"));
  EXPECT_EQ(surveyed(), 0U);
  EXPECT_EQ(dauth(scan({liar.address().to_text()}, {"--no-preflight"})).status(), 0);
  EXPECT_EQ(surveyed(), 3U);
}

TEST_F(Preflight, ADeadServerBesideASoundOneStopsTheScan) {
  const ScriptedServer sound({});
  const std::string dead = "127.0.0.1:" + std::to_string(free_port());
  const ProcessResult result = dauth(scan({sound.address().to_text(), dead}, {"--timeout", "1s"}));
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("--resolver " + dead + ": "), HasSubstr("nothing was surveyed"),
                                Not(HasSubstr("--resolver " + sound.address().to_text()))));
  EXPECT_EQ(surveyed(), 0U);
}

TEST_F(Preflight, OneThatRefusesIsAWarning) {
  const ScriptedServer sound({});
  const ScriptedServer refusing({{.reply = {.rcode = 5}}});
  const ProcessResult result = dauth(scan({refusing.address().to_text(), sound.address().to_text()}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("warning: --resolver " + refusing.address().to_text() + ": "),
                                HasSubstr("REFUSED"), Not(HasSubstr("nothing was surveyed"))));
  EXPECT_EQ(surveyed(), 3U);
}

TEST_F(Preflight, OneThatFailsForEverythingIsNamed) {
  const ScriptedServer failing({{.reply = {.rcode = 2}}});
  const ScriptedServer sound({});
  const ProcessResult alone = dauth(scan({failing.address().to_text()}));
  EXPECT_EQ(alone.status(), 2);
  EXPECT_THAT(alone.err, AllOf(HasSubstr("nothing but SERVFAIL"), HasSubstr("nothing was surveyed")));
  const ProcessResult beside = dauth(scan({failing.address().to_text(), sound.address().to_text()}));
  EXPECT_EQ(beside.status(), 0) << beside.err;
  EXPECT_THAT(beside.err, HasSubstr("warning: --resolver " + failing.address().to_text()));
}

TEST_F(Preflight, TheRegistrysOwnNameServerIsSound) {
  const std::string names = directory.write("jp.txt", "example.jp\nexample.co.jp\n");
  auto arguments = scan({served_registry().authoritative()});
  arguments[1] = names;
  const ProcessResult result = dauth(arguments);
  EXPECT_THAT(result.err, Not(HasSubstr("--resolver")));
  EXPECT_EQ(surveyed(), 2U);
}

TEST_F(Preflight, AResumedScanAsksBelowTheListsTopLevelDomains) {
  const std::string dead = "127.0.0.1:" + std::to_string(free_port());
  ASSERT_EQ(dauth(scan({dead}, {"--timeout", "100ms"})).status(), 2);
  const ScriptedServer sound({});
  const ProcessResult result = dauth(scan({sound.address().to_text()}));
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("going on after 0 of 3 names"));
  std::vector<std::string> parents;
  for (const dns::Question& question : sound.questions()) {
    if (question.name.to_text().starts_with("dauth-")) parents.push_back(question.name.parent().to_text());
  }
  std::sort(parents.begin(), parents.end());
  EXPECT_THAT(parents, ::testing::ElementsAre("example", "example", "example", "test", "test", "test"));
}

TEST_F(Preflight, ResolversElsewhereAreHeldToALowRateUnlessToldOtherwise) {
  // The broadcast address is none of this machine's, and nothing that is sent to it leaves the machine.
  const std::string elsewhere = "255.255.255.255";
  const auto rates = [&] {
    const auto runs = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out);
    return runs.at(0).at("resolver_qps").get<std::vector<double>>();
  };
  const std::vector<std::string> quickly{"--timeout", "50ms", "--tries", "1"};
  const ProcessResult held = dauth(scan({elsewhere}, quickly));
  EXPECT_EQ(held.status(), 2);
  EXPECT_THAT(held.err,
              HasSubstr("255.255.255.255:53 is not on this machine: at most 500 questions a second; "
                        "--qps sets another rate\n"));
  EXPECT_THAT(rates(), ::testing::ElementsAre(500));
  EXPECT_THAT(dauth({"runs", "-d", database}).out,
              HasSubstr("255.255.255.255:53 (at most 500 questions a second)\n"));
  for (const std::string rate : {"0", "2000"}) {
    std::filesystem::remove(database);
    auto arguments = scan({elsewhere}, quickly);
    arguments.insert(arguments.end(), {"--qps", rate});
    EXPECT_THAT(dauth(arguments).err, Not(HasSubstr("on this machine"))) << rate;
    EXPECT_THAT(rates(), ::testing::ElementsAre(0)) << rate;
  }
  EXPECT_THAT(dauth({"runs", "-d", database}).out,
              HasSubstr("255.255.255.255:53; at most 2000 questions a second\n"));
  const ScriptedServer here({});
  std::filesystem::remove(database);
  EXPECT_THAT(dauth(scan({here.address().to_text()})).err, Not(HasSubstr("on this machine")));
  EXPECT_THAT(rates(), ::testing::ElementsAre(0));
}

TEST_F(Preflight, VerboseTellsTheReceiveBuffer) {
  std::uint64_t most = 0;
  std::ifstream("/proc/sys/net/core/rmem_max") >> most;
  ASSERT_GT(most, 0U);
  const ScriptedServer sound({});
  const ProcessResult result = dauth(scan({sound.address().to_text()}, {"-v"}));
  ASSERT_EQ(result.status(), 0) << result.err;
  const bool all = result.err.find("receive buffer: 1024 KiB a socket\n") != std::string::npos;
  const bool less = result.err.find("sysctl -w net.core.rmem_max=1048576") != std::string::npos;
  EXPECT_TRUE(all || (less && most < 1'048'576)) << result.err;
}

}  // namespace
}  // namespace dauth::testing

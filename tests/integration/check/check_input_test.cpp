// `dauth check`: bad input is one clear line and status 2; what a signal ends, ends quietly.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>

#include "tests/integration/check/check_program.h"
#include "tests/support/loopback.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

void expect_refused(const std::vector<std::string>& arguments, const std::string& says) {
  const ProcessResult result = check(arguments);
  EXPECT_EQ(result.status(), 2) << says;
  EXPECT_EQ(result.out, "") << says;
  EXPECT_THAT(result.err, HasSubstr(says));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  for (const char c : result.err) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
}

TEST(CheckInput, NameThatIsNone) {
  for (const std::string name : {"bad..name", "192.0.2.1", "not a name", "", "a@b.example", "\x1b[2Jx y"})
    expect_refused({name}, "DOMAIN: '");
  expect_refused({"good.example", "bad..name"}, "DOMAIN: 'bad..name': ");
}

TEST(CheckInput, NoDomainAtAll) {
  const ProcessResult result = dauth({"check"});
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("DOMAIN is required"));
}

TEST(CheckInput, AddressThatIsNone) {
  for (const std::string address : {"192.0.2", "192.0.2.256", "192.0.2.1/24", "[192.0.2.1]", "2001:db8::1%lo",
                                    "", "mail.example", "\x1b[31m"})
    expect_refused({"a.example", "--ip", address}, "--ip: '");
}

TEST(CheckInput, SenderThatIsNone) {
  for (const std::string sender : {"someone", "@b.example", "two words@b.example", "a@", "a@192.0.2.1",
                                   "a@b..example", "\"open@b.example", "a..b@c.example"})
    expect_refused({"a.example", "--ip", "192.0.2.1", "--mail-from", sender}, "--mail-from: '");
}

TEST(CheckInput, OptionsThatContradictEachOther) {
  expect_refused({"a.example", "--mail-from", "a@b.example"},
                 "--mail-from: a sender can be judged only with");
  expect_refused({"a.example", "--ip", "192.0.2.1", "--mail-from", "<>"}, "give --helo");
  expect_refused({"a.example", "--helo", ""}, "--helo: the name is empty");
}

TEST(CheckInput, SelectorThatIsNone) {
  for (const std::string selector : {"two words", "", "a..b", "dot.", "\x1b[31m"})
    expect_refused({"a.example", "--selector", selector}, "--selector: '");
}

TEST(CheckInput, NobodyAnswers) {
  const std::string closed = "127.0.0.1:" + std::to_string(free_port());
  const ProcessResult result =
      dauth({"check", "a.example", "b.example", "--resolver", closed, "--timeout", "50ms", "--tries", "2"});
  EXPECT_EQ(result.status(), 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, "dauth: --resolver: no answer from " + closed + "\n");
}

TEST(CheckInput, SettingsFile) {
  const TemporaryDirectory directory;
  const std::string good = directory.write(
      "good.toml", "[check]\nselector = [\"s1\", \"s2\"]\nip = \"192.0.2.1\"\nhelo = \"mail.example.jp\"\n");
  const ProcessResult result = check({domain_of_kind("spf_fail"), "--json", "--config", good});
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("s2._domainkey."));
  const std::string bad = directory.write("bad.toml", "[check]\nselektor = \"s1\"\n");
  const ProcessResult refused = check({"a.example", "--config", bad});
  EXPECT_EQ(refused.status(), 2);
  EXPECT_THAT(refused.err, HasSubstr("'selektor' is no option"));
}

// Ended by a signal while a server keeps silent: quietly, with what was done before.
TEST(CheckInput, SignalEndsItQuietly) {
  for (const int signal : {SIGINT, SIGTERM}) {
    ScriptedRule silence;
    silence.at_or_below = "silent.example";
    silence.manner = ScriptedManner::kStaysSilent;
    const ScriptedServer server({silence});
    ChildProcess child(dauth_command({"check", "gone.example", "silent.example", "other.example",
                                      "--resolver", server.address().to_text(), "--timeout", "60s"}));
    // The first is printed as soon as it is there, though the second never will be.
    while (child.out().find("gone.example\n") == std::string::npos) {
      ASSERT_FALSE(child.wait_for_end(std::chrono::milliseconds(20))) << child.err();
    }
    child.send_signal(signal);
    const ProcessResult result = child.finish(std::chrono::seconds(20));
    EXPECT_EQ(result.status(), signal == SIGINT ? 130 : 143);
    EXPECT_EQ(result.end.signal, 0) << "it exits by itself";
    EXPECT_EQ(result.err, "");
    EXPECT_EQ(result.out.find("other.example"), std::string::npos);
  }
}

}  // namespace
}  // namespace dauth::testing

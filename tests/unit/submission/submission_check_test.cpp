// The whole check against real listeners on this machine, with real TLS: what each port is told to be, the
// order of the ports, what is opened and what is not. ICMP errors are in tests/integration/submission.
#include "scanner/submission/submission_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/loopback.h"
#include "tests/support/smtp_listener.h"

namespace dauth::scanner {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::SmtpListener;
using testing::SmtpScript;
using Manner = SmtpScript::Manner;

constexpr milliseconds kPatient{20'000};  // where an answer comes
constexpr milliseconds kShort{300};       // where none does

IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value();
}

class SubmissionCheckTest : public ::testing::Test {
 protected:
  static SubmissionSettings settings_for(std::vector<SubmissionPort> ports, milliseconds timer = kPatient) {
    SubmissionSettings settings;
    settings.timer = timer;
    settings.stagger = milliseconds(10);
    settings.ports = std::move(ports);
    return settings;
  }

  SubmissionReport run(SubmissionCheck& check, SubmissionHost host) {
    std::optional<SubmissionReport> told;
    check.begin(std::move(host), [&](const SubmissionReport& report) {
      told = report;
      loop_.stop();
    });
    EXPECT_FALSE(told.has_value()) << "told from within begin()";
    loop_.run();
    return told.value();
  }

  // One port of 127.0.0.1.
  PortOutcome look_at(std::uint16_t port, SubmissionService service, milliseconds timer = kPatient) {
    SubmissionCheck check(loop_, settings_for({{port, service}}, timer));
    const SubmissionReport report = run(check, {"mail.test.example", {address("127.0.0.1")}});
    EXPECT_EQ(report.ports.size(), 1U);
    return report.ports.at(0);
  }
  PortOutcome look_at(const SmtpListener& listener,
                      SubmissionService service = SubmissionService::kSubmission,
                      milliseconds timer = kPatient) {
    return look_at(listener.port(), service, timer);
  }

  net::EventLoop loop_;
};

TEST_F(SubmissionCheckTest, SubmissionWithStarttlsTellsAuthBehindTls) {
  for (const bool octet_by_octet : {false, true}) {
    SmtpScript script;
    script.octet_by_octet = octet_by_octet;
    script.greeting = "220-mail.test.example\r\n220 second line\r\n";
    const SmtpListener listener(script);
    const PortOutcome outcome = look_at(listener);
    EXPECT_EQ(outcome.port_case, PortCase::kService);
    EXPECT_TRUE(outcome.time && outcome.time->count() >= 0);
    ASSERT_TRUE(outcome.dialogue && outcome.dialogue->greeting && outcome.dialogue->in_clear &&
                outcome.dialogue->tls && outcome.dialogue->behind_tls);
    EXPECT_EQ(outcome.dialogue->end, DialogueEnd::kComplete);
    EXPECT_THAT(outcome.dialogue->greeting->lines, ElementsAre("mail.test.example", "second line"));
    EXPECT_TRUE(outcome.offers_starttls());
    EXPECT_FALSE(outcome.dialogue->in_clear->auth);
    EXPECT_EQ(outcome.dialogue->tls->protocol, "TLSv1.3");
    EXPECT_FALSE(outcome.dialogue->tls->is_old);
    EXPECT_EQ(outcome.dialogue->tls->subject, "CN=mail.test.example");
    EXPECT_EQ(outcome.dialogue->tls->issuer, "CN=mail.test.example");
    EXPECT_THAT(outcome.dialogue->behind_tls->auth_mechanisms, ElementsAre("PLAIN", "LOGIN"));
    EXPECT_TRUE(outcome.takes_submission());
    // Nothing but this is ever said; the name is this end's address.
    EXPECT_THAT(listener.commands(), ElementsAre("EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]", "QUIT"));
    EXPECT_EQ(listener.server_name(), "mail.test.example");
  }
}

TEST_F(SubmissionCheckTest, AuthInClearWithoutTls) {
  SmtpScript script;
  script.ehlo = "250-mail.test.example\r\n250 AUTH CRAM-MD5\r\n";
  const SmtpListener listener(script);
  const PortOutcome outcome = look_at(listener);
  ASSERT_TRUE(outcome.serves());
  EXPECT_FALSE(outcome.offers_starttls());
  EXPECT_TRUE(outcome.takes_submission());
  EXPECT_THAT(outcome.dialogue->in_clear->auth_mechanisms, ElementsAre("CRAM-MD5"));
  EXPECT_THAT(listener.commands(), ElementsAre("EHLO [127.0.0.1]", "QUIT"));
}

TEST_F(SubmissionCheckTest, SubmissionsIsTlsFromTheFirstOctet) {
  SmtpScript script;
  script.tls_from_start = true;
  const SmtpListener listener(script);
  const PortOutcome outcome = look_at(listener, SubmissionService::kSubmissions);
  ASSERT_TRUE(outcome.serves());
  EXPECT_EQ(outcome.dialogue->tls->protocol, "TLSv1.3");
  EXPECT_FALSE(outcome.dialogue->in_clear.has_value());
  EXPECT_TRUE(outcome.takes_submission());
  EXPECT_THAT(listener.commands(), ElementsAre("EHLO [127.0.0.1]", "QUIT"));
}

TEST_F(SubmissionCheckTest, VersionsOfTls) {
  const std::vector<std::pair<int, std::string>> versions{{TLS1_VERSION, "TLSv1"},
                                                          {TLS1_1_VERSION, "TLSv1.1"},
                                                          {TLS1_2_VERSION, "TLSv1.2"},
                                                          {TLS1_3_VERSION, "TLSv1.3"}};
  for (const auto& [version, name] : versions) {
    SmtpScript script;
    script.tls_from_start = true;
    script.newest_tls = version;
    const SmtpListener listener(script);
    const PortOutcome outcome = look_at(listener, SubmissionService::kSubmissions);
    ASSERT_TRUE(outcome.serves()) << name << " " << outcome.dialogue->tls_failure;
    EXPECT_EQ(outcome.dialogue->tls->protocol, name);
    EXPECT_EQ(outcome.dialogue->tls->is_old, version < TLS1_2_VERSION);
  }
}

TEST_F(SubmissionCheckTest, ServersThatFailAfterTheConnectionIsOpen) {
  struct Case {
    SmtpScript script;
    SubmissionService service = SubmissionService::kSubmission;
    milliseconds timer = kPatient;
    DialogueEnd end;
  };
  const auto acting = [](Manner manner) {
    SmtpScript script;
    script.manner = manner;
    return script;
  };
  const auto greeting = [](std::string text) {
    SmtpScript script;
    script.greeting = std::move(text);
    return script;
  };
  SmtpScript refuses_starttls;
  refuses_starttls.starttls = "454 no TLS today\r\n";
  SmtpScript injects;
  injects.starttls = "220 go\r\n250-x\r\n250 AUTH PLAIN\r\n";
  const std::vector<Case> cases{
      {acting(Manner::kSaysNothing), {}, kShort, DialogueEnd::kNoGreeting},
      {acting(Manner::kDripsForEver), {}, kShort, DialogueEnd::kNotSmtp},
      {acting(Manner::kReadsNothing), {}, milliseconds(1500), DialogueEnd::kSilent},
      {acting(Manner::kClosesAtOnce), {}, kPatient, DialogueEnd::kClosed},
      {acting(Manner::kResetsAtOnce), {}, kPatient, DialogueEnd::kClosed},
      {greeting("554 not for you\r\n"), {}, kPatient, DialogueEnd::kRefused},
      {greeting("SSH-2.0-OpenSSH_9.2p1\r\n"), {}, kPatient, DialogueEnd::kNotSmtp},
      {greeting(std::string("\xff\xfe\x00\x80 hostile\n", 13)), {}, kPatient, DialogueEnd::kNotSmtp},
      {greeting(std::string(100'000, 'x')), {}, kPatient, DialogueEnd::kNotSmtp},
      {greeting("garbage"), {}, kPatient, DialogueEnd::kNotSmtp},
      {greeting("220 no end"), {}, kShort, DialogueEnd::kNotSmtp},
      {refuses_starttls, {}, kPatient, DialogueEnd::kTlsFailed},
      {injects, {}, kPatient, DialogueEnd::kOutOfTurn},
      {acting(Manner::kSaysNothing), SubmissionService::kSubmissions, kShort, DialogueEnd::kTlsFailed},
      {acting(Manner::kClosesAtOnce), SubmissionService::kSubmissions, kPatient, DialogueEnd::kTlsFailed},
      {SmtpScript(), SubmissionService::kSubmissions, kPatient, DialogueEnd::kTlsFailed},
  };
  for (const Case& test : cases) {
    SCOPED_TRACE(::testing::Message() << "manner " << static_cast<int>(test.script.manner) << ", "
                                      << to_text(test.service) << ", expecting " << to_text(test.end));
    const SmtpListener listener(test.script);
    const PortOutcome outcome = look_at(listener, test.service, test.timer);
    EXPECT_EQ(outcome.port_case, PortCase::kService);
    ASSERT_TRUE(outcome.dialogue.has_value());
    EXPECT_EQ(outcome.dialogue->end, test.end) << to_text(outcome.dialogue->end);
    EXPECT_FALSE(outcome.serves());
    EXPECT_FALSE(outcome.takes_submission());
  }
}

TEST_F(SubmissionCheckTest, AClosedPortIsAnRst) {
  std::uint16_t closed = 0;
  {
    const SmtpListener gone{SmtpScript()};
    closed = gone.port();
  }
  const PortOutcome outcome = look_at(closed, SubmissionService::kSubmission);
  EXPECT_EQ(outcome.port_case, PortCase::kReset);
  EXPECT_TRUE(outcome.time.has_value());
  EXPECT_FALSE(outcome.icmp || outcome.dialogue);
}

TEST_F(SubmissionCheckTest, TheOrderIsByPortAndThenIpv6First) {
  if (!testing::has_ipv6_loopback())
    GTEST_SKIP() << "*** no ::1 here: the order of families is NOT tested ***";
  SmtpScript with_auth;
  with_auth.ehlo = "250-mail.test.example\r\n250 AUTH PLAIN\r\n";
  SmtpScript without;
  without.ehlo = "250 mail.test.example\r\n";
  const SmtpListener v4(with_auth, "127.0.0.1");
  const SmtpListener v6(without, "::1", v4.port());
  SmtpScript tls;
  tls.tls_from_start = true;
  const SmtpListener second_v6(tls, "::1");
  SubmissionCheck check(loop_, settings_for({{v4.port(), SubmissionService::kSubmission},
                                             {second_v6.port(), SubmissionService::kSubmissions}}));
  const SubmissionReport report = run(
      check,
      {"mail.test.example", {address("127.0.0.1"), address("::1"), address("127.0.0.1"), address("::1")}});
  EXPECT_EQ(report.addresses, 2U);
  ASSERT_EQ(report.ports.size(), 4U);
  std::vector<std::pair<std::string, std::uint16_t>> order;
  for (const PortOutcome& outcome : report.ports) order.emplace_back(outcome.address.to_text(), outcome.port);
  EXPECT_THAT(order,
              ElementsAre(std::pair("::1", v4.port()), std::pair("127.0.0.1", v4.port()),
                          std::pair("::1", second_v6.port()), std::pair("127.0.0.1", second_v6.port())));
  EXPECT_TRUE(report.ports[0].serves());
  EXPECT_FALSE(report.ports[0].takes_submission());
  EXPECT_TRUE(report.ports[2].takes_submission());
  EXPECT_EQ(report.ports[3].port_case, PortCase::kReset);
  // 587 over IPv4 comes before 465 over IPv6.
  EXPECT_EQ(report.preferred(), &report.ports[1]);
  EXPECT_THAT(v6.commands(), ElementsAre("EHLO [IPv6:::1]", "QUIT"));
}

TEST_F(SubmissionCheckTest, APortThatIsSilentHoldsUpNoOther) {
  SmtpScript silent;
  silent.manner = Manner::kSaysNothing;
  const SmtpListener first(silent);
  const SmtpListener second(silent);
  const SmtpListener third{SmtpScript()};
  SubmissionCheck check(loop_, settings_for({{first.port(), SubmissionService::kSubmission},
                                             {second.port(), SubmissionService::kSubmissions},
                                             {third.port(), SubmissionService::kRelay}},
                                            milliseconds(2500)));
  const SubmissionReport report = run(check, {"mail.test.example", {address("127.0.0.1")}});
  EXPECT_EQ(report.ports[0].dialogue->end, DialogueEnd::kNoGreeting);
  EXPECT_EQ(report.ports[1].dialogue->end, DialogueEnd::kTlsFailed);
  EXPECT_TRUE(report.ports[2].takes_submission());
  // One after the other would be two timers at least.
  EXPECT_GE(report.time, milliseconds(2500));
  EXPECT_LT(report.time, milliseconds(5000));
}

TEST_F(SubmissionCheckTest, WhatIsKnownIsNotOpenedAgain) {
  SmtpScript refuses;
  refuses.greeting = "554 no\r\n";
  const SmtpListener failing(refuses);
  const SmtpListener serving{SmtpScript()};
  SubmissionCheck check(loop_, settings_for({{failing.port(), SubmissionService::kSubmission},
                                             {serving.port(), SubmissionService::kRelay}}));
  const SubmissionReport first = run(check, {"one.example", {address("127.0.0.1")}});
  const SubmissionReport second = run(check, {"two.example", {address("127.0.0.1")}});
  EXPECT_EQ(failing.connections(), 1);
  EXPECT_EQ(serving.connections(), 1);
  EXPECT_EQ(second.host, "two.example");
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_FALSE(first.ports[i].known);
    EXPECT_TRUE(second.ports[i].known);
    EXPECT_EQ(second.ports[i].time, first.ports[i].time);
    EXPECT_EQ(second.ports[i].dialogue->end, first.ports[i].dialogue->end);
  }
  // Another address is another host.
  const SubmissionReport third = run(check, {"three.example", {address("127.0.0.2")}});
  EXPECT_EQ(third.ports[0].port_case, PortCase::kReset);
  EXPECT_FALSE(third.ports[0].known);
}

TEST_F(SubmissionCheckTest, HostsThatAreBegunTogetherComeInTheirOrder) {
  const SmtpListener listener{SmtpScript()};
  SubmissionCheck check(loop_, settings_for({{listener.port(), SubmissionService::kSubmission}}));
  std::vector<std::string> told;
  const auto done = [&](const SubmissionReport& report) {
    told.push_back(report.host);
    if (report.host == "one.example") {
      check.begin({"three.example", {}}, [&](const SubmissionReport& last) {
        told.push_back(last.host);
        loop_.stop();
      });
    }
  };
  check.begin({"one.example", {address("127.0.0.1")}}, done);
  check.begin({"two.example", {address("127.0.0.1")}}, done);
  loop_.run();
  EXPECT_THAT(told, ElementsAre("one.example", "two.example", "three.example"));
  EXPECT_EQ(listener.connections(), 1);
}

TEST_F(SubmissionCheckTest, OnlySoManyAddressesAndOnlyThoseOfHosts) {
  const SmtpListener listener{SmtpScript()};
  SubmissionSettings settings = settings_for({{listener.port(), SubmissionService::kSubmission}});
  settings.addresses_of_family = 2;
  SubmissionCheck check(loop_, settings);
  const SubmissionReport report =
      run(check, {"mail.test.example",
                  {address("127.0.0.2"), address("127.0.0.3"), address("127.0.0.4"), address("ff02::1"),
                   address("::"), address("2001:db8::1")}});
  EXPECT_THAT(report.left_out, ElementsAre(address("2001:db8::1"), address("127.0.0.4")));
  ASSERT_EQ(report.ports.size(), 4U);
  EXPECT_EQ(report.ports[0].port_case, PortCase::kNotTried);
  EXPECT_EQ(report.ports[1].port_case, PortCase::kNotTried);
  EXPECT_FALSE(report.ports[0].time.has_value());

  // 0.0.0.0 would lead to this machine's own server.
  SubmissionCheck odd(loop_, settings);
  const SubmissionReport none =
      run(odd, {"mail.test.example", {address("0.0.0.0"), address("255.255.255.255")}});
  EXPECT_EQ(none.ports[0].port_case, PortCase::kNotTried);
  EXPECT_EQ(none.ports[1].port_case, PortCase::kNotTried);
  EXPECT_EQ(listener.connections(), 0);
}

TEST_F(SubmissionCheckTest, AHostWithoutAddresses) {
  SubmissionCheck check(loop_, {});
  const SubmissionReport report = run(check, {"mail.test.example", {}});
  EXPECT_EQ(report.addresses, 0U);
  EXPECT_THAT(report.ports, IsEmpty());
  EXPECT_EQ(report.preferred(), nullptr);
}

TEST_F(SubmissionCheckTest, DestroyedWhileConnectionsAreOpen) {
  SmtpScript silent;
  silent.manner = Manner::kSaysNothing;
  const SmtpListener listener(silent);
  bool told = false;
  auto check = std::make_unique<SubmissionCheck>(loop_, settings_for({{listener.port(), {}}}));
  check->begin({"mail.test.example", {address("127.0.0.1")}}, [&](const SubmissionReport&) { told = true; });
  const auto poll = loop_.every(milliseconds(5), [&] {
    if (listener.connections() == 1) loop_.stop();
  });
  loop_.run();
  check.reset();
  const auto later = loop_.after(milliseconds(1), [&] { loop_.stop(); });
  loop_.run();
  EXPECT_FALSE(told);
}

TEST_F(SubmissionCheckTest, AClientNameThatIsGiven) {
  SmtpScript script;
  script.ehlo = "250 mail.test.example\r\n";
  const SmtpListener listener(script);
  SubmissionSettings settings = settings_for({{listener.port(), SubmissionService::kSubmission}});
  settings.client_name = "client.example.net";
  SubmissionCheck check(loop_, settings);
  run(check, {"mail.test.example", {address("127.0.0.1")}});
  EXPECT_THAT(listener.commands(), ElementsAre("EHLO client.example.net", "QUIT"));
}

}  // namespace
}  // namespace dauth::scanner

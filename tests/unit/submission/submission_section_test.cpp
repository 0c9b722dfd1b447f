// What the section of the submission ports says, as text and as JSON, for every case and end of a dialogue.
#include "scanner/cli/check/submission_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "tests/support/json_schema.h"

namespace dauth::scanner::cli {
namespace {

using std::chrono::microseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string page_of(const SubmissionReport& report, std::size_t width = 100'000) {
  CheckPage page({.width = width});
  add_to_page(page, report);
  return page.take();
}

// As the program writes it: octets that are no UTF-8 are replaced.
nlohmann::ordered_json checked_json(const SubmissionReport& report) {
  nlohmann::ordered_json json = to_json(report);
  EXPECT_TRUE(testing::holds_to_schema(
      json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), "submission.schema.json"));
  return json;
}

SubmissionReport report_of(std::vector<PortOutcome> ports) {
  SubmissionReport report;
  report.host = "mail.example.org";
  report.timer = std::chrono::milliseconds(5000);
  report.time = microseconds(5'250'000);
  report.addresses = 1;
  report.ports = std::move(ports);
  return report;
}

PortOutcome outcome_of(PortCase port_case, SubmissionService service = SubmissionService::kSubmission) {
  PortOutcome outcome{IpAddress::parse("192.0.2.1").value(), 587, service};
  outcome.port_case = port_case;
  outcome.time = microseconds(12'345);
  return outcome;
}

PortOutcome served(SubmissionDialogue dialogue, SubmissionService service = SubmissionService::kSubmission) {
  PortOutcome outcome = outcome_of(PortCase::kService, service);
  outcome.dialogue = std::move(dialogue);
  return outcome;
}

SubmissionDialogue complete() {
  SubmissionDialogue dialogue;
  dialogue.end = DialogueEnd::kComplete;
  dialogue.greeting = SmtpReply{220, {"mail.example.org", "ready \xff\x1b[31m"}};
  dialogue.greeting_time = microseconds(20'000);
  dialogue.in_clear = SmtpOffer{{"STARTTLS"}, true, false, {}};
  dialogue.tls =
      TlsFacts{"TLSv1.3", false, "TLS_AES_256_GCM_SHA384", "CN=mail.example.org", "CN=\xfe issuer"};
  dialogue.behind_tls = SmtpOffer{{"AUTH PLAIN LOGIN"}, false, true, {"PLAIN", "LOGIN"}};
  return dialogue;
}

TEST(SubmissionSection, AServiceAsItShouldBe) {
  const SubmissionReport report = report_of({served(complete())});
  EXPECT_THAT(
      page_of(report),
      AllOf(HasSubstr("Submission ports of mail.example.org"), HasSubstr("at port 587 of 192.0.2.1"),
            HasSubstr("587 at 192.0.2.1: open after 12.3 ms"), HasSubstr("greeting after 20.0 ms: 220 "),
            HasSubstr("1 address, "), HasSubstr("STARTTLS: offered"), HasSubstr("AUTH in clear: not offered"),
            HasSubstr("TLS: TLSv1.3, TLS_AES_256_GCM_SHA384"), HasSubstr("AUTH behind TLS: PLAIN LOGIN"),
            Not(HasSubstr("warning: ")), Not(HasSubstr("problem: ")), Not(HasSubstr("\x1b"))));
  const nlohmann::ordered_json json = checked_json(report);
  EXPECT_EQ(json["preferred"]["port"], 587);
  const auto& port = json["ports"][0];
  EXPECT_EQ(port["case"], "service");
  EXPECT_EQ(port["takes_submission"], true);
  EXPECT_EQ(port["dialogue"]["end"], "complete");
  EXPECT_EQ(port["dialogue"]["behind_tls"]["auth_mechanisms"][1], "LOGIN");
  EXPECT_EQ(port["dialogue"]["greeting"]["code"], 220);
}

TEST(SubmissionSection, EveryCaseIsTold) {
  struct Case {
    PortCase port_case;
    std::string json;
    std::string text;
  };
  const std::vector<Case> cases{
      {PortCase::kReset, "rst", "refused by an RST after 12.3 ms"},
      {PortCase::kIcmpHard, "icmp-hard",
       "ICMP communication administratively prohibited (type 3, code 13) from 192.0.2.254 after 12.3 ms: a "
       "hard error"},
      {PortCase::kIcmpSoft, "icmp-soft", "ICMP host unreachable (type 3, code 1) from this machine itself"},
      {PortCase::kTimeOut, "time-out", "warning: 587 at 192.0.2.1: no answer within 5000 ms"},
      {PortCase::kNotSent, "not-sent", "this machine could not send (Network is unreachable)"},
      {PortCase::kNotTried, "not-tried", "not tried: no host can have this address"},
  };
  for (const Case& test : cases) {
    PortOutcome outcome = outcome_of(test.port_case);
    if (test.port_case == PortCase::kIcmpHard) {
      outcome.icmp = IcmpCause{3, 13, IpAddress::parse("192.0.2.254").value(), false};
    }
    if (test.port_case == PortCase::kIcmpSoft) outcome.icmp = IcmpCause{3, 1, {}, true};
    if (test.port_case == PortCase::kNotSent) outcome.system_error = ENETUNREACH;
    if (test.port_case == PortCase::kNotTried) outcome.time.reset();
    const SubmissionReport report = report_of({outcome});
    EXPECT_THAT(page_of(report), AllOf(HasSubstr("nowhere"), HasSubstr(test.text)));
    const nlohmann::ordered_json json = checked_json(report);
    EXPECT_EQ(json["ports"][0]["case"], test.json);
    EXPECT_TRUE(json["preferred"].is_null());
    EXPECT_EQ(json["ports"][0]["icmp"].is_null(), !outcome.icmp.has_value());
    EXPECT_EQ(json["ports"][0]["system_error"].is_null(), test.port_case != PortCase::kNotSent);
    EXPECT_EQ(json["ports"][0]["time_ms"].is_null(), test.port_case == PortCase::kNotTried);
  }
}

TEST(SubmissionSection, EveryEndOfADialogueIsTold) {
  struct Case {
    DialogueEnd end;
    std::string json;
    std::string text;
  };
  const std::vector<Case> cases{
      {DialogueEnd::kNoGreeting, "no-greeting", "no greeting came within 5000 ms"},
      {DialogueEnd::kSilent, "silent", "stopped answering"},
      {DialogueEnd::kClosed, "closed", "closed the connection"},
      {DialogueEnd::kRefused, "refused", "the greeting is no 220"},
      {DialogueEnd::kEhloRefused, "ehlo-refused",
       "EHLO was refused, so there is neither STARTTLS nor AUTH: 454 no / more"},
      {DialogueEnd::kNotSmtp, "not-smtp", "no SMTP reply (RFC 5321 section 4.2): no reply code"},
      {DialogueEnd::kOutOfTurn, "out-of-turn", "nothing had asked for"},
      {DialogueEnd::kTlsFailed, "tls-failed", "TLS failed: wrong version number"},
  };
  for (const Case& test : cases) {
    SubmissionDialogue dialogue;
    dialogue.end = test.end;
    if (test.end == DialogueEnd::kEhloRefused) dialogue.refusal = SmtpReply{454, {"no", "more"}};
    if (test.end == DialogueEnd::kNotSmtp) dialogue.reply_error = SmtpReplyError::kNoCode;
    if (test.end == DialogueEnd::kTlsFailed) dialogue.tls_failure = "wrong version number";
    const SubmissionReport report = report_of({served(dialogue)});
    EXPECT_THAT(page_of(report), HasSubstr("problem: ")) << test.json;
    EXPECT_THAT(page_of(report), HasSubstr(test.text));
    EXPECT_EQ(checked_json(report)["ports"][0]["dialogue"]["end"], test.json);
  }
}

TEST(SubmissionSection, Advice) {
  SubmissionDialogue no_tls = complete();
  no_tls.tls.reset();
  no_tls.behind_tls.reset();
  no_tls.in_clear = SmtpOffer{{"AUTH LOGIN"}, false, true, {"LOGIN"}};
  EXPECT_THAT(page_of(report_of({served(no_tls)})),
              AllOf(HasSubstr("warning: no TLS"), HasSubstr("warning: passwords are taken without TLS")));
  EXPECT_THAT(page_of(report_of({served(no_tls, SubmissionService::kRelay)})),
              AllOf(Not(HasSubstr("no TLS:")), HasSubstr("warning: users can log in at port 25")));

  SubmissionDialogue no_auth = complete();
  no_auth.behind_tls = SmtpOffer{{"SIZE"}, false, false, {}};
  EXPECT_THAT(page_of(report_of({served(no_auth)})),
              AllOf(HasSubstr("warning: AUTH is not offered"), HasSubstr("nowhere")));
  EXPECT_THAT(page_of(report_of({served(no_auth, SubmissionService::kRelay)})), Not(HasSubstr("warning: ")));

  SubmissionDialogue old = complete();
  old.tls->protocol = "TLSv1";
  old.tls->is_old = true;
  EXPECT_THAT(page_of(report_of({served(old)})), HasSubstr("warning: versions of TLS below 1.2"));

  SubmissionDialogue empty = complete();
  empty.behind_tls = SmtpOffer{{"AUTH"}, false, true, {}};
  EXPECT_THAT(page_of(report_of({served(empty)})), HasSubstr("offered without a mechanism"));
}

TEST(SubmissionSection, KnownHostsLeftOutAddressesAndNoAddress) {
  PortOutcome known = outcome_of(PortCase::kReset);
  known.known = true;
  SubmissionReport report = report_of({known});
  report.left_out.push_back(IpAddress::parse("192.0.2.77").value());
  EXPECT_THAT(page_of(report), AllOf(HasSubstr("known from an earlier host"), HasSubstr("192.0.2.77")));
  EXPECT_EQ(checked_json(report)["ports"][0]["known"], true);
  EXPECT_EQ(checked_json(report)["left_out"][0], "192.0.2.77");

  SubmissionReport none = report_of({});
  none.addresses = 0;
  EXPECT_THAT(page_of(none), HasSubstr("no address is known, so nothing was opened"));
  checked_json(none);
}

}  // namespace
}  // namespace dauth::scanner::cli

// What is said and found, without a socket: the peer's octets are written down, in pieces of any size.
// Dialogues that come to TLS are in submission_check_test.cpp, with a real peer.
#include "scanner/submission/smtp_dialogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dauth::scanner {
namespace {

using std::chrono::microseconds;
using ::testing::ElementsAre;
using Broken = SmtpDialogue::Broken;

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string said(SmtpDialogue& dialogue) {
  const auto sent = dialogue.outgoing();
  return {sent.begin(), sent.end()};
}

constexpr std::string_view kGreeting = "220 host\r\n";
constexpr std::string_view kEhlo = "250-host\r\n250-AUTH PLAIN\r\n250 SIZE 10\r\n";

struct Turn {
  std::string_view expects;  // what the client has said
  std::string_view answers;
};

struct DialogueCase {
  std::string name;
  std::vector<Turn> turns;
  std::optional<Broken> broken;  // behind the turns
  DialogueEnd end;
};

std::vector<DialogueCase> cases() {
  return {
      {"whole",
       {{"", kGreeting}, {"EHLO me\r\n", kEhlo}, {"QUIT\r\n", "221 bye\r\n"}},
       {},
       DialogueEnd::kComplete},
      {"no answer to QUIT",
       {{"", kGreeting}, {"EHLO me\r\n", kEhlo}, {"QUIT\r\n", ""}},
       Broken::kTimer,
       DialogueEnd::kComplete},
      {"closed upon QUIT",
       {{"", kGreeting}, {"EHLO me\r\n", kEhlo}, {"QUIT\r\n", ""}},
       Broken::kClosed,
       DialogueEnd::kComplete},
      {"garbage upon QUIT",
       {{"", kGreeting}, {"EHLO me\r\n", kEhlo}, {"QUIT\r\n", "bye\r\n"}},
       {},
       DialogueEnd::kComplete},
      {"silent", {{"", ""}}, Broken::kTimer, DialogueEnd::kNoGreeting},
      // Of a server that is slow on purpose.
      {"half a greeting", {{"", "220-host\r\n"}}, Broken::kTimer, DialogueEnd::kNoGreeting},
      {"a greeting whose line does not end", {{"", "220 host"}}, Broken::kTimer, DialogueEnd::kNotSmtp},
      {"closed within a line", {{"", "220 ho"}}, Broken::kClosed, DialogueEnd::kNotSmtp},
      {"no SMTP without the end of a line", {{"", "SSH-2.0-OpenSSH"}}, {}, DialogueEnd::kNotSmtp},
      {"half a line upon QUIT",
       {{"", kGreeting}, {"EHLO me\r\n", kEhlo}, {"QUIT\r\n", "221 b"}},
       Broken::kTimer,
       DialogueEnd::kComplete},
      {"closed at once", {{"", ""}}, Broken::kClosed, DialogueEnd::kClosed},
      {"silent after EHLO",
       {{"", kGreeting}, {"EHLO me\r\n", "250-host\r\n"}},
       Broken::kTimer,
       DialogueEnd::kSilent},
      {"closed after EHLO",
       {{"", kGreeting}, {"EHLO me\r\n", "250-host\r\n"}},
       Broken::kClosed,
       DialogueEnd::kClosed},
      {"refused", {{"", "554 no\r\n"}, {"QUIT\r\n", "221 bye\r\n"}}, {}, DialogueEnd::kRefused},
      {"busy", {{"", "421 later\r\n"}, {"QUIT\r\n", ""}}, Broken::kClosed, DialogueEnd::kRefused},
      {"other 2yz", {{"", "250 hello\r\n"}, {"QUIT\r\n", "221 bye\r\n"}}, {}, DialogueEnd::kRefused},
      {"EHLO refused",
       {{"", kGreeting}, {"EHLO me\r\n", "502 what?\r\n"}, {"QUIT\r\n", "221 bye\r\n"}},
       {},
       DialogueEnd::kEhloRefused},
      {"no SMTP", {{"", "SSH-2.0-OpenSSH\r\n"}}, {}, DialogueEnd::kNotSmtp},
      {"no SMTP later",
       {{"", kGreeting}, {"EHLO me\r\n", "250-host\r\nhello\r\n"}},
       {},
       DialogueEnd::kNotSmtp},
      {"STARTTLS refused",
       {{"", kGreeting},
        {"EHLO me\r\n", "250-host\r\n250 STARTTLS\r\n"},
        {"STARTTLS\r\n", "454 no\r\n"},
        {"QUIT\r\n", "221 bye\r\n"}},
       {},
       DialogueEnd::kTlsFailed},
  };
}

TEST(SmtpDialogue, EveryTurnAndEndInAnyPieces) {
  for (const DialogueCase& test : cases()) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
      SCOPED_TRACE(test.name + " by " + std::to_string(piece));
      SmtpDialogue dialogue(SubmissionService::kSubmission, "host.example", "me");
      for (const Turn& turn : test.turns) {
        EXPECT_FALSE(dialogue.is_over());
        EXPECT_EQ(said(dialogue), turn.expects);
        for (std::size_t at = 0; at < turn.answers.size(); at += piece) {
          dialogue.received(octets(turn.answers.substr(at, piece)), microseconds(7));
        }
      }
      if (test.broken) dialogue.broken(*test.broken);
      EXPECT_TRUE(dialogue.is_over());
      EXPECT_EQ(said(dialogue), "");
      EXPECT_EQ(dialogue.take_findings().end, test.end) << to_text(test.end);
    }
  }
}

TEST(SmtpDialogue, WhatWasSaidIsKept) {
  SmtpDialogue dialogue(SubmissionService::kSubmission, "host.example", "me");
  dialogue.received(octets("220-one\r\n220 two\r\n"), microseconds(12'345));
  dialogue.received(octets(kEhlo), microseconds(20'000));
  const SubmissionDialogue found = dialogue.take_findings();
  ASSERT_TRUE(found.greeting && found.in_clear);
  EXPECT_THAT(found.greeting->lines, ElementsAre("one", "two"));
  EXPECT_EQ(found.greeting_time, microseconds(12'345));
  EXPECT_THAT(found.in_clear->capabilities, ElementsAre("AUTH PLAIN", "SIZE 10"));
  EXPECT_FALSE(found.tls || found.behind_tls || found.refusal);
}

TEST(SmtpDialogue, RepliesThatNothingAskedFor) {
  // As one segment, so that they stand there before the command is sent.
  SmtpDialogue early(SubmissionService::kSubmission, "host.example", "me");
  early.received(octets("220 host\r\n250 host\r\n"), microseconds(1));
  EXPECT_TRUE(early.is_over());
  EXPECT_EQ(said(early), "");
  EXPECT_EQ(early.take_findings().end, DialogueEnd::kOutOfTurn);

  SmtpDialogue injected(SubmissionService::kSubmission, "host.example", "me");
  injected.received(octets(kGreeting), microseconds(1));
  injected.received(octets("250-host\r\n250 STARTTLS\r\n"), microseconds(2));
  EXPECT_EQ(said(injected), "EHLO me\r\nSTARTTLS\r\n");
  injected.received(octets("220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n"), microseconds(3));
  EXPECT_TRUE(injected.is_over());
  const SubmissionDialogue found = injected.take_findings();
  EXPECT_EQ(found.end, DialogueEnd::kOutOfTurn);
  EXPECT_FALSE(found.behind_tls.has_value());
}

TEST(SmtpDialogue, ANameIsAllThatGoesIntoEhlo) {
  SmtpDialogue dialogue(SubmissionService::kSubmission, "host.example", "a\r\nMAIL FROM:<x>\r\n[IPv6:::1]");
  dialogue.received(octets(kGreeting), microseconds(1));
  EXPECT_EQ(said(dialogue), "EHLO aMAILFROM:x[IPv6:::1]\r\n");
}

TEST(SmtpDialogue, TlsFromTheFirstOctet) {
  const auto first_of = [](std::string_view from_peer) {
    SmtpDialogue dialogue(SubmissionService::kSubmissions, "host.example", "me");
    EXPECT_EQ(said(dialogue).substr(0, 2), "\x16\x03");  // a handshake record
    dialogue.received(octets(from_peer), microseconds(1));
    EXPECT_TRUE(dialogue.is_over());
    return dialogue.take_findings();
  };
  EXPECT_EQ(first_of(kGreeting).end, DialogueEnd::kTlsFailed);
  EXPECT_EQ(first_of(kGreeting).tls_failure, "the host speaks SMTP without TLS");
  EXPECT_EQ(first_of("SSH-2.0-OpenSSH_9.2p1\r\n").end, DialogueEnd::kTlsFailed);
  EXPECT_EQ(first_of("SSH-2.0-OpenSSH_9.2p1\r\n").tls_failure, "wrong version number");
  // A fatal alert: handshake_failure.
  EXPECT_EQ(first_of(std::string_view("\x15\x03\x03\x00\x02\x02\x28", 7)).end, DialogueEnd::kTlsFailed);

  for (const Broken broken : {Broken::kTimer, Broken::kClosed}) {
    SmtpDialogue dialogue(SubmissionService::kSubmissions, "host.example", "me");
    dialogue.broken(broken);
    const SubmissionDialogue found = dialogue.take_findings();
    EXPECT_EQ(found.end, DialogueEnd::kTlsFailed);
    EXPECT_EQ(found.tls_failure,
              broken == Broken::kTimer ? "no answer in time" : "the connection was closed");
  }
}

}  // namespace
}  // namespace dauth::scanner

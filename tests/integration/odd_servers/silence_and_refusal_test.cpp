// Servers that drop, delay, refuse and fail.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/odd_servers/odd_servers.h"
#include "tests/integration/program/dauth_program.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using dns::Edns;
using dns::RrType;

constexpr std::uint16_t kFormErr = 1;
constexpr std::uint16_t kServFail = 2;
constexpr std::uint16_t kNotImp = 4;
constexpr std::uint16_t kRefused = 5;

// Failures with an rcode may leave out the question.
ResponseParts without_question(std::uint16_t rcode) {
  return {.rcode = rcode, .questions = 0};
}

// The findings but for those that rest on the type 99, which failed; TXT shows SPF, so `spf` is known.
Findings no_type99(std::string_view cause) {
  return {.unmeasured = "spf_type99 sender_id", .cause = std::string(cause)};
}

TEST(OddServers, SilenceAndDelay) {
  const ScriptedManner silent = ScriptedManner::kStaysSilent;
  expect_findings({
      {"sound", "answers", {}},
      {"drops-one", "drops the first datagram of every question", {{.times_each = 1, .manner = silent}}},
      {"drops-three",
       "drops the first three datagrams of every question",
       {{.times_each = 3, .manner = silent}}},
      {"late",
       "answers the first datagram of every question only when the second comes",
       {{.times_each = 1, .manner = ScriptedManner::kRepliesLate, .passes_on = true}}},
      {"late-alone",
       "answers the first datagram of every question and no other, when the second comes",
       {{.times_each = 1, .manner = ScriptedManner::kRepliesLate, .passes_on = true}, {.manner = silent}}},
      {"silent", "never answers", {{.manner = silent}}, nothing("timeout")},
      {"silent-over-udp",
       "never answers over UDP; nobody has told to ask over TCP",
       {{.via = LoopbackServer::Via::kUdp, .manner = silent}},
       nothing("timeout")},
      {"silent-to-edns",
       "drops questions with EDNS; not taken for a server that knows none",
       {{.edns = Edns::kWith, .manner = silent}},
       nothing("timeout")},
      {"silent-to-mx", "never answers for MX", {{.type = RrType::kMx, .manner = silent}}, no_mx("timeout")},
      {"silent-at-apex-txt",
       "never answers for TXT at the domain itself",
       {{.type = RrType::kTxt, .manner = silent, .only_at = true}},
       no_text("timeout")},
      {"silent-to-99",
       "drops what it does not know, type 99",
       {{.type = RrType::kSpf, .manner = silent}},
       no_type99("timeout")},
  });
}

TEST(OddServers, LateRepliesAreNoMismatches) {
  std::vector<OddDomain> domains;
  const std::vector<std::string> names = {"a", "b", "c", "d", "e", "f"};
  for (const std::string& name : names) {
    domains.push_back({name,
                       "answers the first datagram of every question when the second comes",
                       {{.times_each = 1, .manner = ScriptedManner::kRepliesLate, .passes_on = true}}});
  }
  const ScriptedServer server(rules_of(domains));
  const TemporaryDirectory directory;
  std::string list;
  for (const std::string& name : names) list += name + ".example\n";
  const ProcessResult result = dauth(
      {"scan", directory.write("list.txt", list), "-d", directory.file("survey.sqlite"), "-m", "2026-11",
       "--resolver", server.address().to_text(), "--timeout", "300ms", "--tries", "3", "-v"});
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err,
              ::testing::HasSubstr("not ours: 0 by ID, 0 by address, 0 by question, 0 by opcode"));
  EXPECT_THAT(result.err, ::testing::ContainsRegex("replies: [1-9][0-9]* late"));
  EXPECT_THAT(result.err, ::testing::HasSubstr("complete, every name measured"));
}

TEST(OddServers, RefusalAndFailure) {
  const Findings broken = nothing("persistent_servfail");
  expect_findings({
      {"sound", "answers, and so is the control name of the second pass", {}},
      {"servfail-once",
       "SERVFAIL to the first datagram of every question",
       {{.times_each = 1, .reply = with_rcode(kServFail)}}},
      // Three tries for the first question, one for each of the others: the first pass is over with those.
      {"servfail-in-main-pass",
       "SERVFAIL throughout the main pass, answers in the second",
       {{.type = RrType::kTxt, .times_each = 3, .reply = with_rcode(kServFail), .only_at = true},
        {.times_each = 1, .reply = with_rcode(kServFail)}}},
      {"servfail",
       "SERVFAIL to everything, while others resolve",
       {{.reply = with_rcode(kServFail)}},
       broken},
      {"servfail-with-answer",
       "SERVFAIL with the answer beside it",
       {at_apex(RrType::kTxt, {.rcode = kServFail, .answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}}})},
       no_text("persistent_servfail")},
      {"servfail-no-question",
       "SERVFAIL without the question",
       {{.reply = without_question(kServFail)}},
       broken},
      {"servfail-at-dmarc",
       "SERVFAIL at _dmarc",
       {{.at_or_below = "_dmarc", .reply = with_rcode(kServFail)}},
       {.published = "exists mx spf spf_txt spf_record",
        .unmeasured = "dmarc dmarc_multiple dmarc_invalid",
        .dmarc_policy = "unmeasured",
        .cause = "persistent_servfail"}},
      {"servfail-at-domainkey",
       "SERVFAIL at _domainkey",
       {{.at_or_below = "_domainkey", .reply = with_rcode(kServFail)}},
       {.unmeasured = "domainkeys_subdomain domainkeys_policy dkim_policy",
        .evidence = "lookup_failure",
        .cause = "persistent_servfail"}},
      {"servfail-at-wildcard",
       "_domainkey is an empty name, SERVFAIL at the wildcard",
       {{.at_or_below = "_domainkey", .reply = no_data(), .only_at = true},
        {.at_or_below = "*", .reply = with_rcode(kServFail)}},
       {.unmeasured = "domainkeys_subdomain dkim_policy",
        .evidence = "lookup_failure",
        .cause = "persistent_servfail"}},
      // Not a failed name, so there is no second pass over it.
      {"servfail-to-99",
       "SERVFAIL to type 99, while TXT shows SPF",
       {{.type = RrType::kSpf, .reply = with_rcode(kServFail)}},
       no_type99("servfail")},
      {"servfail-to-99-alone",
       "SERVFAIL to type 99, and TXT shows no SPF",
       {{.type = RrType::kSpf, .reply = with_rcode(kServFail)}, text_at_apex({txt({"no policy"})})},
       {.published = "exists mx dmarc",
        .unmeasured = "spf spf_type99 sender_id",
        .spf_all = "",
        .cause = "persistent_servfail"}},
      {"refused", "REFUSED to everything", {{.reply = with_rcode(kRefused)}}, nothing("refused")},
      {"refused-once",
       "REFUSED to the first datagram of every question",
       {{.times_each = 1, .reply = with_rcode(kRefused)}}},
      {"refused-no-question",
       "REFUSED without the question",
       {{.reply = without_question(kRefused)}},
       nothing("refused")},
      {"notimp", "NOTIMP to everything", {{.reply = with_rcode(kNotImp)}}, nothing("notimp")},
      {"notimp-to-99",
       "NOTIMP to a type that it does not know",
       {{.type = RrType::kSpf, .reply = with_rcode(kNotImp)}},
       no_type99("notimp")},
      {"formerr-to-edns",
       "FORMERR to EDNS, answers without",
       {{.edns = Edns::kWith, .reply = with_rcode(kFormErr)}}},
      {"formerr-to-edns-header",
       "FORMERR to EDNS, nothing but a header; answers without",
       {{.edns = Edns::kWith, .reply = without_question(kFormErr)}}},
      {"formerr", "FORMERR to everything", {{.reply = with_rcode(kFormErr)}}, nothing("formerr")},
      {"badvers",
       "BADVERS, whose lower bits read NOERROR",
       {{.reply = {.additional = {opt(1)}}}},
       nothing("other_rcode")},
      {"badvers-with-answer",
       "BADVERS with an answer beside it",
       {at_apex(RrType::kTxt,
                {.answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}}, .additional = {opt(1)}})},
       no_text("other_rcode")},
      {"notauth", "NOTAUTH (9) to everything", {{.reply = with_rcode(9)}}, nothing("other_rcode")},
  });
}

// An rcode that says something about the name needs the question that it speaks of.
TEST(OddServers, AnswersWithoutTheirQuestion) {
  expect_findings(
      {
          {"sound", "answers", {}},
          {"noerror-no-question",
           "NOERROR and the answer, without the question",
           {at_apex(RrType::kTxt, {.questions = 0, .answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}}})},
           no_text("timeout")},
          {"nxdomain-no-question",
           "NXDOMAIN without the question",
           {{.reply = without_question(kNxDomain)}},
           nothing("timeout")},
          {"question-twice", "the question twice", {{.reply = {.questions = 2}}}, nothing("timeout")},
      },
      {.tries = 2});
}

}  // namespace
}  // namespace dauth::testing

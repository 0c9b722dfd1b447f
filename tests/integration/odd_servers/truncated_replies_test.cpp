// TC, and what becomes of the question over TCP.
#include <gtest/gtest.h>

#include "tests/integration/odd_servers/odd_servers.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using Via = LoopbackServer::Via;

constexpr std::uint16_t kServFail = 2;

// TC and nothing else over UDP, to every question.
ScriptedRule truncated() {
  return {.via = Via::kUdp,
          .sends =
              [](const Octets& reply) {
                Octets packet = reply;
                packet.resize(end_of_question(reply));
                for (const std::size_t count_at : kSectionCounts) put_u16(packet, count_at, 0);
                packet[2] |= 0x02;
                return ScriptedMessages{{packet}};
              },
          .passes_on = true};
}

ScriptedRule over_tcp(ScriptedManner manner) {
  return {.via = Via::kTcp, .manner = manner};
}

Record spf(std::string_view record) {
  return {"@", RrType::kTxt, txt({record})};
}

TEST(OddServers, Truncation) {
  expect_findings({
      {"tc", "TC to everything, all over TCP", {truncated()}},
      {"tc-once",
       "TC to the first datagram of every question; later tries go over TCP all the same",
       {{.via = Via::kUdp, .times_each = 1, .reply = {.flags = kQr | kTc}}}},
      {"tc-with-part",
       "TC with the first of two SPF records; TCP has both",
       {{.type = RrType::kTxt,
         .via = Via::kUdp,
         .reply = {.flags = kQr | kRa | kTc, .answer = {spf("v=spf1 +all")}},
         .only_at = true},
        at_apex(RrType::kTxt, answer({spf("v=spf1 +all"), spf("v=spf1 -all")}))},
       {.spf_all = "multiple"}},
      {"tc-nxdomain",
       "TC and NXDOMAIN over UDP, the domain over TCP",
       {{.via = Via::kUdp, .reply = {.flags = kQr | kRa | kTc, .rcode = kNxDomain}}}},
      {"tc-cut-in-a-record",
       "TC, and the message ends within a record",
       {{.via = Via::kUdp,
         .sends =
             [](const Octets& reply) {
               Octets packet = reply;
               packet[2] |= 0x02;
               packet.resize(packet.size() - 3);
               return ScriptedMessages{{packet}};
             },
         .passes_on = true}}},
      {"tc-servfail",
       "TC over UDP, SERVFAIL over TCP",
       {truncated(), {.via = Via::kTcp, .reply = with_rcode(kServFail)}},
       nothing("persistent_servfail")},
      {"tc-octet-by-octet",
       "over TCP each octet in a segment of its own",
       {truncated(), {.via = Via::kTcp, .tcp_piece = 1, .passes_on = true}}},
      {"tc-two-messages",
       "over TCP another message before the right one",
       {truncated(),
        {.via = Via::kTcp,
         .sends =
             [](const Octets& reply) {
               Octets foreign = opposite_of(reply);
               foreign[0] ^= 0x55;
               return ScriptedMessages{{foreign}, {reply}};
             },
         .passes_on = true}}},
      {"tc-twice",
       "over TCP the right message twice",
       {truncated(),
        {.via = Via::kTcp,
         .sends = [](const Octets& reply) { return ScriptedMessages{{reply}, {reply}}; },
         .passes_on = true}}},
      {"tc-wrong-question",
       "over TCP a message about another name before the right one",
       {truncated(),
        {.via = Via::kTcp,
         .sends =
             [](const Octets& reply) {
               Octets foreign = opposite_of(reply);
               foreign[13] = foreign[13] == 'x' ? 'y' : 'x';
               return ScriptedMessages{{foreign}, {reply}};
             },
         .passes_on = true}}},
  });
}

// Servers whose connections come to nothing, apart from the others: a connection carries the questions of
// many domains.
TEST(OddServers, TruncationWithoutAnswerOverTcp) {
  const Findings lost = nothing("truncated");
  expect_findings({
      {"sound", "answers", {}},
      {"tcp-closed",
       "hangs up on every question over TCP",
       {truncated(), over_tcp(ScriptedManner::kHangsUp)},
       lost},
      {"tcp-cut",
       "hangs up in the midst of every message",
       {truncated(), over_tcp(ScriptedManner::kHangsUpInTheMidst)},
       lost},
      {"mx-part-only",
       "TC with one MX over UDP, then hangs up: a part is no answer",
       {{.type = RrType::kMx,
         .via = Via::kUdp,
         .reply = {.flags = kQr | kRa | kTc, .answer = {{"@", RrType::kMx, mx(10, "a.example")}}}},
        {.type = RrType::kMx, .via = Via::kTcp, .manner = ScriptedManner::kHangsUp}},
       no_mx("truncated")},
  });
}

TEST(OddServers, TruncationAndSilenceOverTcp) {
  expect_findings(
      {
          {"sound", "answers", {}},
          {"tcp-silent",
           "accepts the question over TCP and says nothing",
           {truncated(), over_tcp(ScriptedManner::kStaysSilent)},
           nothing("truncated")},
          {"tc-over-tcp",
           "TC over TCP too",
           {truncated(), {.via = Via::kTcp, .reply = {.flags = kQr | kRa | kTc}}},
           nothing("truncated")},
          {"tcp-answers", "TC, and all over TCP", {truncated()}},
      },
      {.tries = 2});
}

TEST(OddServers, TruncationWithTcpRefused) {
  expect_findings({{"sound", "answers over UDP", {}},
                   {"tc", "TC to everything; nobody listens on TCP", {truncated()}, nothing("truncated")},
                   {"tc-mx",
                    "TC to MX; nobody listens on TCP",
                    {{.type = RrType::kMx, .via = Via::kUdp, .reply = {.flags = kQr | kTc}}},
                    no_mx("truncated")}},
                  {.server = {.tcp = false}});
}

// Nobody has asked for more than 1,232 octets.
TEST(OddServers, OversizedDatagrams) {
  const std::string filler(250, 'x');
  const auto with_filler = [&](std::size_t records) {
    std::vector<Record> all = {spf("v=spf1 ~all")};
    for (std::size_t i = 0; i < records; ++i) {
      all.push_back({"@", RrType::kTxt, txt({std::to_string(i), filler})});
    }
    return at_apex(RrType::kTxt, answer(all));
  };
  expect_findings({
      {"three-thousand",
       "3,000 octets over UDP, whole: as good as any",
       {with_filler(11)},
       {.spf_all = "softfail"}},
      {"nine-thousand",
       "9,000 octets over UDP: more than is read, so it cannot be read to its end",
       {with_filler(34)},
       no_text("malformed")},
      {"sixty-thousand-over-tcp",
       "TC, and 60,000 octets over TCP",
       {truncated(), with_filler(220)},
       {.spf_all = "softfail"}},
  });
}

}  // namespace
}  // namespace dauth::testing

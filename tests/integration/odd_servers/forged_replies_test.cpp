// Packets that are no answer to the question, whoever sends them: they must be dropped, and the right answer
// that comes behind them must count (RFC 5452 section 9.1). Each says the opposite of it.
#include <gtest/gtest.h>

#include "tests/integration/odd_servers/odd_servers.h"

namespace dauth::testing {
namespace {

using From = LoopbackServer::From;

enum class Then : std::uint8_t { kRightReply, kNothing };

// The forged packet first.
ScriptedRule forged(std::function<void(Octets&)> forge, Then then = Then::kRightReply,
                    From from = From::kServer) {
  return sent_so([=](const Octets& reply) {
    Octets packet = opposite_of(reply);
    forge(packet);
    ScriptedMessages messages = {{packet, from}};
    if (then == Then::kRightReply) messages.push_back({reply});
    return messages;
  });
}

void as_it_is(Octets&) {}

void another_id(Octets& packet) {
  packet[1] ^= 0x55;
}

void another_name(Octets& packet) {
  packet[13] = packet[13] == 'x' ? 'y' : 'x';
}

void another_type(Octets& packet) {
  packet[end_of_question(packet) - 3] ^= 1;
}

void another_class(Octets& packet) {
  packet[end_of_question(packet) - 1] = 3;
}

void question_twice(Octets& packet) {
  const Octets question(packet.begin() + 12, packet.end());
  packet.insert(packet.end(), question.begin(), question.end());
  packet[5] = 2;
}

void no_question(Octets& packet) {
  packet.resize(12);
  packet[5] = 0;
}

void question_cut(Octets& packet) {
  packet.resize(packet.size() - 2);
}

void a_query(Octets& packet) {
  packet[2] &= 0x7f;
}

void a_notification(Octets& packet) {
  packet[2] |= 4 << 3;
}

void a_status(Octets& packet) {
  packet[2] |= 2 << 3;
}

void half_a_header(Octets& packet) {
  packet.resize(6);
}

void nothing_at_all(Octets& packet) {
  packet.clear();
}

// The name in another letter case is the same name.
void shouting(Octets& packet) {
  for (std::size_t at = 12; at + 5 < end_of_question(packet); ++at) {
    if (packet[at] >= 'a' && packet[at] <= 'z') packet[at] -= 'a' - 'A';
  }
}

TEST(OddServers, ForgedPacketsBeforeTheRightReply) {
  expect_findings({
      {"wrong-id", "another ID", {forged(another_id)}},
      {"wrong-name", "a question about another name", {forged(another_name)}},
      {"wrong-type", "a question for another type", {forged(another_type)}},
      {"wrong-class", "a question in class CH", {forged(another_class)}},
      {"two-questions", "the question twice", {forged(question_twice)}},
      {"no-question", "no question", {forged(no_question)}},
      {"cut-question", "a question without its class", {forged(question_cut)}},
      {"qr-clear", "QR=0: a query", {forged(a_query)}},
      {"notify", "opcode NOTIFY", {forged(a_notification)}},
      {"status", "opcode STATUS", {forged(a_status)}},
      {"short", "half a header", {forged(half_a_header)}},
      {"empty", "a datagram without octets", {forged(nothing_at_all)}},
      {"other-port", "from another port", {forged(as_it_is, Then::kRightReply, From::kOtherPort)}},
      {"other-address", "from another address", {forged(as_it_is, Then::kRightReply, From::kOtherAddress)}},
  });
}

TEST(OddServers, ForgedPacketsAlone) {
  const Then never = Then::kNothing;
  expect_findings(
      {
          {"sound", "answers", {}},
          {"wrong-id", "never the right ID", {forged(another_id, never)}, nothing("timeout")},
          {"wrong-name", "never the right question", {forged(another_name, never)}, nothing("timeout")},
          {"qr-clear", "sends the query back", {forged(a_query, never)}, nothing("timeout")},
          {"other-port",
           "answers from another port only",
           {forged(as_it_is, never, From::kOtherPort)},
           nothing("timeout")},
          {"other-address",
           "answers from another address only",
           {forged(as_it_is, never, From::kOtherAddress)},
           nothing("timeout")},
      },
      {.tries = 2});
}

TEST(OddServers, RepliesThatAreRightAllTheSame) {
  const auto twice = [](const Octets& reply) { return ScriptedMessages{{reply}, {reply}}; };
  const auto and_the_opposite = [](const Octets& reply) {
    return ScriptedMessages{{reply}, {opposite_of(reply)}};
  };
  const auto in_capitals = [](const Octets& reply) {
    Octets packet = reply;
    shouting(packet);
    return ScriptedMessages{{packet}};
  };
  expect_findings({
      {"twice", "every reply twice", {sent_so(twice)}},
      {"changes-its-mind",
       "the opposite behind every reply: the first one counts",
       {sent_so(and_the_opposite)}},
      {"capitals",
       "the question in capitals, and with it the owners that point at it",
       {sent_so(in_capitals)}},
      {"owner-in-capitals",
       "the owner of the answer in capitals, the question not",
       {at_apex(dns::RrType::kTxt,
                answer({{"OWNER-IN-CAPITALS.EXAMPLE", dns::RrType::kTxt, txt({"v=spf1 ?all"})}}))},
       {.spf_all = "neutral"}},
  });
}

}  // namespace
}  // namespace dauth::testing

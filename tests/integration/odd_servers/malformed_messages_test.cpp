// Messages that contradict themselves: none of them may end as an answer or as an absence.
#include <gtest/gtest.h>

#include "tests/integration/odd_servers/odd_servers.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using std::string_literals::operator""s;

// TXT at the domain answered with the octets that `lie` makes of a good answer.
ScriptedRule lying_text(std::function<void(Octets&)> lie) {
  return {.type = RrType::kTxt,
          .reply = {.answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}}},
          .sends =
              [lie = std::move(lie)](const Octets& reply) {
                Octets packet = reply;
                lie(packet);
                return ScriptedMessages{{packet}};
              },
          .only_at = true};
}

ScriptedRule text_data(const std::string& rdata) {
  return at_apex(RrType::kTxt, answer({{"@", RrType::kTxt, raw(rdata)}}));
}

void append(Octets& octets, const std::string& more) {
  octets.insert(octets.end(), more.begin(), more.end());
}

// Type, class and TTL of the first RR stand behind its owner, a pointer.
std::size_t first_record(const Octets& packet) {
  return end_of_question(packet);
}

TEST(OddServers, MalformedText) {
  const Findings lost = no_text("malformed");
  expect_findings({
      {"sound", "answers", {}},
      {"answer-count",
       "two answers counted, one there",
       {lying_text([](Octets& packet) { put_u16(packet, 6, 2); })},
       lost},
      {"answer-count-most",
       "65,535 answers counted, one there",
       {lying_text([](Octets& packet) { put_u16(packet, 6, 0xffff); })},
       lost},
      {"authority-count",
       "an authority counted, none there",
       {lying_text([](Octets& packet) { put_u16(packet, 8, 1); })},
       lost},
      {"additional-count",
       "an additional RR counted, none there",
       {lying_text([](Octets& packet) { put_u16(packet, 10, 1); })},
       lost},
      {"cut", "the last octet is missing", {lying_text([](Octets& packet) { packet.pop_back(); })}, lost},
      {"header-only",
       "the question and an answer counted, the header alone there",
       {lying_text([](Octets& packet) { packet.resize(end_of_question(packet)); })},
       lost},
      {"pointer-to-itself",
       "an owner that points at itself",
       {lying_text([](Octets& packet) {
         const std::size_t at = first_record(packet);
         put_u16(packet, at, static_cast<std::uint16_t>(0xc000 | at));
       })},
       lost},
      {"pointer-forward",
       "an owner that points behind itself",
       {lying_text([](Octets& packet) {
         const std::size_t at = first_record(packet);
         put_u16(packet, at, static_cast<std::uint16_t>(0xc000 | (at + 12)));
       })},
       lost},
      {"pointer-past-end",
       "an owner that points past the end",
       {lying_text([](Octets& packet) { put_u16(packet, first_record(packet), 0xffff); })},
       lost},
      {"label-type",
       "an owner with a label type that there is not",
       {lying_text([](Octets& packet) { packet[first_record(packet)] = 0x80; })},
       lost},
      {"rdlength-past-end",
       "RDLENGTH beyond the message",
       {lying_text([](Octets& packet) { packet[first_record(packet) + 11] += 1; })},
       lost},
      {"string-past-rdata",
       "a character-string longer than its RDATA",
       {text_data("\x20v=spf1 +all"s)},
       lost},
      {"two-opts",
       "two OPT RRs",
       {at_apex(RrType::kTxt,
                {.answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}}, .additional = {opt(), opt()}})},
       lost},
      {"authority-malformed",
       "a good answer, and an authority section that cannot be read",
       {at_apex(RrType::kTxt, {.answer = {{"@", RrType::kTxt, txt({"v=spf1 +all"})}},
                               .authority = {{"@", RrType::kNs, raw("ab"), 1, 300, 99}}})},
       lost},
  });
}

TEST(OddServers, MalformedMx) {
  const auto mx_data = [](const std::string& rdata) {
    return at_apex(RrType::kMx, answer({{"@", RrType::kMx, raw(rdata)}}));
  };
  const Findings lost = no_mx("malformed");
  expect_findings({
      {"sound", "answers", {}},
      {"preference-cut", "MX of one octet", {mx_data("\0"s)}, lost},
      {"no-exchange", "MX without an exchange", {mx_data("\0\x0a"s)}, lost},
      {"exchange-cut", "an exchange that ends within a label", {mx_data("\0\x0a\4mai"s)}, lost},
      {"exchange-without-root", "an exchange without its end", {mx_data("\0\x0a\4mail"s)}, lost},
      {"octets-behind", "octets behind the exchange", {mx_data("\0\x0a\4mail\0junk"s)}, lost},
      {"exchange-loop", "an exchange that points at itself", {mx_data("\0\x0a\xff\xff"s)}, lost},
      {"one-of-two",
       "a good MX and a broken one: which is which, nobody can tell",
       {at_apex(RrType::kMx,
                answer({{"@", RrType::kMx, mx(10, "mail.example")}, {"@", RrType::kMx, raw("\0"s)}}))},
       lost},
  });
}

TEST(OddServers, MalformedElsewhere) {
  const Findings no_domainkeys{.unmeasured = "domainkeys_subdomain domainkeys_policy dkim_policy",
                               .evidence = "lookup_failure",
                               .cause = "malformed"};
  const auto at_domainkey = [](RrType type, Record record) {
    return ScriptedRule{
        .at_or_below = "_domainkey", .type = type, .reply = answer({std::move(record)}), .only_at = true};
  };
  expect_findings({
      {"sound", "answers", {}},
      {"cname-cut",
       "a CNAME without a target",
       {at_apex(RrType::kTxt, answer({{"@", RrType::kCname, raw("")}}))},
       no_text("malformed")},
      {"soa-cut",
       "an SOA at _domainkey without its numbers",
       {at_domainkey(RrType::kSoa, {"@", RrType::kSoa, raw("\0\0"s)})},
       no_domainkeys},
      {"dmarc-cut",
       "a DMARC record whose string runs out of its RDATA",
       {{.at_or_below = "_dmarc",
         .type = RrType::kTxt,
         .reply = answer({{"@", RrType::kTxt, raw("\xffv=DMARC1; p=none"s)}})}},
       {.published = "exists mx spf spf_txt spf_record",
        .unmeasured = "dmarc dmarc_multiple dmarc_invalid",
        .dmarc_policy = "unmeasured",
        .cause = "malformed"}},
      {"octets-behind-all",
       "octets behind the last RR: they belong to no section",
       {sent_so([](const Octets& reply) {
         Octets packet = reply;
         append(packet, "\xc0\xff and more"s);
         return ScriptedMessages{{packet}};
       })}},
      {"no-string",
       "a TXT RR without any character-string says nothing",
       {text_data("")},
       {.published = "exists mx dmarc", .spf_all = ""}},
      {"malformed-once",
       "cuts the first reply to every question",
       {{.times_each = 1,
         .sends =
             [](const Octets& reply) {
               Octets packet = reply;
               packet.pop_back();
               return ScriptedMessages{{packet}};
             },
         .passes_on = true}}},
  });
}

}  // namespace
}  // namespace dauth::testing

// Records that a survey misreads easily: in pieces, in odd octets, twice, or of the wrong kind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/odd_servers/odd_servers.h"
#include "tests/integration/program/dauth_program.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using std::string_literals::operator""s;

ScriptedRule at_dmarc(std::vector<Rdata> texts) {
  ScriptedRule rule = text_at_apex(std::move(texts));
  rule.at_or_below = "_dmarc";
  return rule;
}

ScriptedRule mx_at_apex(std::vector<Rdata> exchanges) {
  std::vector<Record> records;
  for (Rdata& exchange : exchanges) records.push_back({"@", RrType::kMx, std::move(exchange)});
  return at_apex(RrType::kMx, answer(std::move(records)));
}

// `spf_txt` is the rule of 2005: "spf" anywhere.
const Findings kWordOnly{.published = "exists mx spf spf_txt dmarc", .spf_all = ""};
const Findings kNoSpf{.published = "exists mx dmarc", .spf_all = ""};

TEST(OddServers, SpfTexts) {
  expect_findings({
      {"pieces",
       "a record in four strings, cut within words",
       {text_at_apex({txt({"v=sp", "f1 ip4:192.0.2", ".1 ~a", "ll"})})},
       {.spf_all = "softfail"}},
      {"no-blank-between",
       "strings joined with nothing between: no blank behind v=spf1, so no record",
       {text_at_apex({txt({"v=spf1", "-all"})})},
       kWordOnly},
      {"empty-strings",
       "empty strings before, within and behind",
       {text_at_apex({txt({"", "v=spf1 ", "", "?all", ""})})},
       {.spf_all = "neutral"}},
      {"string-of-255",
       "a string of 255 octets, and `all` in the next",
       {text_at_apex({txt({"v=spf1 " + std::string(123, ' ') + "a:" + std::string(61, 'x') + "." +
                               std::string(59, 'y') + ".z",
                           " -all"})})}},
      {"cut-at-255",
       "cut at 255 octets in the midst of a word",
       {text_at_apex({txt({"v=spf1 " + std::string(246, ' ') + "-a", "ll"})})}},
      {"two-records",
       "two records: none of them is judged",
       {text_at_apex({txt({"v=spf1 -all"}), txt({"v=spf1 +all"})})},
       {.spf_all = "multiple"}},
      {"twice-the-same",
       "the same RR twice is one RR",
       {text_at_apex({txt({"v=spf1 -all"}), txt({"v=spf1 -all"})})}},
      {"twice-in-pieces",
       "the same text, cut otherwise: two RRs",
       {text_at_apex({txt({"v=spf1 -all"}), txt({"v=spf1", " -all"})})},
       {.spf_all = "multiple"}},
      {"second-is-it",
       "a record behind two that look like one",
       {text_at_apex({txt({"v=spf10 +all"}), txt({" v=spf1 +all"}), txt({"v=spf1 ~all"})})},
       {.spf_all = "softfail"}},
      {"spf10", "another version", {text_at_apex({txt({"v=spf10 -all"})})}, kWordOnly},
      {"spf1-semicolon",
       "a semicolon behind the version",
       {text_at_apex({txt({"v=spf1; -all"})})},
       kWordOnly},
      {"blank-before", "a blank before the version", {text_at_apex({txt({" v=spf1 -all"})})}, kWordOnly},
      {"upper-case", "in capitals", {text_at_apex({txt({"V=SPF1 -ALL"})})}},
      {"version-alone", "a version and nothing else", {text_at_apex({txt({"v=spf1"})})}, {.spf_all = "none"}},
      {"word-in-text", "the word in a sentence", {text_at_apex({txt({"we have no SPF record"})})}, kWordOnly},
      {"sender-id",
       "Sender ID alone",
       {text_at_apex({txt({"spf2.0/pra -all"})})},
       {.published = "exists mx spf spf_txt sender_id dmarc", .spf_all = ""}},
      {"only-99",
       "a record in type 99 only",
       {text_at_apex({txt({"hello"})}),
        at_apex(RrType::kSpf, answer({{"@", RrType::kSpf, txt({"v=spf1 -all"})}}))},
       {.published = "exists mx spf spf_type99 dmarc", .spf_all = ""}},
      {"99-in-txt-answer",
       "type 99 in the answer to TXT",
       {at_apex(RrType::kTxt, answer({{"@", RrType::kSpf, txt({"v=spf1 -all"})}}))},
       kNoSpf},
      {"non-utf8",
       "octets that are no UTF-8 within the record",
       {text_at_apex({txt({"v=spf1 a:\xff\xfe.example -all"})})},
       {.spf_all = "invalid"}},
      {"non-utf8-beside",
       "octets that are no UTF-8 in a text beside the record",
       {text_at_apex({txt({"\xc3\x28\xff\xf0\x9f"}), txt({"v=spf1 -all"})})}},
      {"nul-before", "NUL before the record", {text_at_apex({txt({"\0v=spf1 -all"s})})}, kWordOnly},
      {"nul-within",
       "NUL within the record: it does not end there",
       {text_at_apex({txt({"v=spf1\0-all"s})})},
       kWordOnly},
      {"nul-behind",
       "NUL behind a whole record",
       {text_at_apex({txt({"v=spf1 -all\0"s})})},
       {.spf_all = "invalid"}},
      {"escapes",
       "ANSI escapes, a bell and line ends",
       {text_at_apex({txt({"\x1b]0;title\x07\x1b[2J\r\n=cmd|'/C calc'!A0\x9b"s}), txt({"v=spf1 -all"})})}},
      {"tab", "a TAB in place of the blank", {text_at_apex({txt({"v=spf1\t-all"})})}, kWordOnly},
  });
}

TEST(OddServers, DmarcTexts) {
  const Findings none{.published = "exists mx spf spf_txt spf_record", .dmarc_policy = ""};
  const Findings multiple{.published = "exists mx spf spf_txt spf_record dmarc_multiple", .dmarc_policy = ""};
  expect_findings({
      {"two-records",
       "two records: none counts",
       {at_dmarc({txt({"v=DMARC1; p=none"}), txt({"v=DMARC1; p=reject"})})},
       multiple},
      {"beside-others",
       "a record beside texts that are none",
       {at_dmarc({txt({"v=spf1 -all"}), txt({"hello"}), txt({"v=DMARC1; p=quarantine"})})},
       {.dmarc_policy = "quarantine"}},
      {"wildcard-spf",
       "a wildcard's SPF record at _dmarc, and no DMARC record",
       {{.at_or_below = ".", .type = RrType::kMx, .reply = answer({{"@", RrType::kMx, mx(10, "mail")}})},
        {.at_or_below = ".",
         .type = RrType::kTxt,
         .reply = answer({{"@", RrType::kTxt, txt({"v=spf1 -all"})}})},
        {.at_or_below = ".", .reply = no_data()}},
       {.published = "exists mx spf spf_txt spf_record", .evidence = "same_as_wildcard", .dmarc_policy = ""}},
      {"pieces",
       "a record in pieces",
       {at_dmarc({txt({"v=DMA", "RC1; p=no", "ne"})})},
       {.dmarc_policy = "none"}},
      {"lower-case", "v=dmarc1 is no record", {at_dmarc({txt({"v=dmarc1; p=reject"})})}, none},
      {"dmarc10", "v=DMARC10 is no record", {at_dmarc({txt({"v=DMARC10; p=reject"})})}, none},
      {"no-policy", "without a policy it is none", {at_dmarc({txt({"v=DMARC1"})})}, {.dmarc_policy = "none"}},
      {"bad-policy",
       "a policy that there is not, and nobody to report to",
       {at_dmarc({txt({"v=DMARC1; p=reject-all"})})},
       {.published = "exists mx spf spf_txt spf_record dmarc dmarc_invalid", .dmarc_policy = ""}},
      {"nul", "NUL within", {at_dmarc({txt({"v=DMARC1\0; p=reject"s})})}, none},
      {"non-utf8",
       "octets that are no UTF-8 in another tag",
       {at_dmarc({txt({"v=DMARC1; p=quarantine; x=\xff\xfe"})})},
       {.dmarc_policy = "quarantine"}},
      {"cname",
       "an alias of a provider's record",
       {{.at_or_below = "_dmarc",
         .type = RrType::kTxt,
         .reply = answer({{"@", RrType::kCname, target("_dmarc.provider.test")},
                          {"_dmarc.provider.test", RrType::kTxt, txt({"v=DMARC1; p=none"})}})}},
       {.dmarc_policy = "none"}},
  });
}

TEST(OddServers, MxSets) {
  const auto with = [](std::string_view more) {
    return Findings{.published = "exists spf spf_txt spf_record dmarc mx " + std::string(more)};
  };
  expect_findings({
      {"null", "null MX", {mx_at_apex({mx(0, ".")})}, with("null_mx")},
      {"null-preference", "null MX with a preference: none", {mx_at_apex({mx(10, ".")})}, with("")},
      {"null-beside",
       "null MX beside another: none",
       {mx_at_apex({mx(0, "."), mx(10, "mail.example")})},
       with("")},
      {"null-twice",
       "the same null MX twice is one",
       {mx_at_apex({mx(0, "."), mx(0, ".")})},
       with("null_mx")},
      {"address",
       "an address in place of a name",
       {mx_at_apex({mx(10, "192.0.2.25")})},
       with("mx_address_literal")},
      {"address-beside",
       "an address beside a name",
       {mx_at_apex({mx(10, "mail.example"), mx(20, "192.0.2.25")})},
       with("mx_address_literal")},
      {"no-address",
       "numbers that are no address",
       {mx_at_apex({mx(10, "192.0.2.256"), mx(20, "1.2.3.4.5")})},
       with("")},
      {"other-type",
       "an A RR in answer to MX",
       {at_apex(RrType::kMx, answer({{"@", RrType::kA, raw("\xc0\0\2\1"s)}}))},
       {.published = "exists spf spf_txt spf_record dmarc"}},
  });
}

// What such texts do to a person's terminal and to a program that reads JSON.
TEST(OddServers, HostileTextsReachNobody) {
  const std::string hostile = "v=spf1 a:\x1b[31m\xff\x00\x07\x9b\r\n|<b>=1+1 -all"s;
  const std::vector<OddDomain> domains = {
      {"hostile",
       "",
       {text_at_apex({txt({hostile}), txt({"\x1b]0;owned\x07"})}), at_dmarc({txt({hostile})})}}};
  const ScriptedServer server(rules_of(domains));
  const auto check = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments = {"check", "hostile.example", "--resolver",
                                          server.address().to_text()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProcessResult result = dauth(arguments);
    EXPECT_EQ(result.status(), 0) << result.err;
    for (const char c : result.out) EXPECT_TRUE(c == '\n' || (c >= ' ' && c < '\x7f')) << int{c};
    return result.out;
  };
  EXPECT_THAT(check({"--explain"}), ::testing::HasSubstr("v=spf1 a:"));
  for (const std::string& line : split(check({"--json"}), '\n')) {
    if (line.empty()) continue;
    EXPECT_TRUE(nlohmann::json::parse(line, nullptr, false).is_object()) << line;
  }
}

}  // namespace
}  // namespace dauth::testing

// `dauth check` against servers that fail, lie and publish hostile text: it tells what failed, its JSON stays
// valid, and nothing of theirs acts in a terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/integration/check/check_program.h"
#include "tests/support/json_schema.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using ::testing::HasSubstr;
using namespace std::string_literals;

ScriptedRule at(const std::string& name, std::optional<RrType> type, std::vector<Record> records) {
  ScriptedRule rule;
  rule.at_or_below = name;
  rule.type = type;
  rule.only_at = true;
  rule.reply.answer = std::move(records);
  return rule;
}

ScriptedRule below(const std::string& name, std::uint16_t rcode) {
  ScriptedRule rule;
  rule.at_or_below = name;
  rule.reply.rcode = rcode;
  return rule;
}

const std::string kHostile =
    "v=spf1 \x1b[2J\x07\r\n\xff\xfe\xe2\x80\xae include:\x1b]0;x\x07.example |<b> -all"s;

// A domain for each way to go wrong; what no rule answers is a name error.
std::vector<ScriptedRule> odd_rules() {
  std::vector<ScriptedRule> rules;
  rules.push_back(below("servfail.example", 2));
  rules.push_back(below("refused.example", 5));
  // Hostile octets in each place that holds text or names.
  rules.push_back(at("hostile.example", RrType::kTxt, {{"@", RrType::kTxt, txt({kHostile})}}));
  rules.push_back(at("hostile.example", RrType::kSpf, {{"@", RrType::kSpf, txt({kHostile})}}));
  rules.push_back(
      at("hostile.example", RrType::kMx, {{"@", RrType::kMx, mx(10, "\\027[2J.hostile.example")}}));
  rules.push_back(
      at("_dmarc.hostile.example", RrType::kTxt,
         {{"@", RrType::kTxt, txt({"v=DMARC1; p=\x1b[31mnone; rua=mailto:\xff\x1b@\x07.example"s})}}));
  rules.push_back(
      at("_domainkey.hostile.example", RrType::kTxt, {{"@", RrType::kTxt, txt({"o=\x1b[2J~"s})}}));
  rules.push_back(below("hostile.example", 0));
  // MX whose data is cut off, TXT that goes round in a circle.
  rules.push_back(at("broken.example", RrType::kMx, {{"@", RrType::kMx, raw("\0"s)}}));
  rules.push_back(at("broken.example", RrType::kTxt,
                     {{"@", RrType::kCname, target("other.broken.example")},
                      {"other.broken.example", RrType::kCname, target("broken.example")}}));
  rules.push_back(below("broken.example", 0));
  // Sound TXT, but everything else is refused.
  rules.push_back(at("half.example", RrType::kTxt, {{"@", RrType::kTxt, txt({"v=spf1 a mx ~all"})}}));
  rules.push_back(below("half.example", 5));
  return rules;
}

const std::vector<std::string> kOddDomains = {"servfail.example", "refused.example", "hostile.example",
                                              "broken.example",   "half.example",    "gone.example"};

ProcessResult odd_check(std::vector<std::string> domains, const std::vector<std::string>& options) {
  const ScriptedServer server(odd_rules());
  std::vector<std::string> arguments = {
      "check", "--resolver", server.address().to_text(), "--timeout", "300ms", "--tries", "1"};
  arguments.insert(arguments.end(), domains.begin(), domains.end());
  arguments.insert(arguments.end(), options.begin(), options.end());
  return dauth(arguments);
}

TEST(CheckOddServers, JsonHoldsToItsSchemaWhateverFails) {
  for (const std::vector<std::string>& options : std::vector<std::vector<std::string>>{
           {"--json"},
           {"--json", "--ip", "192.0.2.1", "--helo", "\x1b[2J\xff", "--selector", "s1", "--selector", "s2"},
           {"--json", "--ip", "2001:db8::1", "--helo", "mail.half.example", "--mail-from", "<>"}}) {
    const ProcessResult result = odd_check(kOddDomains, options);
    EXPECT_EQ(result.status(), 3) << result.err;
    EXPECT_TRUE(holds_to_schema(result.out, "check.schema.json"));
    EXPECT_EQ(split(result.out, '\n').size(), kOddDomains.size() + 1);
    for (const char c : result.out) EXPECT_TRUE(c == '\n' || (c >= 0x20 && c < 0x7f)) << static_cast<int>(c);
  }
}

TEST(CheckOddServers, TextShowsHostileOctetsAndDoesNotActThem) {
  const ProcessResult result = odd_check(
      {"hostile.example"}, {"--explain", "--ip", "192.0.2.1", "--selector", "s1", "--helo", "\x1b[2J"});
  EXPECT_THAT(result.out, HasSubstr("\\x1b[2J"));
  for (const char c : result.out) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_EQ(result.out.find("\xe2\x80\xae"), std::string::npos) << "text that turns round the text behind it";
  EXPECT_LE(longest_line(result.out), 80U);
}

TEST(CheckOddServers, FailuresAreToldAndNeverAnAbsence) {
  const ProcessResult result = odd_check({"half.example"}, {});
  EXPECT_EQ(result.status(), 3);
  EXPECT_EQ(result.err, "");
  const std::string words = unwrapped(result.out);
  EXPECT_THAT(words,
              HasSubstr("MX warning: unmeasured (refused): half.example MX failed: the server refused to "
                        "answer (REFUSED)"));
  EXPECT_THAT(words, HasSubstr("Questions that failed"));
  EXPECT_THAT(words, HasSubstr("warning: half.example MX: Failure (refused); for MX"));
  const auto json = nlohmann::json::parse(odd_check({"half.example"}, {"--json"}).out);
  EXPECT_EQ(json["mx"]["mx"], "unmeasured");
  EXPECT_EQ(json["spf"]["spf_all"], "softfail");
  EXPECT_EQ(json["cause"], "refused");
}

TEST(CheckOddServers, TheOrderOfRrsDecidesNothing) {
  std::vector<std::string> pages;
  for (const bool reversed : {false, true}) {
    std::vector<Record> texts = {{"@", RrType::kTxt, txt({"v=spf1 a -all"})},
                                 {"@", RrType::kTxt, txt({"v=spf1 mx ~all"})},
                                 {"@", RrType::kTxt, txt({"another text"})}};
    std::vector<Record> exchanges = {{"@", RrType::kMx, mx(10, "a.two.example")},
                                     {"@", RrType::kMx, mx(10, "b.two.example")}};
    if (reversed) std::reverse(texts.begin(), texts.end());
    if (reversed) std::reverse(exchanges.begin(), exchanges.end());
    const ScriptedServer server(
        {at("two.example", RrType::kTxt, texts), at("two.example", RrType::kMx, exchanges)});
    const ProcessResult page =
        dauth({"check", "two.example", "--explain", "--resolver", server.address().to_text()});
    EXPECT_EQ(page.status(), 0) << page.err;
    pages.push_back(page.out);
  }
  EXPECT_EQ(pages[0], pages[1]);
}

TEST(CheckOddServers, OneSoundDomainAmongTheOthersIsPrinted) {
  const ProcessResult result = odd_check({"servfail.example", "gone.example"}, {});
  EXPECT_EQ(result.status(), 3);
  EXPECT_LT(result.out.find("servfail.example\n"), result.out.find("\ngone.example\n"));
  EXPECT_THAT(unwrapped(result.out), HasSubstr("exists warning: unmeasured (servfail)"));
}

}  // namespace
}  // namespace dauth::testing

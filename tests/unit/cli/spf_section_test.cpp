// The SPF section of check: JSON by its schema, the page says the same.
#include "scanner/cli/check/spf_section.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "scanner/cli/check/spf_words.h"
#include "tests/support/json_schema.h"
#include "tests/unit/spf/spf_script.h"

namespace dauth::scanner::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::ScriptedInquiry;
using testing::spf_script;

struct Shown {
  nlohmann::ordered_json json;
  std::string page;
};

Shown shown(const std::vector<std::string>& lines, std::optional<SpfSender> sender) {
  ScriptedInquiry inquiry(spf_script(lines));
  SpfQuery query;
  query.sender = std::move(sender);
  const SpfReport report = inquiry.run(examine_spf(inquiry, testing::name("example.jp"), query));
  Shown result{to_json(report), ""};
  const std::string text = result.json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  EXPECT_TRUE(testing::holds_to_schema(text, "spf.schema.json")) << text;
  CheckPage page(PageStyle{.width = 100000, .colour = Colour::kNo});
  add_to_page(page, report);
  result.page = page.take();
  return result;
}

SpfSender from(std::string_view address, std::optional<std::string> helo = {},
               std::optional<std::string> mail_from = {}) {
  return {testing::address(address), std::move(helo), std::move(mail_from)};
}

TEST(SpfSection, ASender) {
  const Shown found = shown({"example.jp TXT v=spf1 a include:i.jp -all exp=why.jp",
                             "example.jp A 198.51.100.1", "i.jp TXT v=spf1 mx:none.jp ?all",
                             "none.jp MX NXDOMAIN", "why.jp TXT ask %{d}", "mail.example.jp TXT NODATA"},
                            from("192.0.2.1", "mail.example.jp", "a@example.jp"));
  const auto& identity = found.json["identities"][1];
  EXPECT_EQ(found.json["client"], "192.0.2.1");
  EXPECT_EQ(found.json["identities"][0]["result"], "none");
  EXPECT_EQ(identity["result"], "fail");
  EXPECT_EQ(identity["mechanism"], "-all");
  EXPECT_EQ(identity["explanation"], "ask example.jp");
  EXPECT_EQ(identity["dns_terms"], 3);
  EXPECT_EQ(identity["void_lookups"], 1);
  const auto& include = identity["tree"]["terms"][1];
  EXPECT_EQ(include["outcome"], "no_match");
  EXPECT_EQ(include["record"]["domain"], "i.jp");
  EXPECT_EQ(include["record"]["result"], "neutral");
  EXPECT_EQ(include["record"]["terms"][0]["lookups"][0]["void"], true);
  EXPECT_EQ(found.json["proposal_2005"]["bounce"], "not_needed");
  EXPECT_TRUE(found.json["permitted"].is_null());
  for (const std::string& text :
       {std::string("MAIL FROM result"), std::string("fail"),
        std::string("\"-all\" in the record of example.jp matches"), std::string("ask example.jp"),
        std::string("3 of at most 10"), std::string("1 of at most 2"),
        std::string("i.jp: \"v=spf1 mx:none.jp ?all\""), std::string("none.jp MX: name error"),
        std::string("HELO result"), std::string("mail.example.jp has no SPF record"),
        std::string("need not return a bounce")}) {
    EXPECT_THAT(found.page, HasSubstr(text));
  }
}

TEST(SpfSection, TheProposalOf2005IsToldWhereItChangesSomething) {
  Shown found = shown({"example.jp TXT v=spf1 ip4:198.51.100.1 ?all"}, from("192.0.2.1"));
  EXPECT_EQ(found.json["proposal_2005"]["bounce"], "as_usual");
  EXPECT_EQ(found.json["proposal_2005"]["with_softfail_all"]["result"], "softfail");
  EXPECT_THAT(found.page,
              AllOf(HasSubstr("returns a bounce as usual"), HasSubstr("\"~all\" in place of \"?all\"")));
  found = shown({"example.jp TXT v=spf1 ip4:198.51.100.1 ?all"}, from("198.51.100.1"));
  EXPECT_TRUE(found.json["proposal_2005"]["with_softfail_all"].is_null());
  EXPECT_THAT(found.page, Not(HasSubstr("~all")));
}

TEST(SpfSection, NoBounceAnswersTheNullSender) {
  for (const char* null : {"", "<>"}) {
    const Shown found =
        shown({"mail.example.jp TXT v=spf1 ?all"}, from("192.0.2.1", "mail.example.jp", null));
    EXPECT_EQ(found.json["proposal_2005"]["bounce"], "never");
    EXPECT_TRUE(found.json["proposal_2005"]["with_softfail_all"].is_null());
    EXPECT_THAT(found.page, AllOf(HasSubstr("no bounce may be returned"), Not(HasSubstr("as usual"))));
  }
}

TEST(SpfSection, EveryReasonHasItsWordAndSentence) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"example.jp TXT v=spf1 ip4:192.0.2.1"}, "matched"},
      {{"example.jp TXT v=spf1"}, "no_match"},
      {{"example.jp TXT NXDOMAIN"}, "no_record"},
      {{"example.jp TXT v=spf1", "example.jp TXT v=spf1 -all"}, "several_records"},
      {{"example.jp TXT v=spf1 ip4:192.0.2"}, "syntax"},
      {{"example.jp TXT SERVFAIL"}, "lookup_failed"},
      {{"example.jp TXT v=spf1 include:example.jp"}, "too_many_terms"},
      {{"example.jp TXT v=spf1 a a a", "example.jp A NODATA"}, "too_many_void_lookups"},
      {{"example.jp TXT v=spf1 include:i.jp", "i.jp TXT NODATA"}, "include_no_record"},
      {{"example.jp TXT v=spf1 redirect=i.jp", "i.jp TXT NODATA"}, "redirect_no_record"}};
  for (const auto& [lines, word] : cases) {
    const Shown found = shown(lines, from("192.0.2.1"));
    const auto& cause = found.json["identities"][0]["cause"];
    EXPECT_EQ(cause["reason"], word);
    EXPECT_THAT(cause["detail"].get<std::string>(), HasSubstr(cause["section"].get<std::string>()));
    EXPECT_THAT(found.page, HasSubstr(cause["detail"].get<std::string>()));
  }
  const Shown malformed = shown({}, from("192.0.2.1", "localhost", ""));
  EXPECT_EQ(malformed.json["identities"][0]["cause"]["reason"], "malformed_domain");
}

TEST(SpfSection, WithoutASender) {
  Shown found = shown({"example.jp TXT v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/63 include:i.jp ptr -all",
                       "i.jp TXT v=spf1 exists:%{i}.jp ip4:192.0.2.0/24 -all"},
                      std::nullopt);
  const auto& permitted = found.json["permitted"];
  EXPECT_EQ(permitted["ipv4_addresses"], 256);
  EXPECT_EQ(permitted["ipv6_addresses"], "36893488147419103232");
  EXPECT_EQ(permitted["dns_terms"], 3);
  EXPECT_EQ(permitted["not_countable"].size(), 2U);
  EXPECT_TRUE(found.json["proposal_2005"].is_null());
  EXPECT_THAT(found.page, AllOf(HasSubstr("3 of at most 10"), HasSubstr("256 IPv4 addresses"),
                                HasSubstr("2 networks of /64 in IPv6"), HasSubstr("i.jp: exists:%{i}.jp")));
  found = shown({"example.jp TXT v=spf1 a a a a a a a a a a a -all", "example.jp A 192.0.2.1",
                 "example.jp AAAA 2001:db8::1"},
                std::nullopt);
  EXPECT_EQ(found.json["permitted"]["dns_terms"], 11);
  EXPECT_THAT(found.page, HasSubstr("problem: 11 of at most 10"));
  found = shown({"example.jp TXT NODATA"}, std::nullopt);
  EXPECT_EQ(found.json["permitted"]["tree"]["result"], "none");
  EXPECT_THAT(found.page, HasSubstr("example.jp has no SPF record"));
}

TEST(SpfSection, HostileOctets) {
  const Shown found =
      shown({"example.jp TXT v=spf1 a:\x1b[31m\xff.jp"}, from("192.0.2.1", "\x1b[2J", "\xff\x1b@example.jp"));
  EXPECT_THAT(found.page, Not(HasSubstr("\x1b")));
  EXPECT_EQ(found.json["identities"][1]["result"], "permerror");
}

TEST(SpfSection, BeginsWithAVerdict) {
  struct Case {
    std::vector<std::string> lines;
    std::string word;
    std::string text;
  };
  const std::string none = "i.jp TXT NXDOMAIN";
  for (const Case& each : std::vector<Case>{
           {{"example.jp TXT NODATA"}, "no_record", "warning: there is no record"},
           {{"example.jp TXT v=spf1 foo"}, "invalid", "problem: broken: every client gets permerror"},
           {{"example.jp TXT SERVFAIL"}, "unknown", "warning: not known"},
           {{"example.jp TXT v=spf1 a -all", "example.jp A SERVFAIL", "example.jp AAAA 2001:db8::1"},
            "unknown_in_part",
            "warning: not known in full"},
           {{"example.jp TXT v=spf1 include:i.jp -all", none}, "breaks", "problem: breaks"},
           {{"example.jp TXT v=spf1 +all"}, "permits_all", "problem: works, but permits everybody"},
           {{"example.jp TXT v=spf1 ip4:0.0.0.0/0 -all"}, "permits_all", "problem: works, but"},
           {{"example.jp TXT v=spf1 ip4:192.0.2.1"}, "neutral", "gets neutral"},
           {{"example.jp TXT v=spf1 ?all"}, "neutral", "gets neutral"},
           {{"example.jp TXT v=spf1 redirect=r.jp", "r.jp TXT v=spf1 ~all"}, "softfail", "gets softfail"},
           {{"example.jp TXT v=spf1 -all"}, "fail", "works: who is not permitted gets fail"},
           {{"example.jp TXT v=spf1 redirect=%{l}.jp"}, "depends", "depends on the sender"}}) {
    const Shown found = shown(each.lines, std::nullopt);
    EXPECT_EQ(found.json["permitted"]["verdict"], each.word) << each.lines.front();
    EXPECT_THAT(found.page, HasSubstr(each.text));
    EXPECT_EQ(found.page.find("  SPF verdict"), 0U) << found.page;
  }
}

TEST(SpfSection, WhereItBreaksIsToldWithTheReasonAndForWhom) {
  const Shown found = shown(
      {"example.jp TXT v=spf1 ip6:::/1 include:i.jp ip4:192.0.2.1 -all", "i.jp TXT NXDOMAIN"}, std::nullopt);
  const auto& breaks = found.json["permitted"]["breaks"];
  ASSERT_EQ(breaks.size(), 1U);
  EXPECT_EQ(breaks[0]["result"], "permerror");
  EXPECT_EQ(breaks[0]["ipv4"], true);
  EXPECT_EQ(breaks[0]["cause"]["reason"], "include_no_record");
  EXPECT_THAT(found.page,
              AllOf(HasSubstr("Clients that no earlier term matches get permerror: i.jp is included by"),
                    HasSubstr("ip4:192.0.2.1: no client gets here"), HasSubstr("-all: no client gets here")));
}

// More than ten in sum, and none of the clients comes to more than ten.
TEST(SpfSection, ALimitThatStopsNobodyIsNoProblem) {
  const Shown found = shown(
      {"example.jp TXT v=spf1 include:i.jp -ip4:0.0.0.0/1 -ip4:128.0.0.0/1 a a a a -all",
       "i.jp TXT v=spf1 -ip6:::/0 a:x.jp a:x.jp a:x.jp a:x.jp a:x.jp a:x.jp -all", "x.jp A 198.51.100.1",
       "x.jp AAAA 2001:db8::1", "example.jp A 198.51.100.2", "example.jp AAAA 2001:db8::2"},
      std::nullopt);
  EXPECT_EQ(found.json["permitted"]["dns_terms"], 11);
  EXPECT_EQ(found.json["permitted"]["verdict"], "fail");
  EXPECT_THAT(found.page, Not(HasSubstr("problem")));
}

TEST(SpfWords, Sizes) {
  EXPECT_EQ(ipv4_size_text(1), "1 IPv4 address");
  EXPECT_EQ(ipv4_size_text(458755), "458,755 IPv4 addresses");
  EXPECT_EQ(ipv6_size_text("0"), "0 IPv6 addresses");
  EXPECT_EQ(ipv6_size_text("1"), "1 IPv6 address");
  EXPECT_EQ(ipv6_size_text("2000"), "2,000 IPv6 addresses");
  EXPECT_EQ(ipv6_size_text("18446744073709551615"), "18,446,744,073,709,551,615 IPv6 addresses");
  EXPECT_EQ(ipv6_size_text("18446744073709551616"), "1 network of /64 in IPv6");
  EXPECT_EQ(ipv6_size_text("36893488147419103233"), "2 networks of /64 and 1 address in IPv6");
  EXPECT_EQ(ipv6_size_text("2191178048051515379154944"), "118,784 networks of /64 in IPv6");
  EXPECT_EQ(ipv6_size_text("340282366920938463463374607431768211455"),
            "18,446,744,073,709,551,615 networks of /64 and 18,446,744,073,709,551,615 addresses in IPv6");
  EXPECT_EQ(ipv6_size_text("340282366920938463463374607431768211456"),
            "18,446,744,073,709,551,616 networks of /64 in IPv6");
}

}  // namespace
}  // namespace dauth::scanner::cli

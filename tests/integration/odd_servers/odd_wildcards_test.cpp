// `_domainkey` and what looks like it: wildcards, denials that are none, and zones of others.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>

#include "tests/integration/odd_servers/odd_servers.h"
#include "tests/integration/program/dauth_program.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using dns::RrType;

// All that the domain has not else, TXT and A.
ScriptedRule wildcard(ResponseParts reply) {
  return {.at_or_below = ".", .reply = std::move(reply)};
}

ScriptedRule at_domainkey(ResponseParts reply) {
  return {.at_or_below = "_domainkey", .reply = std::move(reply), .only_at = true};
}

// The sound names before a wildcard that would cover them.
std::vector<ScriptedRule> with_sound_names(std::vector<ScriptedRule> rules) {
  std::vector<ScriptedRule> all = {at_apex(RrType::kMx, answer({{"@", RrType::kMx, mx(10, "mail")}})),
                                   text_at_apex({txt({"v=spf1 mx -all"})}),
                                   {.reply = no_data(), .only_at = true},
                                   {.at_or_below = "_dmarc",
                                    .type = RrType::kTxt,
                                    .reply = answer({{"@", RrType::kTxt, txt({"v=DMARC1; p=reject"})}}),
                                    .only_at = true}};
  for (ScriptedRule& rule : rules) all.push_back(std::move(rule));
  return all;
}

ResponseParts alias_of(std::string_view alias) {
  return answer({{"@", RrType::kCname, target(alias)}});
}

ResponseParts some_text(std::string_view words) {
  return answer({{"@", RrType::kTxt, txt({words})}});
}

// Each datagram gets another text, octet 0 of the last string counts on.
ScriptedRule another_text_each_time() {
  return {.at_or_below = ".",
          .type = RrType::kTxt,
          .reply = some_text("number 0000"),
          .sends = [count = std::make_shared<std::atomic<unsigned>>(0)](const Octets& reply) {
            Octets packet = reply;
            unsigned number = ++*count;
            for (int i = 1; i <= 4; ++i, number /= 10) {
              packet[packet.size() - static_cast<std::size_t>(i)] =
                  static_cast<std::uint8_t>('0' + number % 10);
            }
            return ScriptedMessages{{packet}};
          }};
}

// Every name below is an alias whose target spells out the name that was asked for.
ScriptedRule alias_with_the_name(RrType type, std::string below, std::string alias) {
  return {.at_or_below = std::move(below), .type = type, .reply = alias_of(alias)};
}

Findings found(std::string_view evidence, std::string_view more = "") {
  return {.published = "exists mx spf spf_txt spf_record dmarc " + std::string(more),
          .evidence = std::string(evidence)};
}

const char* const kSubdomain = "domainkeys_subdomain";
const Findings kVaries{.unmeasured = "domainkeys_subdomain dkim_policy",
                       .evidence = "wildcard_varies",
                       .cause = "wildcard_varies"};

TEST(OddServers, WildcardsThatImitateDomainkey) {
  expect_findings({
      {"cname", "a wildcard CNAME", with_sound_names({wildcard(alias_of("web.test"))}),
       found("same_as_wildcard")},
      {"cname-to-apex", "a wildcard CNAME to the domain, whose SOA is seen through it",
       with_sound_names({{.at_or_below = ".",
                          .type = RrType::kSoa,
                          .reply = answer({{"@", RrType::kCname, target("cname-to-apex.example")},
                                           {"cname-to-apex.example", RrType::kSoa, soa("ns", "root")}})},
                         wildcard(alias_of("cname-to-apex.example"))}),
       found("same_as_wildcard")},
      {"text", "a wildcard TXT", with_sound_names({wildcard(some_text("any name"))}),
       found("same_as_wildcard")},
      {"text-like-policy", "a wildcard TXT that reads as a policy",
       with_sound_names({wildcard(some_text("o=~"))}), found("same_as_wildcard")},
      {"text-beside-policy", "a wildcard TXT, and a policy at _domainkey",
       with_sound_names({at_domainkey(some_text("o=~")), wildcard(some_text("any name"))}),
       found("differs_from_wildcard", "domainkeys_subdomain domainkeys_policy")},
      {"address", "a wildcard A, TXT is empty everywhere",
       with_sound_names(
           {{.at_or_below = ".", .type = RrType::kA, .reply = answer({{"@", RrType::kA, raw("abcd")}})},
            wildcard(no_data())}),
       found("same_as_wildcard")},
      {"other-address", "a wildcard A, and another address at _domainkey",
       with_sound_names(
           {{.at_or_below = "_domainkey",
             .type = RrType::kA,
             .reply = answer({{"@", RrType::kA, raw("efgh")}}),
             .only_at = true},
            {.at_or_below = ".", .type = RrType::kA, .reply = answer({{"@", RrType::kA, raw("abcd")}})},
            wildcard(no_data())}),
       found("differs_from_wildcard", kSubdomain)},
      {"order", "a wildcard of two texts, at _domainkey in the other order, cut otherwise and in another TTL",
       with_sound_names({at_domainkey(answer({{.owner = "@", .rdata = txt({"tw", "o"}), .ttl = 7},
                                              {.owner = "@", .rdata = txt({"one"})}})),
                         wildcard(answer({{.owner = "@", .rdata = txt({"one"})},
                                          {.owner = "@", .rdata = txt({"two"})}}))}),
       found("same_as_wildcard")},
      {"owner-is-the-name", "a wildcard whose owner is the name that was asked for",
       with_sound_names({wildcard(
           answer({{"@", RrType::kCname, target("x.test")}, {"x.test", RrType::kTxt, txt({"x"})}}))}),
       found("same_as_wildcard")},
  });
}

TEST(OddServers, WildcardsThatVary) {
  expect_findings({
      {"each-query", "a wildcard with another text at each query",
       with_sound_names({another_text_each_time(), wildcard(no_data())}), kVaries},
      {"holds-the-name", "a wildcard CNAME whose target spells out the name that was asked for",
       with_sound_names({alias_with_the_name(RrType::kTxt, "_domainkey", "domainkey.parked.test"),
                         alias_with_the_name(RrType::kTxt, "*", "star.parked.test"),
                         alias_with_the_name(RrType::kTxt, ".", "other.parked.test"), wildcard(no_data())}),
       kVaries},
      {"domainkey-as-random", "the wildcard itself is shown otherwise; _domainkey as any other name",
       with_sound_names({{.at_or_below = "*", .reply = some_text("a star")}, wildcard(some_text("no star"))}),
       found("same_as_wildcard")},
      {"star-alone", "only *.D answers, no name below is covered: _domainkey was made",
       with_sound_names({at_domainkey(some_text("mine")), {.at_or_below = "*", .reply = some_text("star")}}),
       found("differs_from_wildcard", kSubdomain)},
  });
}

TEST(OddServers, DenialsThatAreNone) {
  expect_findings({
      {"compact", "NODATA for names that do not exist (compact denial)",
       with_sound_names({wildcard(no_data())}), found("both_empty")},
      {"compact-apex",
       "NODATA at the domain too",
       {wildcard(no_data())},
       {.published = "exists", .spf_all = "", .evidence = "both_empty", .dmarc_policy = ""}},
      {"empty-non-terminal",
       "NODATA at _domainkey, a name error elsewhere",
       {at_domainkey(no_data())},
       found("no_wildcard", kSubdomain)},
      {"denied-non-terminal",
       "keys below _domainkey, and NXDOMAIN at it",
       {at_domainkey({.rcode = kNxDomain}),
        {.at_or_below = "_domainkey", .reply = some_text("k=rsa; p=MHww")}},
       found("name_error")},
      {"denied-as-zone",
       "NXDOMAIN for the SOA at _domainkey, NOERROR for TXT: the first one is believed",
       {{.at_or_below = "_domainkey", .type = RrType::kSoa, .reply = {.rcode = kNxDomain}},
        at_domainkey(some_text("o=~"))},
       found("name_error")},
      {"denied-as-text",
       "NODATA for the SOA at _domainkey, NXDOMAIN for TXT",
       {{.at_or_below = "_domainkey", .type = RrType::kSoa, .reply = no_data()},
        at_domainkey({.rcode = kNxDomain})},
       found("name_error")},
      {"dangling-alias",
       "_domainkey is an alias of a name that is gone: NXDOMAIN, but it exists itself",
       {at_domainkey({.rcode = kNxDomain, .answer = {{"@", RrType::kCname, target("gone.test")}}})},
       found("no_wildcard", kSubdomain)},
      {"alias-to-zone",
       "_domainkey is an alias of a zone: the SOA is that zone's",
       {{.at_or_below = "_domainkey",
         .type = RrType::kSoa,
         .reply = answer(
             {{"@", RrType::kCname, target("zone.test")}, {"zone.test", RrType::kSoa, soa("ns", "root")}}),
         .only_at = true},
        at_domainkey(alias_of("zone.test"))},
       found("no_wildcard", kSubdomain)},
      {"own-zone", "_domainkey is a zone of its own, and there is a wildcard",
       with_sound_names({{.at_or_below = "_domainkey",
                          .type = RrType::kSoa,
                          .reply = answer({{"@", RrType::kSoa, soa("ns", "root")}}),
                          .only_at = true},
                         wildcard(some_text("any name"))}),
       found("own_zone", kSubdomain)},
      {"foreign-soa",
       "the SOA of another name in answer to SOA",
       {{.at_or_below = "_domainkey",
         .type = RrType::kSoa,
         .reply = answer({{"foreign-soa.example", RrType::kSoa, soa("ns", "root")}}),
         .only_at = true},
        at_domainkey(no_data())},
       found("no_wildcard", kSubdomain)},
      {"policies",
       "signing policies below an empty _domainkey",
       {at_domainkey(no_data()),
        {.at_or_below = "_adsp._domainkey", .type = RrType::kTxt, .reply = some_text("dkim=all")}},
       found("no_wildcard", "domainkeys_subdomain dkim_policy")},
  });
}

// What is asked of whom: no question twice, none whose answer is known, and the wildcard's only where
// `_domainkey` gave no name error.
TEST(OddServers, NoQuestionTwiceAndNoneInVain) {
  const std::vector<OddDomain> domains = {
      {"sound", "", {}},
      {"gone", "", {{.reply = {.rcode = kNxDomain}}}},
      {"covered", "", with_sound_names({wildcard(some_text("any name"))})},
      {"other", "", with_sound_names({at_domainkey(some_text("o=~")), wildcard(some_text("any name"))})},
      {"empty", "", with_sound_names({wildcard(no_data())})}};
  const ScriptedServer server(rules_of(domains));
  const TemporaryDirectory directory;
  std::string list;
  for (const OddDomain& domain : domains) list += std::string(domain.name) + ".example\n";
  const ProcessResult result =
      dauth({"scan", directory.write("list.txt", list), "-d", directory.file("survey.sqlite"), "-m",
             "2026-11", "--resolver", server.address().to_text(), "--timeout", "30s", "--no-preflight"});
  ASSERT_EQ(result.status(), 0) << result.err;

  std::map<std::string, std::vector<std::string>> asked;  // "NAME TYPE" by domain; a random label reads L
  for (const dns::Question& question : server.questions()) {
    std::string text = question.name.to_text();
    const std::string domain(question.name.label_from_right(1).value());
    const std::size_t label = text.find('.');
    if (label == 26 && text[0] != '_') text.replace(0, label, "L");
    asked[domain].push_back(text + " " + dns::to_text(question.type));
  }
  for (auto& [domain, questions] : asked) {
    std::sort(questions.begin(), questions.end());
    EXPECT_EQ(std::adjacent_find(questions.begin(), questions.end()), questions.end()) << domain;
  }
  using ::testing::UnorderedElementsAre;
  EXPECT_THAT(asked["gone"], UnorderedElementsAre("gone.example TXT"));
  EXPECT_THAT(asked["sound"],
              UnorderedElementsAre("sound.example TXT", "sound.example MX", "sound.example SPF",
                                   "_dmarc.sound.example TXT", "_domainkey.sound.example SOA"));
  EXPECT_THAT(asked["covered"],
              UnorderedElementsAre("covered.example TXT", "covered.example MX", "covered.example SPF",
                                   "_dmarc.covered.example TXT", "_domainkey.covered.example SOA",
                                   "_domainkey.covered.example TXT", "*.covered.example TXT"));
  EXPECT_THAT(asked["other"], ::testing::IsSupersetOf({"*.other.example TXT", "L.other.example TXT"}));
  EXPECT_THAT(asked["empty"], ::testing::IsSupersetOf({"*.empty.example TXT", "*.empty.example A"}));
  EXPECT_THAT(asked["empty"], ::testing::Not(::testing::Contains(::testing::StartsWith("L."))));
}

}  // namespace
}  // namespace dauth::testing

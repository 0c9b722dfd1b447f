// The preflight against servers that lie, refuse or stay silent as a table of rules tells them.
#include "scanner/survey/preflight.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/support/scripted_server.h"

namespace dauth::scanner {
namespace {

using namespace dauth::testing;
using dns::RrType;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = PreflightVerdict::Kind;

class PreflightTest : public ::testing::Test {
 protected:
  std::vector<PreflightVerdict> verdicts(std::vector<const ScriptedServer*> servers,
                                         std::vector<std::string> parents = {"example"}) {
    resolver::StubResolverOptions options;
    for (const ScriptedServer* server : servers) options.servers.push_back(server->address());
    options.timeout = timeout;
    std::vector<dns::DomainName> names;
    for (const std::string& parent : parents) names.push_back(name(parent));
    return preflight(loop, random, options, {}, names);
  }
  PreflightVerdict verdict(std::vector<ScriptedRule> rules, std::vector<std::string> parents = {"example"}) {
    const ScriptedServer server(std::move(rules));
    const auto all = verdicts({&server}, std::move(parents));
    EXPECT_EQ(all.size(), 1u);
    EXPECT_EQ(all.front().server, server.address());
    return all.front();
  }

  net::EventLoop loop;
  net::SystemRandom random;
  // Long where an answer comes, so that a slow machine makes no time-outs; short where silence is the
  // subject.
  std::chrono::milliseconds timeout{10'000};
};

constexpr std::chrono::milliseconds kShort{200};
const Rdata kAddress{Octets{192, 0, 2, 80}};

ResponseParts with_answer(Record record) {
  return {.answer = {std::move(record)}};
}

TEST_F(PreflightTest, NameErrorsAreSound) {
  const ScriptedServer server({});
  const auto all = verdicts({&server}, {"example", "test", "jp"});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().kind, Kind::kSound);
  EXPECT_FALSE(forbids_survey(all));
  // Each of the three types at one name below each of the parents.
  const auto questions = server.questions();
  ASSERT_EQ(questions.size(), 9u);
  for (const std::string parent : {"example", "test", "jp"}) {
    std::set<std::string> names;
    std::set<RrType> types;
    for (const dns::Question& question : questions) {
      if (question.name.parent() != name(parent)) continue;
      names.insert(question.name.to_text());
      types.insert(question.type);
    }
    EXPECT_EQ(names.size(), 1u) << parent;
    EXPECT_THAT(types, ::testing::ElementsAre(RrType::kA, RrType::kMx, RrType::kTxt)) << parent;
  }
}

TEST_F(PreflightTest, DataOfAnyKindIsARewriter) {
  struct Lie {
    std::string types;
    ScriptedRule rule;
  };
  const std::vector<Lie> lies{
      {"A", {.type = RrType::kA, .reply = with_answer({"@", RrType::kA, kAddress})}},
      {"TXT", {.type = RrType::kTxt, .reply = with_answer({"@", RrType::kTxt, txt({"v=spf1 -all"})})}},
      {"MX", {.type = RrType::kMx, .reply = with_answer({"@", RrType::kMx, mx(10, "mail.example")})}},
      // An alias without an end is data: at all types, and in one type, and where it leads to itself.
      {"A, TXT, MX", {.reply = with_answer({"@", RrType::kCname, target("parking.example")})}},
      {"MX", {.type = RrType::kMx, .reply = with_answer({"@", RrType::kCname, target("parking.example")})}},
      {"TXT",
       {.type = RrType::kTxt,
        .reply = {.answer = {{"@", RrType::kCname, target("x.example")},
                             {"x.example", RrType::kCname, target("x.example")}}}}},
      {"A",
       {.type = RrType::kA, .reply = {.rcode = kNxDomain, .answer = {{"@", RrType::kCname, target("x")}}}}},
      {"A",
       {.type = RrType::kA, .reply = {.flags = kQr, .answer = {{"@", RrType::kCname, target("x.example")}}}}},
  };
  for (const Lie& lie : lies) {
    const PreflightVerdict found = verdict({lie.rule});
    EXPECT_EQ(found.kind, Kind::kRewrites) << lie.types;
    EXPECT_THAT(found.detail, AllOf(HasSubstr("with data (" + lie.types + ")"),
                                    HasSubstr("though that name cannot exist")));
    EXPECT_TRUE(forbids_survey({found}));
  }
}

TEST_F(PreflightTest, AWildcardOfATopLevelDomainIsThoughtOf) {
  const ScriptedRule wildcard{
      .at_or_below = "example", .type = RrType::kA, .reply = with_answer({"@", RrType::kA, kAddress})};
  // With one top-level domain, or where others are sound, it may be either.
  for (const auto& parents : {std::vector<std::string>{"example"}, {"test", "example", "jp"}}) {
    const PreflightVerdict found = verdict({wildcard}, parents);
    EXPECT_EQ(found.kind, Kind::kRewrites);
    EXPECT_THAT(found.detail, HasSubstr("it rewrites name errors, or *.example exists in the DNS"));
  }
  ScriptedRule everywhere = wildcard;
  everywhere.at_or_below = ".";
  EXPECT_THAT(verdict({everywhere}, {"test", "example", "jp"}).detail,
              AllOf(HasSubstr("at each top-level domain asked"), Not(HasSubstr("*."))));
}

TEST_F(PreflightTest, OneThatIsSilentIsDead) {
  timeout = kShort;
  const PreflightVerdict found = verdict({{.manner = ScriptedManner::kStaysSilent}});
  EXPECT_EQ(found.kind, Kind::kDead);
  EXPECT_EQ(found.detail, "no answer in time");
}

TEST_F(PreflightTest, OneThatIsNotThereIsDead) {
  timeout = kShort;
  resolver::StubResolverOptions options;
  options.timeout = kShort;
  options.servers = {ScriptedServer({}).address()};
  const auto all = preflight(loop, random, options, {}, {name("example")});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().kind, Kind::kDead);
  EXPECT_TRUE(forbids_survey(all));
}

TEST_F(PreflightTest, OneDeadServerBesideASoundOneIsNamed) {
  timeout = kShort;
  const ScriptedServer sound({});
  const ScriptedServer dead({{.manner = ScriptedManner::kStaysSilent}});
  const auto all = verdicts({&sound, &dead});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].kind, Kind::kSound);
  EXPECT_EQ(all[1].kind, Kind::kDead);
  EXPECT_EQ(all[1].server, dead.address());
  EXPECT_TRUE(forbids_survey(all));
  // No other server answers for it.
  EXPECT_EQ(sound.questions().size(), 3u);
}

TEST_F(PreflightTest, ALostDatagramIsNoDeath) {
  timeout = kShort;
  const PreflightVerdict found =
      verdict({{.type = RrType::kMx, .times = 1, .manner = ScriptedManner::kStaysSilent}});
  EXPECT_EQ(found.kind, Kind::kSound) << found.detail;
}

TEST_F(PreflightTest, WhatIsOddIsAWarning) {
  const ResponseParts referral{.flags = kQr, .authority = {{"example", RrType::kNs, target("ns.example")}}};
  const std::vector<std::pair<std::string, ScriptedRule>> odd{
      {" A with REFUSED", {.reply = {.rcode = 5}}},
      {" A with NOTIMP", {.reply = {.rcode = 4}}},
      {" A with RCODE 9", {.reply = {.rcode = 9}}},
      {" A with a referral", {.reply = referral}},
      {" TXT with SERVFAIL", {.type = RrType::kTxt, .reply = {.rcode = 2}}},
      {"a message that cannot be read", {.reply = {.answer = {{"@", RrType::kA, raw("short")}}}}},
      // Compact denial of existence, and a rewriter of other types.
      {"NOERROR and no data", {}},
      {"NOERROR and no data", {.type = RrType::kMx}},
  };
  for (const auto& [text, rule] : odd) {
    const PreflightVerdict found = verdict({rule});
    EXPECT_EQ(found.kind, Kind::kOdd) << text;
    EXPECT_THAT(found.detail, HasSubstr(text));
    EXPECT_FALSE(forbids_survey({found}));
  }
}

TEST_F(PreflightTest, SilenceOverTcpHasAnEndToo) {
  timeout = kShort;
  const PreflightVerdict found =
      verdict({{.via = LoopbackServer::Via::kTcp, .manner = ScriptedManner::kStaysSilent},
               {.type = RrType::kMx, .reply = {.flags = kQr | kRd | kRa | kTc}}});
  EXPECT_EQ(found.kind, Kind::kOdd);
  EXPECT_THAT(found.detail, HasSubstr("MX with a truncated message, and with nothing better over TCP"));
}

TEST_F(PreflightTest, ATypeThatIsNeverAnsweredIsAWarning) {
  timeout = kShort;
  const PreflightVerdict found = verdict({{.type = RrType::kTxt, .manner = ScriptedManner::kStaysSilent}});
  EXPECT_EQ(found.kind, Kind::kOdd);
  EXPECT_THAT(found.detail, HasSubstr("does not answer questions for TXT"));
}

TEST_F(PreflightTest, ServerFailuresAloneForbidASurveyUnlessAnotherServerIsBetter) {
  const ScriptedServer failing({{.reply = {.rcode = 2}}});
  const ScriptedServer sound({});
  const auto both = verdicts({&failing, &sound});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].kind, Kind::kFails);
  EXPECT_THAT(both[0].detail, HasSubstr("nothing but SERVFAIL (3 questions"));
  EXPECT_FALSE(forbids_survey(both));
  EXPECT_TRUE(forbids_survey(verdicts({&failing})));
}

TEST_F(PreflightTest, AnAuthoritativeServerIsSound) {
  EXPECT_EQ(verdict({{.reply = {.flags = kQr | kAa,
                                .rcode = kNxDomain,
                                .authority = {{"example", RrType::kSoa, soa("ns.example", "h.example")}}}}})
                .kind,
            Kind::kSound);
}

TEST_F(PreflightTest, WindowAndRateDoNotHoldItUp) {
  const ScriptedServer server({});
  resolver::StubResolverOptions options;
  options.servers = {server.address()};
  options.in_flight = 1;
  options.queries_per_second = 0.001;
  options.timeout = timeout;
  const auto all = preflight(loop, random, options, {}, {name("example")});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().kind, Kind::kSound);
}

TEST_F(PreflightTest, EachServerIsAskedAtItsOwnRate) {
  const ScriptedServer quick({});
  const ScriptedServer slow({});
  resolver::StubResolverOptions options;
  options.servers = {quick.address(), slow.address()};
  options.server_rates = {0, 20};
  options.timeout = timeout;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(preflight(loop, random, options, {}, {name("example")}).size(), 2u);
  // The third of its questions is due two twentieths of a second after the first, less 10 ms at once.
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(80));
  // And the other way round: a rate of the first server is none of the second.
  options.servers = {slow.address()};
  options.server_rates = {0, 0.001};
  EXPECT_EQ(preflight(loop, random, options, {}, {name("example")}).front().kind, Kind::kSound);
}

TEST(TopLevelDomains, AHandfulOfTheListsOwn) {
  std::vector<dns::DomainName> noted;
  for (const std::string each : {"a.jp", "b.co.JP", "c.example", "de", "d.test", "e.fr"}) {
    note_top_level_domain(noted, name(each));
  }
  EXPECT_THAT(noted, ::testing::ElementsAre(name("jp"), name("example"), name("de")));
}

}  // namespace
}  // namespace dauth::scanner

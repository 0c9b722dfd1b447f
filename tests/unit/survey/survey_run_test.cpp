// The two passes of a run against a server that fails by a table of rules.
#include "scanner/survey/survey_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "resolver/net/uv_transport.h"
#include "tests/support/scripted_server.h"
#include "tests/support/temporary_directory.h"

namespace dauth::scanner {
namespace {

using namespace dauth::testing;
using data::Cause;
using data::Metric;
using dns::RrType;

class SurveyRunTest : public ::testing::Test {
 protected:
  // Surveys the names through the server, and returns the finished run.
  data::RunRecord survey(const ScriptedServer& server, const std::vector<std::string>& names) {
    data::Store store = data::Store::open(directory.file("survey.sqlite"), data::OpenMode::kCreate).value();
    data::RunSettings run_settings;
    run_settings.month = {2026, 11};
    const data::RunId run = store.begin_run(run_settings).value();
    std::vector<data::ListedName> listed;
    for (const std::string& each : names) listed.push_back({name(each), data::Category::other()});
    EXPECT_TRUE(store.add_names(run, listed));
    EXPECT_TRUE(store.finish_list(run, "fingerprint"));
    if (before) before(store, run);
    {
      net::EventLoop loop;
      net::SystemRandom random;
      net::UvTransport transport(loop, random);
      resolver::StubResolver resolver(
          transport, random,
          {.servers = {server.address()}, .timeout = std::chrono::milliseconds(300), .tries = 2});
      settings.names = names.size();
      settings.second_pass_after = std::chrono::milliseconds(20);
      SurveyRun survey_run(loop, resolver, settings, [&](SurveyRun::End end) {
        EXPECT_EQ(end, SurveyRun::End::kComplete);
        loop.stop();
      });
      survey_run.set_stage_listener([&] { stages.push_back(survey_run.progress()); });
      SurveyDatabase database(std::move(store), run, loop, [&](const data::StoreError& error) {
        ADD_FAILURE() << error.message;
        loop.stop();
      });
      survey_run.start(database);
      const auto watch = loop.every(std::chrono::milliseconds(1), [&] {
        most_open = std::max(most_open, survey_run.progress().open_domains);
      });
      loop.run();
      excluded_names = survey_run.progress().excluded;
      store = database.finish();
    }
    data::RunRecord record = store.finish_run(run, 1).value();
    EXPECT_TRUE(store.for_each_domain({2026, 11}, [&](const data::DomainRow& row) {
      found.emplace(row.domain, row.observation);
      return true;
    }));
    return record;
  }
  static std::size_t count(const ScriptedServer& server, const std::string& of, RrType type) {
    std::size_t times = 0;
    for (const dns::Question& question : server.questions())
      times += question.name == name(of) && question.type == type ? 1 : 0;
    return times;
  }
  static std::size_t controls(const ScriptedServer& server, const std::string& below) {
    std::size_t times = 0;
    for (const dns::Question& question : server.questions()) {
      const std::string text = question.name.to_text();
      times += text.ends_with("." + below) && text.front() != '_' && text.front() != '*' ? 1 : 0;
    }
    return times;
  }

  TemporaryDirectory directory;
  std::function<void(data::Store&, data::RunId)> before;  // what an earlier part of the run left
  std::uint64_t excluded_names = 0;
  std::uint64_t most_open = 0;  // domains, of those that were seen
  SurveySettings settings;
  std::vector<SurveyProgress> stages;
  std::map<std::string, data::Observation> found;
};

const ResponseParts kServerFailure{.rcode = 2};
// Exists, and has nothing below it.
const ScriptedRule kGood{.at_or_below = "good.example", .reply = {}};
ScriptedRule failing(const std::string& domain, std::size_t times = 0) {
  return {.at_or_below = domain, .times = times, .reply = kServerFailure};
}

std::size_t asked_at_or_below(const ScriptedServer& server, const std::string& domain) {
  return static_cast<std::size_t>(std::ranges::count_if(
      server.questions(), [&](const dns::Question& each) { return each.name.is_at_or_below(name(domain)); }));
}

TEST_F(SurveyRunTest, NothingIsAskedAboutExcludedNamesAndTheyHaveARow) {
  const ScriptedServer server({failing("left-out.example"), kGood});
  settings.excluded.add(name("left-out.example"));
  settings.excluded.add(name("EXCLUDED.test"));
  const data::RunRecord record = survey(server, {"left-out.example", "www.left-out.example", "excluded.test",
                                                 "a.b.excluded.test", "good.example"});
  EXPECT_EQ(asked_at_or_below(server, "left-out.example"), 0u);
  EXPECT_EQ(asked_at_or_below(server, "excluded.test"), 0u);
  EXPECT_GT(asked_at_or_below(server, "good.example"), 0u);
  EXPECT_EQ(record.names, 5u);
  EXPECT_EQ(record.surveyed, 5u);
  EXPECT_EQ(record.unmeasured, 0u);
  EXPECT_EQ(record.lost(), 0u);
  EXPECT_FALSE(record.provisional);
  EXPECT_TRUE(stages.empty()) << "no second pass for them";
  EXPECT_EQ(excluded_names, 4u);
  for (const char* each :
       {"left-out.example", "www.left-out.example", "excluded.test", "a.b.excluded.test"}) {
    EXPECT_EQ(found.at(each), data::Observation::all_unmeasured(Cause::kExcluded)) << each;
  }
}

TEST_F(SurveyRunTest, AListMayBeExcludedAsAWhole) {
  const ScriptedServer server({});
  settings.excluded.add(name("example"));
  std::vector<std::string> names;
  // More than a page, and more rows than may wait for the database.
  for (int i = 0; i < 20'000; ++i) names.push_back("n" + std::to_string(i) + ".example");
  const data::RunRecord record = survey(server, names);
  EXPECT_EQ(record.surveyed, 20'000u);
  EXPECT_EQ(record.unmeasured, 0u);
  EXPECT_EQ(excluded_names, 20'000u);
  EXPECT_TRUE(server.questions().empty());
}

// The name failed before its operator asked to be left out; the one that was measured is no control any more.
TEST_F(SurveyRunTest, ANameExcludedWhenTheRunGoesOnIsAskedNoMore) {
  const ScriptedServer server({failing("broken.example"), kGood});
  data::Observation failed;
  for (const Metric metric : data::all_metrics())
    failed[metric] = data::Finding::unmeasured(Cause::kServfail);
  data::Observation measured;
  for (const Metric metric : data::all_metrics()) measured[metric] = data::Finding::absent();
  measured[Metric::kExists] = data::Finding::published();
  before = [&](data::Store& store, data::RunId run) {
    std::vector<data::SurveyedName> rows;
    const auto planned = store.names_to_survey(run, 0, 10).value();
    for (const data::PlannedName& each : planned) {
      if (each.name == name("control.example")) {
        rows.push_back({each.position, measured});
      } else {
        rows.push_back({each.position, failed});
      }
    }
    EXPECT_TRUE(store.save(run, rows, {}));
  };
  settings.excluded.add(name("late.example"));
  settings.excluded.add(name("control.example"));
  const data::RunRecord record = survey(server, {"late.example", "broken.example", "control.example"});
  EXPECT_EQ(asked_at_or_below(server, "late.example"), 0u);
  EXPECT_EQ(asked_at_or_below(server, "control.example"), 0u);
  EXPECT_GT(asked_at_or_below(server, "broken.example"), 0u);
  EXPECT_EQ(found.at("late.example"), data::Observation::all_unmeasured(Cause::kExcluded));
  EXPECT_EQ(found.at("control.example"), measured) << "what was found before stays";
  EXPECT_EQ(record.unmeasured, 1u);
  EXPECT_EQ(record.lost(), 1u) << "no control could tell";
}

TEST_F(SurveyRunTest, TheMainPassSparesTriesAndTheSecondOneDoesNot) {
  const ScriptedServer server({{.at_or_below = "silent.example", .manner = ScriptedManner::kStaysSilent}});
  const data::RunRecord record = survey(server, {"silent.example"});
  EXPECT_EQ(count(server, "silent.example", RrType::kTxt), 4u) << "two tries in each pass";
  EXPECT_EQ(count(server, "silent.example", RrType::kMx), 3u) << "one in the main pass, two in the second";
  EXPECT_EQ(count(server, "_dmarc.silent.example", RrType::kTxt), 3u);
  EXPECT_EQ(server.questions().size(), 4u + 4u * 3u);
  EXPECT_EQ(record.unmeasured, 1u);
  EXPECT_EQ(record.lost(), 1u);
}

TEST_F(SurveyRunTest, TheSecondPassBeginsNoMoreNamesASecondThanAllowed) {
  const ScriptedServer server({{.times = 1'000, .reply = kServerFailure}});
  settings.second_pass_rate = 25;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back("n" + std::to_string(i) + ".example");
  const auto began = std::chrono::steady_clock::now();
  survey(server, names);
  // Eleven intervals of 40 ms, less 10 ms at once.
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(11 * 40 - 10));
}

TEST_F(SurveyRunTest, TheWaitAndTheSecondPassAreTold) {
  const ScriptedServer server({failing("a.example"), failing("b.example"), kGood});
  survey(server, {"a.example", "b.example", "good.example"});
  ASSERT_EQ(stages.size(), 2u);
  EXPECT_EQ(stages[0].stage, SurveyProgress::Stage::kWaiting);
  EXPECT_TRUE(stages[0].second_pass_from);
  EXPECT_EQ(stages[0].second_pass_names, 2u);
  EXPECT_EQ(stages[0].unmeasured, 2u);
  EXPECT_EQ(stages[1].stage, SurveyProgress::Stage::kSecondPass);
  EXPECT_FALSE(stages[1].second_pass_from);
}

TEST_F(SurveyRunTest, NothingIsToldWhereNoNameFailed) {
  const ScriptedServer server({kGood});
  EXPECT_EQ(survey(server, {"good.example"}).unmeasured, 0u);
  EXPECT_TRUE(stages.empty());
  EXPECT_EQ(controls(server, "good.example"), 0u);
}

TEST_F(SurveyRunTest, AServfailThatPersistsWhileAControlNameResolvesIsToldApart) {
  const ScriptedServer server({failing("broken.example"), kGood});
  const data::RunRecord record = survey(server, {"broken.example", "good.example"});
  EXPECT_EQ(record.unmeasured, 1u);
  EXPECT_EQ(record.persistent_servfail, 1u);
  EXPECT_EQ(data::lookup_failures(found.at("broken.example"), Cause::kPersistentServfail), 4u);
  EXPECT_EQ(found.at("broken.example")[Metric::kExists].cause, Cause::kPersistentServfail);
  EXPECT_EQ(controls(server, "good.example"), 1u) << "one question at a name that nobody has cached";
}

TEST_F(SurveyRunTest, AServfailWithoutAControlNameIsLost) {
  const ScriptedServer server({failing("broken.example")});
  EXPECT_EQ(survey(server, {"broken.example", "absent.example"}).lost(), 1u) << "none exists";
}

TEST_F(SurveyRunTest, AServfailWhileTheControlNameFailsTooIsLost) {
  // Random labels below the good name: the resolver has lost its way.
  const ScriptedServer server({failing("broken.example"),
                               {.at_or_below = "_dmarc.good.example"},
                               {.at_or_below = "_domainkey.good.example"},
                               {.at_or_below = "*.good.example"},
                               {.at_or_below = "good.example", .times = 3},
                               {.at_or_below = "good.example", .reply = kServerFailure}});
  const data::RunRecord record = survey(server, {"broken.example", "good.example"});
  EXPECT_EQ(record.unmeasured, 1u);
  EXPECT_EQ(record.lost(), 1u);
  EXPECT_EQ(data::lookup_failures(found.at("broken.example"), Cause::kServfail), 4u);
  EXPECT_EQ(controls(server, "good.example"), 2u * ControlNames::kAttempts);
}

TEST_F(SurveyRunTest, AServfailAfterATimeOutHasNotPersisted) {
  // Silence in the main pass: two tries of the first question, one of each of the four others.
  const ScriptedServer server(
      {{.at_or_below = "late.example", .times = 6, .manner = ScriptedManner::kStaysSilent},
       failing("late.example"),
       kGood});
  const data::RunRecord record = survey(server, {"late.example", "good.example"});
  EXPECT_EQ(record.lost(), 1u);
  EXPECT_EQ(data::lookup_failures(found.at("late.example"), Cause::kServfail), 4u);
}

TEST_F(SurveyRunTest, TheRowThatMeasuredMoreStands) {
  // MX is answered in the main pass alone, everything else never.
  const ScriptedServer server({{.at_or_below = "half.example", .type = RrType::kMx, .times = 1},
                               {.at_or_below = "half.example", .manner = ScriptedManner::kStaysSilent}});
  EXPECT_EQ(survey(server, {"half.example"}).lost(), 1u);
  EXPECT_EQ(found.at("half.example")[Metric::kMx], data::Finding::absent());
}

// --- MX hosts

constexpr std::string_view kHost = "mx.hosting.test";
constexpr std::size_t kTries = 2;  // of the fixture's resolver

// Names below `domain` have one MX host, and nothing else.
std::vector<ScriptedRule> names_with_host(const std::string& domain, std::string_view host,
                                          std::vector<ScriptedRule> first = {}) {
  first.push_back(
      {.at_or_below = domain,
       .type = RrType::kMx,
       .reply = {.answer = {{.owner = "@", .type = RrType::kMx, .rdata = testing::mx(10, host)}}}});
  first.push_back({.at_or_below = domain});
  first.push_back(
      {.at_or_below = std::string(host),
       .type = RrType::kAaaa,
       .reply = {.answer = {{.owner = "@", .type = RrType::kAaaa, .rdata = raw("0123456789abcdef")}}}});
  first.push_back({.at_or_below = std::string(host)});
  return first;
}

std::vector<std::string> names_below(const std::string& domain, int count) {
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back("n" + std::to_string(i) + "." + domain);
  return names;
}

ProbeSelection mx_and_its_hosts() {
  ProbeSelection selection;
  selection.spf = selection.domainkeys = selection.dkim_policy = selection.dmarc = false;
  selection.mx_hosts = true;
  return selection;
}

TEST_F(SurveyRunTest, AHostThatManyNamesShareIsAskedOnceARun) {
  const ScriptedServer server(names_with_host("many.example", kHost));
  settings.probes = mx_and_its_hosts();
  const data::RunRecord record = survey(server, names_below("many.example", 10'000));
  EXPECT_EQ(count(server, std::string(kHost), RrType::kA), 1u);
  EXPECT_EQ(count(server, std::string(kHost), RrType::kAaaa), 1u);
  EXPECT_EQ(server.questions().size(), 2u * 10'000 + 2);
  EXPECT_EQ(record.surveyed, 10'000u);
  EXPECT_EQ(record.unmeasured, 0u);
  for (const auto& [domain, observation] : found) {
    ASSERT_EQ(observation[Metric::kMxIpv6], data::Finding::published()) << domain;
    ASSERT_EQ(observation[Metric::kMxNoAddress], data::Finding::absent()) << domain;
  }
}

TEST_F(SurveyRunTest, TheHostsAreNotAskedWhereTheProbeWasNotChosen) {
  const ScriptedServer server(names_with_host("many.example", kHost));
  survey(server, names_below("many.example", 3));
  EXPECT_EQ(asked_at_or_below(server, std::string(kHost)), 0u);
  EXPECT_EQ(found.at("n0.many.example")[Metric::kMxIpv6], data::Finding::unmeasured(Cause::kNotAsked));
}

// Domains that wait for the question of another one hold none themselves, and must not pile up for that.
TEST_F(SurveyRunTest, NamesThatWaitForASilentHostAreBounded) {
  const ScriptedServer server(names_with_host(
      "many.example", kHost, {{.at_or_below = std::string(kHost), .manner = ScriptedManner::kStaysSilent}}));
  settings.probes = mx_and_its_hosts();
  settings.second_pass_rate = 1'000'000;
  settings.second_pass_domains = 1'000;
  const data::RunRecord record = survey(server, names_below("many.example", 10'000));
  constexpr std::size_t kDatagrams = 3;  // of a try, at most
  EXPECT_LE(count(server, std::string(kHost), RrType::kAaaa), 2 * kTries * kDatagrams) << "once a pass";
  EXPECT_GE(most_open, 1'500u) << "many wait for it";
  // 4,000 answers waited for, two a domain, and what was under way to waiting.
  EXPECT_LE(most_open, 2'000u + 1'500u);
  EXPECT_EQ(record.surveyed, 10'000u);
  EXPECT_EQ(record.lost(), 0u) << "a host that does not answer is no name that is lost";
  EXPECT_EQ(record.unmeasured, 0u);
  EXPECT_FALSE(record.provisional);
  EXPECT_EQ(found.at("n7.many.example")[Metric::kMxIpv6], data::Finding::unmeasured(Cause::kTimeout));
  EXPECT_EQ(found.at("n7.many.example")[Metric::kMx], data::Finding::published());
}

TEST_F(SurveyRunTest, AHostThatFailedIsAskedOnceMoreInTheSecondPass) {
  // All tries of both questions in the main pass.
  const ScriptedServer server(
      names_with_host("many.example", kHost,
                      {{.at_or_below = std::string(kHost), .times = 2 * kTries, .reply = kServerFailure}}));
  settings.probes = mx_and_its_hosts();
  settings.second_pass_rate = 1'000;
  const data::RunRecord record = survey(server, names_below("many.example", 30));
  EXPECT_EQ(count(server, std::string(kHost), RrType::kA), kTries + 1);
  EXPECT_EQ(count(server, std::string(kHost), RrType::kAaaa), kTries + 1);
  ASSERT_EQ(stages.size(), 2u) << "there was a second pass for it";
  EXPECT_EQ(stages[1].second_pass_names, 30u);
  for (const auto& [domain, observation] : found)
    ASSERT_EQ(observation[Metric::kMxIpv6], data::Finding::published()) << domain;
  EXPECT_EQ(record.unmeasured, 0u);
}

TEST_F(SurveyRunTest, AHostWhoseServfailPersistsIsToldApart) {
  auto rules = names_with_host("many.example", kHost, {failing(std::string(kHost)), kGood});
  const ScriptedServer server(std::move(rules));
  settings.probes = mx_and_its_hosts();
  settings.second_pass_rate = 1'000;
  std::vector<std::string> names = names_below("many.example", 5);
  names.push_back("good.example");
  const data::RunRecord record = survey(server, names);
  EXPECT_EQ(record.unmeasured, 0u) << "the names themselves were measured";
  EXPECT_EQ(record.persistent_servfail, 0u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(found.at("n" + std::to_string(i) + ".many.example")[Metric::kMxIpv6],
              data::Finding::unmeasured(Cause::kPersistentServfail));
  }
}

// A row of an earlier part of the run knows the host, and the second pass, which asks for SPF, does not reach
// it.
TEST_F(SurveyRunTest, AHostThatIsKnownStaysSoWhereTheRestFaresNoBetter) {
  auto rules =
      names_with_host("many.example", kHost,
                      {failing(std::string(kHost)),
                       {.at_or_below = "many.example", .type = RrType::kSpf, .reply = kServerFailure}});
  const ScriptedServer server(std::move(rules));
  settings.probes = {};
  settings.probes.mx_hosts = true;
  data::Observation earlier;
  for (const Metric metric : data::all_metrics()) earlier[metric] = data::Finding::absent();
  earlier[Metric::kExists] = earlier[Metric::kMx] = earlier[Metric::kMxIpv6] = data::Finding::published();
  earlier[Metric::kSpf] = data::Finding::unmeasured(Cause::kTimeout);
  before = [&](data::Store& store, data::RunId run) {
    std::vector<data::SurveyedName> rows;
    const auto planned = store.names_to_survey(run, 0, 10).value();
    for (const data::PlannedName& each : planned) rows.push_back({each.position, earlier});
    EXPECT_TRUE(store.save(run, rows, {}));
  };
  survey(server, {"n.many.example"});
  EXPECT_GT(asked_at_or_below(server, std::string(kHost)), 0u);
  EXPECT_EQ(found.at("n.many.example"), earlier);
}

TEST_F(SurveyRunTest, AHostBelowAnExcludedNameIsNotAsked) {
  const ScriptedServer server(names_with_host("many.example", kHost));
  settings.probes = mx_and_its_hosts();
  settings.excluded.add(name("hosting.test"));
  const data::RunRecord record = survey(server, names_below("many.example", 3));
  EXPECT_EQ(asked_at_or_below(server, "hosting.test"), 0u);
  EXPECT_TRUE(stages.empty()) << "nor again";
  EXPECT_EQ(found.at("n1.many.example")[Metric::kMx], data::Finding::published());
  EXPECT_EQ(found.at("n1.many.example")[Metric::kMxIpv6], data::Finding::unmeasured(Cause::kExcluded));
  EXPECT_EQ(record.excluded, 0u) << "the names were asked";
  EXPECT_EQ(record.unmeasured, 0u);
}

TEST_F(SurveyRunTest, WhatTheSecondPassMeasuresCountsThoughTheFirstQuestionFailsAgain) {
  const ScriptedServer server({{.at_or_below = "half.example",
                                .type = RrType::kMx,
                                .times = 1,
                                .manner = ScriptedManner::kStaysSilent},
                               {.at_or_below = "half.example", .type = RrType::kMx},
                               {.at_or_below = "half.example", .manner = ScriptedManner::kStaysSilent}});
  EXPECT_EQ(survey(server, {"half.example"}).lost(), 1u);
  EXPECT_EQ(found.at("half.example")[Metric::kMx], data::Finding::absent());
}

}  // namespace
}  // namespace dauth::scanner

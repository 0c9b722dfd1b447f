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

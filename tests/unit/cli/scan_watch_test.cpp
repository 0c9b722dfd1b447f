// What is told while a scan runs, by the timers of the loop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "scanner/cli/scan_watch.h"
#include "tests/support/metrics_text.h"
#include "tests/support/temporary_directory.h"

namespace dauth::scanner::cli {
namespace {

using std::chrono::milliseconds;

class Watch : public ::testing::Test {
 protected:
  Watch() {
    options.lists = {"list.txt"};
    options.database = "survey.sqlite";
    options.resolver.resolvers = {"127.0.0.1"};
    options.log = log;
    options.metrics = metrics;
  }
  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream stream(testing::read_file(log));
    for (std::string line; std::getline(stream, line);) all.push_back(nlohmann::json::parse(line));
    return all;
  }
  // Runs the loop until `asked` times figures were asked for.
  void follow(ScanWatch& watch, int asked) {
    watch.follow(loop, [&, asked](ScanMetrics& figures) {
      ++calls;
      figures.state = ScanState::kMainPass;
      figures.done = static_cast<std::uint64_t>(calls);
      figures.in_flight = 480;
      figures.rested_servers = calls >= 2 ? 3 : 0;
      if (calls == asked) loop.stop();
    });
    loop.run();
    watch.unfollow();
  }

  testing::TemporaryDirectory directory;
  const std::string log = directory.file("scan.jsonl");
  const std::string metrics = directory.file("dauth.prom");
  Console console;
  net::EventLoop loop;
  ScanOptions options;
  int calls = 0;
};

TEST_F(Watch, ALineOfProgressAtEachTurnAndARestedResolverOnce) {
  const auto plan = make_scan_plan(options, {2026, 11});
  ASSERT_TRUE(plan) << plan.error();
  {
    ScanWatch watch(console, {.log = milliseconds(1), .metrics = std::chrono::hours(1)});
    ASSERT_TRUE(watch.open(options, *plan));
    follow(watch, 5);
  }
  const auto all = lines();
  ASSERT_EQ(all.size(), 7U);  // start, five of progress, one of the resolver
  EXPECT_EQ(all[1]["event"], "progress");
  EXPECT_EQ(all[1]["state"], "main_pass");
  EXPECT_EQ(all[1]["in_flight"], 480);
  EXPECT_EQ(all[2]["event"], "resolver_rested");
  EXPECT_EQ(all[2]["times"], 3);
  EXPECT_EQ(all[6]["done"], 5);
}

TEST_F(Watch, MetricsAtEachTurn) {
  const auto plan = make_scan_plan(options, {2026, 11});
  ASSERT_TRUE(plan) << plan.error();
  ScanWatch watch(console, {.log = std::chrono::hours(1), .metrics = milliseconds(1)});
  ASSERT_TRUE(watch.open(options, *plan));
  data::RunRecord old;
  old.state = data::RunState::kComplete;
  old.finished = "2026-10-01T05:00:00Z";
  data::RunRecord provisional = old;
  provisional.provisional = true;
  provisional.finished = "2026-11-01T05:00:00Z";
  ASSERT_TRUE(watch.begin_metrics({old, provisional}));
  const auto value = [&](const std::string& name) {
    const testing::MetricsText text(testing::read_file(metrics));
    EXPECT_THAT(text.errors(), ::testing::IsEmpty());
    return text.value(name);
  };
  EXPECT_EQ(value("dauth_scan_state{state=\"list\"}"), 1);
  EXPECT_EQ(value("dauth_scan_last_success_timestamp_seconds"), 1790830800) << "2026-10-01 05:00 UTC";
  follow(watch, 3);
  EXPECT_EQ(value("dauth_scan_state{state=\"main_pass\"}"), 1);
  EXPECT_EQ(value("dauth_scan_done_total"), 3);
  watch.end(ExitStatus::kInterrupted);
  EXPECT_EQ(value("dauth_scan_in_flight"), 0);
  EXPECT_EQ(value("dauth_scan_exit_status"), 130);
}

TEST_F(Watch, ComplaintsGoIntoTheLogUntilItsEnd) {
  const auto plan = make_scan_plan(options, {2026, 11});
  ASSERT_TRUE(plan) << plan.error();
  {
    ScanWatch watch(console);
    ASSERT_TRUE(watch.open(options, *plan));
    console.complain("warning: odd");
    console.complain("grave");
    watch.end(ExitStatus::kFault);
  }
  console.complain("nobody listens any more");
  const auto all = lines();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[1]["level"], "warning");
  EXPECT_EQ(all[1]["message"], "odd");
  EXPECT_EQ(all[2]["level"], "error");
  EXPECT_EQ(all[3]["event"], "end");
  EXPECT_EQ(all[3]["status"], 1);
}

}  // namespace
}  // namespace dauth::scanner::cli

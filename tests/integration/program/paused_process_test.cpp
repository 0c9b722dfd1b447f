// A process that was stopped for longer than any time-out takes the answers that came meanwhile for what they
// are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

TEST(PausedProcess, MakesNoTimeOutsAndLosesNothing) {
  ServedRegistry& registry = served_registry();
  const TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
  const auto run_record = [&] {
    const ProcessResult runs = dauth({"runs", "-d", database, "--format", "json"});
    if (runs.status() != 0) return nlohmann::json::object();  // the scan is making the database just now
    const auto list = nlohmann::json::parse(runs.out);
    return list.empty() ? nlohmann::json::object() : list[0];
  };
  const auto surveyed = [&] { return run_record().value("surveyed", 0); };
  // Some seven seconds long; each try waits two.
  ChildProcess scan(dauth_command({"scan", registry.files().list, "-d", database, "-m", "2026-11",
                                   "--resolver", registry.resolver(), "--qps", "1500", "--timeout", "2s"}));
  while (surveyed() == 0 && !scan.wait_for_end(std::chrono::milliseconds(20))) {
  }
  scan.send_signal(SIGSTOP);
  const int before = surveyed();
  EXPECT_GT(before, 0);
  ASSERT_LT(before, 2000) << "the main pass was over already";
  // By the clock, since the length of the pause is the subject.
  std::this_thread::sleep_for(std::chrono::seconds(3));
  EXPECT_EQ(surveyed(), before) << "it was not stopped";
  scan.send_signal(SIGCONT);
  const ProcessResult result = scan.finish(std::chrono::seconds(240));
  ASSERT_EQ(result.status(), 0) << result.err;
  const auto record = run_record();
  EXPECT_EQ(record["state"], "complete");
  EXPECT_EQ(record["timeouts"], 0) << record;
  EXPECT_EQ(record["retries"], 0) << record;
  EXPECT_EQ(record["unmeasured"], 0) << record;
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(registry.files().truth)));
}

}  // namespace
}  // namespace dauth::testing

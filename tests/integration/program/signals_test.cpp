// A scan that is told to end: within two seconds, with all that was finished saved, whatever it does just
// then.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/integration/program/stoppable_scan.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::seconds kAtMost(2);

class ToldToEnd : public StoppableScan {
 protected:
  std::vector<std::string> slow_scan() const { return scan_arguments("1500"); }

  void wait_for_rows(ChildProcess& process, std::uint64_t before = 0) const {
    while (surveyed() <= before && !process.wait_for_end(std::chrono::milliseconds(20))) {
    }
    ASSERT_GT(surveyed(), before);
  }

  void expect_whole_month() const {
    const ProcessResult rest = dauth(scan_arguments("0"));
    ASSERT_EQ(rest.status(), 0) << rest.err;
    EXPECT_THAT(rest.err, HasSubstr("going on after"));
    expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
  }
};

TEST_F(ToldToEnd, InTheMainPass) {
  std::uint64_t before = 0;
  for (const auto& [signal, status, name] :
       {std::tuple{SIGINT, 130, "SIGINT"}, {SIGTERM, 143, "SIGTERM"}, {SIGHUP, 129, "SIGHUP"}}) {
    ChildProcess process(dauth_command(slow_scan()));
    ASSERT_NO_FATAL_FAILURE(wait_for_rows(process, before));
    process.send_signal(signal);
    EXPECT_TRUE(process.wait_for_end(kAtMost)) << name;
    const ProcessResult result = process.finish();
    EXPECT_EQ(result.status(), status);
    EXPECT_THAT(result.err, HasSubstr(std::string("stopped by ") + name));
    EXPECT_THAT(result.err, HasSubstr("the same command goes on from there"));
    before = surveyed();
  }
  expect_whole_month();
}

// As nohup(1) has it: the terminal goes, the survey does not.
TEST_F(ToldToEnd, NotByAHangUpThatIsIgnored) {
  ProcessOptions options = dauth_command(slow_scan());
  options.arguments.insert(options.arguments.begin(), "nohup");
  ChildProcess process(options);
  ASSERT_NO_FATAL_FAILURE(wait_for_rows(process));
  process.send_signal(SIGHUP);
  ASSERT_NO_FATAL_FAILURE(wait_for_rows(process, surveyed()));
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.finish().status(), 143);
}

// Somebody fills the pipe slowly, or has forgotten to close it.
TEST_F(ToldToEnd, WhileAPipeHasNothingToRead) {
  const std::string pipe = directory.file("list");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int writer = open(pipe.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  const std::string names = read_file(served_registry().files().list).substr(0, 16 * 1024);
  ChildProcess process(dauth_command(scan_arguments("0", pipe)));
  ASSERT_EQ(write(writer, names.data(), names.size()), static_cast<ssize_t>(names.size()));
  while (first_run(database).empty() && !process.wait_for_end(std::chrono::milliseconds(20))) {
  }
  ASSERT_EQ(first_run(database).value("state", ""), "listing");
  process.send_signal(SIGTERM);
  EXPECT_TRUE(process.wait_for_end(kAtMost));
  close(writer);
  const ProcessResult result = process.finish();
  EXPECT_EQ(result.status(), 143);
  EXPECT_THAT(result.err,
              HasSubstr("stopped by SIGTERM; no name was asked yet, the same command begins again"));
  const ProcessResult again = dauth(scan_arguments("0"));
  EXPECT_EQ(again.status(), 0) << again.err;
}

// The first one waits for another writer, so that what is finished can be saved; the second waits for
// nothing.
TEST_F(ToldToEnd, ASecondTimeAtOnce) {
  ChildProcess process(dauth_command(slow_scan()));
  ASSERT_NO_FATAL_FAILURE(wait_for_rows(process));
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(database.c_str(), &other), SQLITE_OK);
  sqlite3_busy_timeout(other, 10'000);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  const std::uint64_t saved = surveyed();
  process.send_signal(SIGINT);
  const bool by_the_first = process.wait_for_end(std::chrono::milliseconds(100)).has_value();
  EXPECT_FALSE(by_the_first) << "nothing was left to be saved";
  process.send_signal(SIGINT);
  EXPECT_TRUE(process.wait_for_end(kAtMost)) << "while the other one still writes";
  EXPECT_EQ(process.finish().status(), 130);
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  EXPECT_EQ(surveyed(), saved);
  expect_whole_month();
}

}  // namespace
}  // namespace dauth::testing

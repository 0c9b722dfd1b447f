// A survey that is stopped at any moment goes on by the same command, and comes to the same findings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/integration/program/stoppable_scan.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

class StopAndResume : public StoppableScan {
 protected:
  // Waits until the scan has committed rows, more than there were, or has ended.
  void wait_for_rows(ChildProcess& scan) {
    while (surveyed() <= rows_before && !scan.wait_for_end(std::chrono::milliseconds(20))) {
    }
    rows_before = surveyed();
  }

  // A survey that was stopped when some of its rows were committed.
  void scan_and_interrupt() {
    ChildProcess scan(dauth_command(scan_arguments("1500")));
    wait_for_rows(scan);
    scan.send_signal(SIGINT);
    ASSERT_EQ(scan.finish().status(), 130);
  }

  void expect_same_as_undisturbed() const {
    const ProcessResult rest = dauth(scan_arguments("0"));
    ASSERT_EQ(rest.status(), 0) << rest.err;
    EXPECT_THAT(rest.err, HasSubstr("going on after"));
    const std::string undisturbed = directory.file("undisturbed.sqlite");
    ASSERT_EQ(dauth({"scan", served_registry().files().list, "-d", undisturbed, "-m", "2026-11", "--resolver",
                     served_registry().resolver()})
                  .status(),
              0);
    EXPECT_EQ(dauth({"export", "-d", database, "-m", "2026-11"}).out,
              dauth({"export", "-d", undisturbed, "-m", "2026-11"}).out);
    EXPECT_EQ(dauth({"report", "month", "-d", database}).out,
              dauth({"report", "month", "-d", undisturbed}).out);
  }

  std::uint64_t rows_before = 0;
};

TEST_F(StopAndResume, SignalsSaveAndSayHowToGoOn) {
  for (const auto& [signal, status] : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    ChildProcess scan(dauth_command(scan_arguments("1500")));
    wait_for_rows(scan);
    scan.send_signal(signal);
    const ProcessResult result = scan.finish();
    EXPECT_EQ(result.status(), status) << result.err;
    EXPECT_THAT(result.err, HasSubstr("the same command goes on from there"));
    EXPECT_GT(surveyed(), 0U);
    EXPECT_LT(surveyed(), 2000U);
  }
  expect_same_as_undisturbed();
}

TEST_F(StopAndResume, KilledAtOnce) {
  for (int round = 0; round < 3; ++round) {
    ChildProcess scan(dauth_command(scan_arguments("1500")));
    wait_for_rows(scan);
    scan.send_signal(SIGKILL);
    EXPECT_EQ(scan.finish().status(), 128 + SIGKILL);
  }
  expect_same_as_undisturbed();
}

// A survey that is over in ten seconds since it has lost its list is no survey.
TEST_F(StopAndResume, RowsThatDoNotAddUpToTheListAreNoMonth) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  ASSERT_EQ(run({"sqlite3", database, "UPDATE run SET names = names + 1"}).status(), 0);
  const ProcessResult result = dauth(scan_arguments("0"));
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("the list has 2001 names, but 2000 were surveyed"));
  EXPECT_EQ(dauth({"export", "-d", database, "-m", "2026-11"}).status(), 2) << "no month";
}

TEST_F(StopAndResume, AnotherListIsRefused) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  auto arguments = scan_arguments("0");
  arguments[1] = directory.write("other.txt", "example.jp\n");
  const ProcessResult other = dauth(arguments);
  EXPECT_EQ(other.status(), 2);
  EXPECT_THAT(other.err, HasSubstr("another list"));
  EXPECT_GT(surveyed(), 0U) << "nothing was thrown away";
  arguments = scan_arguments("0");
  arguments.insert(arguments.end(), {"--probes", "mx"});
  const ProcessResult probes = dauth(arguments);
  EXPECT_EQ(probes.status(), 2);
  EXPECT_THAT(probes.err, HasSubstr("--probes differs"));
}

TEST_F(StopAndResume, ReplaceStartsAnewWithAnotherList) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  auto arguments = scan_arguments("0");
  arguments[1] = directory.write("other.txt", "example.jp\n");
  arguments.push_back("--replace");
  const ProcessResult result = dauth(arguments);
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(exported(database, "2026-11").size(), 1U);
}

TEST_F(StopAndResume, AnotherListThatCannotBeReadTwiceThrowsNothingAway) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  auto arguments = scan_arguments("0");
  arguments[1] = "-";
  arguments.push_back("--replace");
  const ProcessResult piped = dauth(arguments, "example.jp\n");
  EXPECT_EQ(piped.status(), 2);
  EXPECT_THAT(piped.err, HasSubstr("cannot be read twice"));
  EXPECT_GE(surveyed(), rows_before);
  expect_same_as_undisturbed();
}

TEST_F(StopAndResume, FinishedMonthSurvivesAReplacementThatWasStopped) {
  const std::string list = directory.write("list.txt", "example.jp\n");
  ASSERT_EQ(dauth({"scan", list, "-d", database, "-m", "2026-11", "--resolver", served_registry().resolver()})
                .status(),
            0);
  auto replacing = scan_arguments("1500");
  replacing.push_back("--replace");
  ChildProcess scan(dauth_command(replacing));
  while (scan.err().find("names listed") == std::string::npos &&
         !scan.wait_for_end(std::chrono::milliseconds(5))) {
  }
  scan.send_signal(SIGINT);
  ASSERT_EQ(scan.finish().status(), 130);
  EXPECT_EQ(exported(database, "2026-11").size(), 1U);
  // Without --replace the finished month stands; with it the stopped run goes on.
  EXPECT_EQ(dauth(scan_arguments("0")).status(), 2);
  EXPECT_EQ(exported(database, "2026-11").size(), 1U);
  replacing = scan_arguments("0");
  replacing.push_back("--replace");
  const ProcessResult rest = dauth(replacing);
  EXPECT_EQ(rest.status(), 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("going on after"));
  EXPECT_EQ(exported(database, "2026-11").size(), 2000U);
}

TEST_F(StopAndResume, UnfinishedRunBesideAnImportedMonth) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  const std::string counts =
      directory.write("counts.csv", "month,category,metric,count\n2026-11,TOTAL,mx,5\n");
  ASSERT_EQ(dauth({"import", counts, "-d", database}).status(), 0);
  EXPECT_EQ(dauth(scan_arguments("0")).status(), 2);
  auto replacing = scan_arguments("0");
  replacing.push_back("--replace");
  const ProcessResult rest = dauth(replacing);
  EXPECT_EQ(rest.status(), 0) << rest.err;
  EXPECT_EQ(exported(database, "2026-11").size(), 2000U);
}

TEST_F(StopAndResume, LogThatCannotBeWrittenDoesNotEndASurvey) {
  auto arguments = scan_arguments("0");
  std::string command = "exec \"$0\" \"$@\" 2> /dev/full";
  std::vector<std::string> shell = {"sh", "-c", command, DAUTH_PROGRAM};
  shell.insert(shell.end(), arguments.begin(), arguments.end());
  shell.insert(shell.end(), {"--progress", "always", "-v"});
  EXPECT_EQ(run(shell).status(), 0);
  EXPECT_EQ(exported(database, "2026-11").size(), 2000U);
}

TEST_F(StopAndResume, OneScanAtATime) {
  ChildProcess first(dauth_command(scan_arguments("1500")));
  wait_for_rows(first);
  const ProcessResult second = dauth(scan_arguments("0"));
  EXPECT_EQ(second.status(), 4);
  EXPECT_THAT(second.err, HasSubstr("process " + std::to_string(first.pid())));
  first.send_signal(SIGTERM);
  EXPECT_EQ(first.finish().status(), 143);
  // The lock file stays; a dead holder does not block.
  expect_same_as_undisturbed();
}

TEST_F(StopAndResume, UnfinishedMonthIsInNoTable) {
  ASSERT_NO_FATAL_FAILURE(scan_and_interrupt());
  const ProcessResult report = dauth({"report", "-d", database});
  EXPECT_EQ(report.status(), 2);
  EXPECT_EQ(report.out, "");
  EXPECT_EQ(dauth({"export", "-d", database, "-m", "2026-11"}).status(), 2);
}

}  // namespace
}  // namespace dauth::testing

#include "tests/support/child_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <string>
#include <system_error>

#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

ProcessOptions shell(const std::string& script) {
  ProcessOptions options;
  options.arguments = {"sh", "-c", script};
  return options;
}

TEST(ChildProcess, CollectsBothStreamsAndTheStatus) {
  const ProcessResult result = run_program(shell("echo data; echo note >&2; exit 3"));
  EXPECT_EQ(result.out, "data\n");
  EXPECT_EQ(result.err, "note\n");
  EXPECT_EQ(result.status(), 3);
  EXPECT_FALSE(result.limit_reached);
}

TEST(ChildProcess, FeedsMoreInputThanAPipeHolds) {
  ProcessOptions options = shell("cat");
  options.input.assign(3'000'000, 'x');
  const ProcessResult result = run_program(options);
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.out.size(), 3'000'000U);
}

TEST(ChildProcess, OutlivesAProgramThatReadsNoInput) {
  ProcessOptions options = shell("exit 0");
  options.input.assign(3'000'000, 'x');
  EXPECT_EQ(run_program(options).status(), 0);
}

TEST(ChildProcess, GivesEnvironmentAndDirectory) {
  const TemporaryDirectory directory;
  ProcessOptions options = shell("pwd; echo \"$DAUTH_TEST_WORD\"");
  options.environment = {{"DAUTH_TEST_WORD", "two words"}};
  options.working_directory = directory.path();
  EXPECT_EQ(run_program(options).out, directory.path().string() + "\ntwo words\n");
}

TEST(ChildProcess, TellsADeathBySignal) {
  const ProcessResult result = run_program(shell("kill -TERM $$"));
  EXPECT_EQ(result.end.signal, SIGTERM);
  EXPECT_EQ(result.status(), 128 + SIGTERM);
}

TEST(ChildProcess, KillsWhatRunsTooLong) {
  const ProcessResult result = run_program(shell("echo begun; exec sleep 600"), milliseconds(300));
  EXPECT_TRUE(result.limit_reached);
  EXPECT_EQ(result.end.signal, SIGKILL);
  EXPECT_EQ(result.out, "begun\n");
}

TEST(ChildProcess, StopsByTerminationAndElseByKill) {
  ChildProcess yielding(shell("exec sleep 600"));
  EXPECT_EQ(yielding.stop(seconds(10)).signal, SIGTERM);

  ChildProcess stubborn(shell("trap '' TERM; echo ready; while :; do sleep 600; done"));
  while (stubborn.out() != "ready\n") stubborn.wait_for_end(milliseconds(5));
  EXPECT_EQ(stubborn.stop(milliseconds(100)).signal, SIGKILL);
}

TEST(ChildProcess, LeavesNoProcessBehind) {
  pid_t pid = -1;
  {
    const ChildProcess process(shell("exec sleep 600"));
    pid = process.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST(ChildProcess, NamesAProgramThatIsNotThere) {
  ProcessOptions options;
  options.arguments = {"dauth-no-such-program"};
  try {
    run_program(options);
    FAIL() << "no exception";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("dauth-no-such-program"));
  }
}

TEST(FindProgram, FindsDaemonsWithoutHelpOfPath) {
  ASSERT_TRUE(find_program("nsd").has_value());
  EXPECT_TRUE(find_program("nsd")->is_absolute());
  EXPECT_FALSE(find_program("/no/such/file").has_value());
}

}  // namespace
}  // namespace dauth::testing

// Resolvers that crash half-way: what was asked there is asked again, and nothing is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/program/run_record.h"
#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class KilledResolver : public ::testing::Test {
 protected:
  // Some seven seconds long, so that half-way is neither the beginning nor the end.
  ProcessOptions scan(const std::vector<std::string>& resolvers) const {
    std::vector<std::string> arguments{
        "scan", served_registry().files().list, "-d",   database, "-m", "2026-11", "--qps",
        "1500", "--second-pass-after",          "100ms"};
    for (const std::string& resolver : resolvers) arguments.insert(arguments.end(), {"--resolver", resolver});
    return dauth_command(std::move(arguments));
  }

  nlohmann::json run_record() const { return first_run(database); }

  void wait_for_half(ChildProcess& scan) const {
    while (run_record().value("surveyed", 0) < 700 && !scan.wait_for_end(std::chrono::milliseconds(20))) {
    }
    ASSERT_LT(run_record().value("surveyed", 0), 2000) << "the main pass was over already";
  }

  void expect_nothing_lost(const ProcessResult& result) const {
    ASSERT_EQ(result.status(), 0) << result.err;
    EXPECT_THAT(result.err, HasSubstr("complete, every name measured"));
    const auto record = run_record();
    EXPECT_EQ(record["unmeasured"], 0) << record;
    EXPECT_GT(record["retries"], 0) << "nothing was open there: " << record;
    expect_truth(exported(database, "2026-11"), CsvTable(read_file(served_registry().files().truth)));
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(KilledResolver, AnotherOneTakesItsQuestions) {
  const std::uint16_t authority = served_registry().authoritative_port();
  UnboundServer mortal = UnboundServer::over(authority);
  const UnboundServer other = UnboundServer::over(authority);
  ChildProcess survey(scan({mortal.address(), other.address()}));
  ASSERT_NO_FATAL_FAILURE(wait_for_half(survey));
  mortal.daemon().kill();
  const ProcessResult result = survey.finish(std::chrono::seconds(240));
  expect_nothing_lost(result);
  EXPECT_THAT(result.err, Not(HasSubstr("second pass"))) << "its tries went to the other one";
}

TEST_F(KilledResolver, OneThatComesBackIsAskedAgain) {
  UnboundServer mortal = UnboundServer::over(served_registry().authoritative_port());
  ChildProcess survey(scan({mortal.address()}));
  ASSERT_NO_FATAL_FAILURE(wait_for_half(survey));
  mortal.daemon().kill();
  mortal.daemon().restart();
  expect_nothing_lost(survey.finish(std::chrono::seconds(240)));
}

// Whoever looks in the morning finds a reason, and the same command finishes the month.
TEST_F(KilledResolver, OneThatNeverComesBackStopsTheScan) {
  UnboundServer mortal = UnboundServer::over(served_registry().authoritative_port());
  ProcessOptions command = scan({mortal.address()});
  command.arguments.insert(command.arguments.end(), {"--give-up-after", "3s"});
  ChildProcess survey(command);
  ASSERT_NO_FATAL_FAILURE(wait_for_half(survey));
  mortal.daemon().kill();
  const ProcessResult result = survey.finish(std::chrono::seconds(240));
  EXPECT_EQ(result.status(), 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--resolver " + mortal.address() + ": no reply for 3s"));
  EXPECT_THAT(result.err, HasSubstr("the same command goes on"));
  EXPECT_LT(run_record()["surveyed"], 2000);
  mortal.daemon().restart();
  expect_nothing_lost(run_program(command, std::chrono::seconds(240)));
}

}  // namespace
}  // namespace dauth::testing

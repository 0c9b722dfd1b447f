// What a survey may cost, however long the list and however many questions in flight: memory, sockets, rate.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/program/dauth_program.h"
#include "tests/support/temporary_directory.h"
#include "tests/unit/resolver_net/loopback_server.h"

namespace dauth::testing {
namespace {

// A name error for everything: one question a name.
std::optional<LoopbackServer::Octets> name_error(std::span<const std::uint8_t> query, LoopbackServer::Via) {
  LoopbackServer::Octets reply = LoopbackServer::empty_response(query);
  reply[3] |= 3;
  return reply;
}

class BoundedCosts : public ::testing::Test {
 protected:
  std::vector<std::string> scan(std::size_t names, const std::vector<std::string>& more) {
    std::string text;
    for (std::size_t i = 0; i < names; ++i) text += "name-number-" + std::to_string(i) + ".example\n";
    database = directory.file("survey-" + std::to_string(names) + ".sqlite");
    std::vector<std::string> arguments = {
        DAUTH_PROGRAM, "scan",       directory.write("list-" + std::to_string(names), text),
        "-d",          database,     "-m",
        "2026-11",     "--resolver", server.address().to_text()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  nlohmann::json run_record() const {
    return nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out).at(0);
  }

  const LoopbackServer server{LoopbackServer::Answer(name_error)};
  TemporaryDirectory directory;
  std::string database;
};

TEST_F(BoundedCosts, MemoryDoesNotGrowWithTheList) {
  // The most that the scan held in memory, KiB.
  const auto peak = [&](std::size_t names) -> std::uint64_t {
    std::vector<std::string> command = {"python3", "-c",
                                        "import resource, subprocess, sys\n"
                                        "status = subprocess.run(sys.argv[1:]).returncode\n"
                                        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
                                        "sys.exit(status)\n"};
    for (const std::string& argument : scan(names, {})) command.push_back(argument);
    const ProcessResult result = run(command);
    EXPECT_EQ(result.status(), 0) << result.err;
    EXPECT_EQ(run_record()["surveyed"], names);
    return std::stoull(result.out);
  };
  // Both fill SQLite's page cache and sorter and the buffers of the window. 150,000 names more are 4 MB of
  // text and some 10 MB as names or rows.
  const std::uint64_t few = peak(100'000);
  const std::uint64_t many = peak(250'000);
  EXPECT_LT(many, few + 2048) << few << " KiB for 100,000 names";
}

TEST_F(BoundedCosts, AHandfulOfSocketsIsEnough) {
  std::vector<std::string> command = {"sh", "-c", "ulimit -n 48 && exec \"$0\" \"$@\""};
  for (const std::string& argument : scan(5'000, {"--in-flight", "10000", "-v"})) command.push_back(argument);
  const ProcessResult result = run(command);
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, ::testing::HasSubstr("complete, every name measured"));
  EXPECT_THAT(result.err, ::testing::HasSubstr("0 network errors"));
}

// A slow machine takes longer; none may be quicker.
TEST_F(BoundedCosts, QpsIsARateAndNotAWindow) {
  const ProcessResult result = run(scan(150, {"--qps", "100", "--in-flight", "1000", "--no-preflight"}));
  ASSERT_EQ(result.status(), 0) << result.err;
  const auto record = run_record();
  EXPECT_GE(record["questions"].get<double>(), 150);
  EXPECT_EQ(server.queries(), record["questions"]);
  // 10 ms of tolerance at the start let two out at once.
  EXPECT_GE(record["run_milliseconds"].get<double>(), 1000 * (150 - 3) / 100.0);
}

}  // namespace
}  // namespace dauth::testing

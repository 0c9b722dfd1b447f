// --log, --metrics and the progress line: what a scan tells to those who are not there, and that telling it
// never stands in its way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "tests/integration/program/served_registry.h"
#include "tests/support/loopback.h"
#include "tests/support/metrics_text.h"

namespace dauth::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class WatchedScan : public ::testing::Test {
 protected:
  std::vector<std::string> scan(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"scan",
                                          served_registry().files().list,
                                          "-d",
                                          database,
                                          "-m",
                                          "2026-11",
                                          "--resolver",
                                          served_registry().resolver(),
                                          "--second-pass-after",
                                          "0s"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> watched(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = scan({"--log", log, "--metrics", metrics});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  std::vector<nlohmann::json> log_lines() const {
    std::vector<nlohmann::json> lines;
    std::istringstream stream(read_file(log));
    for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }
  std::vector<std::string> events() const {
    std::vector<std::string> names;
    for (const auto& line : log_lines()) names.push_back(line["event"]);
    return names;
  }
  MetricsText read_metrics() const {
    MetricsText text(read_file(metrics));
    EXPECT_THAT(text.errors(), ::testing::IsEmpty());
    return text;
  }
  // What Prometheus itself says of the file, where it is at hand.
  void expect_promtool_agrees() const {
    if (!find_program("promtool")) return;
    ProcessOptions options;
    options.arguments = {"promtool", "check", "metrics"};
    options.input = read_file(metrics);
    const ProcessResult result = run_program(options);
    EXPECT_EQ(result.status(), 0) << result.out << result.err;
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
  const std::string log = directory.file("scan.jsonl");
  const std::string metrics = directory.file("dauth.prom");
};

TEST_F(WatchedScan, ACompleteMonth) {
  const ProcessResult result = dauth(watched());
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(events(), ElementsAre("start", "list_read", "preflight", "month", "end"));
  const auto lines = log_lines();
  EXPECT_EQ(lines[0]["month"], "2026-11");
  EXPECT_EQ(lines[0]["resolvers"][0]["address"], served_registry().resolver());
  EXPECT_EQ(lines[1]["names"], 2000);
  EXPECT_EQ(lines[2]["verdict"], "sound");
  EXPECT_EQ(lines[3]["lost"], 0);
  EXPECT_EQ(lines[4]["status"], 0);
  EXPECT_EQ(lines[4]["done"], 2000);
  EXPECT_EQ(lines[4]["questions"], lines[3]["questions"]);

  const MetricsText text = read_metrics();
  EXPECT_EQ(text.value("dauth_scan_state{state=\"ended\"}"), 1);
  EXPECT_EQ(text.value("dauth_scan_exit_status"), 0);
  EXPECT_EQ(text.value("dauth_scan_names"), 2000);
  EXPECT_EQ(text.value("dauth_scan_done_total"), 2000);
  EXPECT_EQ(text.value("dauth_scan_questions_total"), lines[3]["questions"].get<double>());
  EXPECT_EQ(text.value("dauth_scan_lost"), 0);
  EXPECT_GE(text.value("dauth_scan_last_success_timestamp_seconds"),
            text.value("dauth_scan_start_timestamp_seconds"));
  expect_promtool_agrees();
}

TEST_F(WatchedScan, ARunThatIsStoppedAndGoesOn) {
  {
    ChildProcess process(dauth_command(watched({"--qps", "1000"})));
    // The metrics while it runs: their file is replaced every few seconds.
    const auto surveying = [&] {
      if (!std::filesystem::exists(metrics)) return false;
      return MetricsText(read_file(metrics)).value("dauth_scan_done_total").value_or(0) > 0;
    };
    while (!surveying() && !process.wait_for_end(std::chrono::milliseconds(20))) {
    }
    const MetricsText text = read_metrics();
    EXPECT_EQ(text.value("dauth_scan_state{state=\"main_pass\"}"), 1);
    EXPECT_GT(text.value("dauth_scan_in_flight"), 0);
    EXPECT_EQ(text.value("dauth_scan_exit_status"), std::nullopt);
    EXPECT_EQ(text.value("dauth_scan_last_success_timestamp_seconds"), std::nullopt);
    // A second scan of the same database is refused, and leaves what the first one tells alone.
    const std::string before = read_file(metrics);
    EXPECT_EQ(dauth(scan({"--metrics", metrics})).status(), 4);
    EXPECT_THAT(read_file(metrics), Not(HasSubstr("dauth_scan_exit_status")));
    process.send_signal(SIGTERM);
    EXPECT_EQ(process.finish().status(), 143);
  }
  EXPECT_THAT(events(), ElementsAre("start", "list_read", "preflight", "stop", "end"));
  EXPECT_EQ(read_metrics().value("dauth_scan_exit_status"), 143);
  EXPECT_EQ(log_lines().back()["status"], 143);

  const ProcessResult rest = dauth(watched());
  ASSERT_EQ(rest.status(), 0) << rest.err;
  EXPECT_THAT(events(), ElementsAre("start", "list_read", "preflight", "stop", "end", "start", "resume",
                                    "preflight", "month", "end"));
  EXPECT_EQ(read_metrics().value("dauth_scan_done_total"), 2000);

  // The month is there: the job does nothing and changes nothing, though its resolver is gone.
  const std::string metrics_before = read_file(metrics);
  auto again = watched({"--unless-finished", "--resolver", "127.0.0.1:9"});
  const ProcessResult nothing = dauth(again);
  EXPECT_EQ(nothing.status(), 0) << nothing.err;
  EXPECT_EQ(nothing.err, "") << "cron would mail it";
  EXPECT_EQ(read_file(metrics), metrics_before);
  again.emplace_back("--replace");
  EXPECT_EQ(dauth(again).status(), 2) << "one of them cannot be meant";
}

TEST_F(WatchedScan, ARefusalIsLoggedWithItsReasonAndKeepsTheLastSuccess) {
  ASSERT_EQ(dauth(watched()).status(), 0);
  const auto success = read_metrics().value("dauth_scan_last_success_timestamp_seconds");
  const ProcessResult refused = dauth(watched());
  EXPECT_EQ(refused.status(), 2);
  const auto lines = log_lines();
  ASSERT_GE(lines.size(), 3U);
  EXPECT_EQ(lines[lines.size() - 2]["event"], "complaint");
  EXPECT_EQ(lines[lines.size() - 2]["level"], "error");
  EXPECT_THAT(refused.err, HasSubstr(lines[lines.size() - 2]["message"].get<std::string>()));
  EXPECT_EQ(lines.back()["status"], 2);
  const MetricsText text = read_metrics();
  EXPECT_EQ(text.value("dauth_scan_exit_status"), 2);
  ASSERT_TRUE(success);
  // The database keeps whole seconds.
  EXPECT_NEAR(text.value("dauth_scan_last_success_timestamp_seconds").value_or(0), *success, 1.0);
}

TEST_F(WatchedScan, ADeadResolverIsAnError) {
  auto arguments = watched({"--timeout", "100ms"});
  arguments[7] = "127.0.0.1:" + std::to_string(free_port());
  EXPECT_EQ(dauth(arguments).status(), 2);
  EXPECT_THAT(events(), ElementsAre("start", "list_read", "preflight", "complaint", "end"));
  const auto verdict = log_lines()[2];
  EXPECT_EQ(verdict["verdict"], "dead");
  EXPECT_EQ(verdict["level"], "error");
}

TEST_F(WatchedScan, AMonthWithTooManyLostIsProvisionalAndNoSuccess) {
  // Nobody listens there, and the preflight that would say so is left out.
  auto arguments = watched({"--no-preflight", "--timeout", "50ms", "--tries", "1"});
  arguments[1] = directory.write("few.txt", "a.example\nb.example\n");
  arguments[7] = "127.0.0.1:" + std::to_string(free_port());
  const ProcessResult result = dauth(arguments);
  EXPECT_EQ(result.status(), 3);
  EXPECT_THAT(result.err,
              ::testing::ContainsRegex(
                  "2026-11: why, for 'mx': ((timeout|unreachable) 2|timeout 1, unreachable 1); '"));
  EXPECT_THAT(events(), ElementsAre("start", "list_read", "stage", "stage", "month", "end"));
  const auto month = log_lines()[4];
  EXPECT_EQ(month["provisional"], true);
  EXPECT_EQ(month["lost"], 2);
  EXPECT_EQ(month["level"], "warning");
  const MetricsText text = read_metrics();
  EXPECT_EQ(text.value("dauth_scan_exit_status"), 3);
  EXPECT_EQ(text.value("dauth_scan_lost"), 2);
  EXPECT_EQ(text.value("dauth_scan_last_success_timestamp_seconds"), std::nullopt);
  expect_promtool_agrees();
}

TEST_F(WatchedScan, AFullDiskUnderTheLogEndsNoSurvey) {
  const ProcessResult result = dauth(scan({"--log", "/dev/full"}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("warning: --log '/dev/full': 5 lines lost: No space left on device"));
  EXPECT_EQ(exported(database, "2026-11").size(), 2000U);
}

TEST_F(WatchedScan, MetricsThatCannotBeWrittenAnyMoreEndNoSurvey) {
  const std::filesystem::path place = directory.file("metrics");
  std::filesystem::create_directory(place);
  ChildProcess process(dauth_command(scan({"--metrics", place / "dauth.prom", "--qps", "2000"})));
  while (!std::filesystem::exists(place / "dauth.prom") &&
         !process.wait_for_end(std::chrono::milliseconds(5))) {
  }
  std::filesystem::remove_all(place);
  const ProcessResult result = process.finish(std::chrono::seconds(120));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("warning: --metrics: '"));
  EXPECT_EQ(result.err.find("--metrics"), result.err.rfind("--metrics")) << "complained of once";
  EXPECT_EQ(exported(database, "2026-11").size(), 2000U);
}

TEST_F(WatchedScan, AMisspeltPathIsToldBeforeAnythingIsAsked) {
  for (const std::string option : {"--log", "--metrics"}) {
    const ProcessResult result = dauth(scan({option, directory.file("no/such/file")}));
    EXPECT_EQ(result.status(), 2) << option;
    EXPECT_THAT(result.err, HasSubstr("dauth: " + option + ": '"));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

TEST_F(WatchedScan, WithoutATerminalNoControlCharacterIsWritten) {
  const std::string list = directory.write("e\x1b[2Jvil\r.txt", "a.example.jp\nnot a name\x1b[2J\n");
  auto arguments = watched({"--progress", "always", "-v", "--no-preflight"});
  arguments[1] = list;
  const ProcessResult result = dauth(arguments);
  EXPECT_EQ(result.status(), 0) << result.err;
  for (const char c : result.err) {
    const auto octet = static_cast<unsigned char>(c);
    EXPECT_TRUE(c == '\n' || (octet >= 0x20 && octet != 0x7f)) << int{octet} << " in " << result.err;
  }
  EXPECT_EQ(read_file(log).find('\x1b'), std::string::npos);
}

// Each update of the line in place, on a terminal of so many columns.
std::vector<std::string> frames_on_terminal(const std::vector<std::string>& arguments, int columns) {
  std::string command = "stty cols " + std::to_string(columns) + "; exec '" DAUTH_PROGRAM "'";
  for (const std::string& argument : arguments) command += " '" + argument + "'";
  ProcessOptions options;
  options.arguments = {"script", "-q", "-e", "-c", command, "/dev/null"};
  options.environment = {{"NO_COLOR", ""}, {"SHELL", "/bin/sh"}};
  const ProcessResult result = run_program(options, std::chrono::seconds(120));
  EXPECT_EQ(result.status(), 0) << result.out;
  std::vector<std::string> frames;
  // What is said for good ends with a line feed; a frame is wiped by the next one.
  const std::regex in_place("\r\x1b\\[K([^\r\n\x1b]+)(?=\r\x1b)");
  for (std::sregex_iterator match(result.out.begin(), result.out.end(), in_place), end; match != end; ++match)
    frames.push_back((*match)[1]);
  return frames;
}

TEST_F(WatchedScan, OnATerminalABarThatFits) {
  for (const int columns : {120, 79, 40, 20, 10}) {
    SCOPED_TRACE(columns);
    std::filesystem::remove(database);
    const auto frames = frames_on_terminal(scan({"--qps", "4000"}), columns);
    ASSERT_FALSE(frames.empty());
    for (const std::string& frame : frames)
      EXPECT_LT(frame.size(), static_cast<std::size_t>(columns)) << frame;
    if (columns != 120) continue;
    EXPECT_THAT(frames, Contains(::testing::MatchesRegex(
                            "2026-11 \\[#* *\\] [0-9,]+ of 2,000 names \\([0-9]+ %\\), .*/s, .*unmeasured, .*"
                            "in flight")));
  }
}

// The database, what lies beside it, and all that is told have the mode that the umask gives.
TEST_F(WatchedScan, FilesHaveTheModeOfTheUmask) {
  ProcessOptions options;
  options.arguments = {"bash", "-c", "umask 027; exec \"$@\"", "bash", DAUTH_PROGRAM};
  const auto arguments = watched({"--qps", "1000"});
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  ChildProcess process(options);
  const auto mode = [](const std::string& path) {
    struct stat status{};
    return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0U;
  };
  // Names that are asked: signals are heeded by then.
  const auto has_begun = [&] {
    return std::filesystem::exists(log) &&
           read_file(log).find("\"event\":\"preflight\"") != std::string::npos;
  };
  while (!has_begun() && !process.wait_for_end(std::chrono::milliseconds(5))) {
  }
  for (const char* suffix : {"", "-wal", "-shm", ".lock"})
    EXPECT_EQ(mode(database + suffix), 0640U) << suffix;
  process.send_signal(SIGTERM);
  EXPECT_EQ(process.finish().status(), 143);
  EXPECT_EQ(mode(log), 0640U);
  EXPECT_EQ(mode(metrics), 0640U);
  ASSERT_EQ(dauth(scan()).status(), 0);
  const std::string table = directory.file("table.md");
  ASSERT_EQ(run({"bash", "-c", "umask 077; exec " DAUTH_PROGRAM " report -d " + database + " -o " + table})
                .status(),
            0);
  EXPECT_EQ(mode(table), 0600U);
}

}  // namespace
}  // namespace dauth::testing

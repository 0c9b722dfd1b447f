// A month of the survey on a registry whose truth is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

class ScanRegistry : public ::testing::Test {
 protected:
  std::vector<std::string> scan_arguments(const std::string& list, const std::string& month) const {
    return {"scan",
            list,
            "-d",
            database,
            "-m",
            month,
            "--resolver",
            served_registry().resolver(),
            "--second-pass-after",
            "100ms"};
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(ScanRegistry, FindingsAreTheTruthOfEveryKind) {
  ServedRegistry& registry = served_registry();
  const ProcessResult result = dauth(scan_arguments(registry.files().list, "2026-11"));
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(result.out, "") << "stdout is for data";
  EXPECT_THAT(result.err, HasSubstr("2,000 names listed"));
  EXPECT_THAT(result.err, HasSubstr("complete, every name measured"));
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(registry.files().truth)));
}

TEST_F(ScanRegistry, RegistryZoneIsTheSameList) {
  ServedRegistry& registry = served_registry();
  const ProcessResult result = dauth(scan_arguments(registry.files().registry_zone, "2026-11"));
  ASSERT_EQ(result.status(), 0) << result.err;
  expect_truth(exported(database, "2026-11"), CsvTable(read_file(registry.files().truth)));
}

TEST_F(ScanRegistry, CountsAreTheGeneratorsCounts) {
  ServedRegistry& registry = served_registry();
  ASSERT_EQ(dauth(scan_arguments(registry.files().list, "2026-11")).status(), 0);
  const ProcessResult report = dauth({"report", "adoption", "-d", database, "--format", "csv"});
  ASSERT_EQ(report.status(), 0) << report.err;
  const CsvTable table(report.out);
  const CsvTable expected(read_file(registry.files().counts));
  std::map<std::pair<std::string, std::string>, std::string> printed;
  for (std::size_t i = 0; i < table.size(); ++i) {
    printed[{table.at(i, "category"), table.at(i, "metric")}] = table.at(i, "count");
    EXPECT_EQ(table.at(i, "unmeasured"),
              table.at(i, "metric") == "registered" ? table.at(i, "unmeasured") : "0");
  }
  std::size_t compared = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto count = printed.find({expected.at(i, "category"), expected.at(i, "metric")});
    if (count == printed.end()) continue;  // a metric that is not in this table
    EXPECT_EQ(count->second, expected.at(i, "count"))
        << expected.at(i, "category") << ' ' << expected.at(i, "metric");
    ++compared;
  }
  EXPECT_GE(compared, 5U * 12U) << "registered, mx, spf and both of DomainKeys in every category";
}

TEST_F(ScanRegistry, ProbesOf2005AskAboutFourQuestionsADomain) {
  ServedRegistry& registry = served_registry();
  auto arguments = scan_arguments(registry.files().list, "2026-11");
  arguments.insert(arguments.end(), {"--probes", "mx,spf,domainkeys"});
  ASSERT_EQ(dauth(arguments).status(), 0);
  const auto runs = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0]["state"], "complete");
  EXPECT_EQ(runs[0]["names"], 2000);
  EXPECT_EQ(runs[0]["unmeasured"], 0);
  // 5 % do not exist and cost 1 question; the others 4, and a few more where `_domainkey` answers.
  EXPECT_LT(runs[0]["questions"].get<double>(), 2000 * 4.6);
  EXPECT_GT(runs[0]["questions"].get<double>(), 2000 * 3.5);
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"dmarc", "unmeasured"}, {"cause", "not_asked"}}), found.size());
}

TEST_F(ScanRegistry, SeveralResolversFewAndManyInFlight) {
  ServedRegistry& registry = served_registry();
  const UnboundServer second = UnboundServer::over(registry.authoritative_port());
  for (const std::string in_flight : {"1", "10000"}) {
    const std::string month = in_flight == "1" ? "2026-10" : "2026-11";
    auto arguments = scan_arguments(registry.files().list, month);
    arguments.insert(arguments.end(), {"--resolver", second.address(), "--in-flight", in_flight});
    const ProcessResult result = dauth(arguments);
    ASSERT_EQ(result.status(), 0) << result.err;
    expect_truth(exported(database, month), CsvTable(read_file(registry.files().truth)));
  }
}

TEST_F(ScanRegistry, MonthIsLeftAloneUnlessReplaced) {
  const std::string list = directory.write("list.txt", "example.jp\n");
  ASSERT_EQ(dauth(scan_arguments(list, "2026-11")).status(), 0);
  const ProcessResult again = dauth(scan_arguments(list, "2026-11"));
  EXPECT_EQ(again.status(), 2);
  EXPECT_THAT(again.err, HasSubstr("--replace"));
  const std::string other = directory.write("other.txt", "example.jp\nexample.co.jp\n");
  auto replace = scan_arguments(other, "2026-11");
  replace.push_back("--replace");
  ASSERT_EQ(dauth(replace).status(), 0);
  EXPECT_EQ(exported(database, "2026-11").size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out).size(), 1U);
}

TEST_F(ScanRegistry, SeveralListsStandardInputAndTypedNames) {
  const std::string one = directory.write("one.txt", "# names\nexample.jp\nEXAMPLE.JP.\n");
  auto arguments = scan_arguments(one, "2026-11");
  arguments.insert(arguments.begin() + 2, "-");
  const ProcessResult result = dauth(arguments, "ambiguous.tokyo.jp\tGEOGRAPHIC\nexample.jp\n");
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("2 names listed, 2 mentioned again"));
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"domain", "ambiguous.tokyo.jp"}, {"category", "GEOGRAPHIC"}}), 1U);
  EXPECT_EQ(found.count({{"domain", "example.jp"}, {"category", "GENERAL"}}), 1U);
}

TEST_F(ScanRegistry, ResolverThatDiesLosesNoName) {
  // A resolver of its own, since it is killed. The rate is low, so that most of the survey is still to come.
  ServedRegistry& registry = served_registry();
  UnboundServer mortal = UnboundServer::over(registry.authoritative_port());
  std::string names;
  for (int i = 0; i < 120; ++i) names += "n" + std::to_string(i) + ".example.jp\n";
  ChildProcess scan(dauth_command({"scan", directory.write("list.txt", names), "-d", database, "-m",
                                   "2026-11", "--resolver", mortal.address(), "--qps", "120", "--timeout",
                                   "50ms", "--tries", "1", "--second-pass-after", "100ms", "-v"}));
  // The event to wait for: the survey has begun to ask.
  while (scan.err().find("resolvers: ") == std::string::npos &&
         !scan.wait_for_end(std::chrono::milliseconds(5))) {
  }
  mortal.daemon().kill();
  const ProcessResult result = scan.finish(std::chrono::seconds(240));
  EXPECT_EQ(result.status(), 3) << result.err;
  EXPECT_THAT(result.err, HasSubstr("provisional"));
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.size(), 120U);
  // A failure is never an absence: what was not measured says why.
  EXPECT_GT(found.count({{"mx", "unmeasured"}}), 30U);
  EXPECT_EQ(found.count({{"mx", "unmeasured"}, {"cause", ""}}), 0U);
  const ProcessResult report = dauth({"report", "month", "-d", database});
  EXPECT_THAT(report.out, HasSubstr("provisional"));
}

}  // namespace
}  // namespace dauth::testing

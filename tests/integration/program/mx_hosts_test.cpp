// The addresses of MX hosts, from the question to the table: each host asked once a run, and judged again
// offline.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/integration/program/run_record.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kAllProbes = "mx,spf,domainkeys,dkim_policy,dmarc,mx-hosts";

class MxHosts : public ::testing::Test {
 protected:
  ProcessResult scan(const std::string& list, const std::string& resolver,
                     std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "scan", list, "-d", database, "-m", "2026-11", "--resolver", resolver, "--second-pass-after", "50ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return dauth(arguments);
  }
  std::string printed(std::vector<std::string> command, const std::string& from) const {
    command.insert(command.end(), {"-d", from});
    const ProcessResult result = dauth(command);
    EXPECT_EQ(result.status(), 0) << result.err;
    return result.out;
  }
  std::string jsonl(const std::string& from) const {
    return printed({"export", "-m", "2026-11", "--format", "jsonl"}, from);
  }
  std::string list_of(std::size_t count, const std::string& below, std::string text = {}) const {
    for (std::size_t i = 0; i < count; ++i) text += "n" + std::to_string(i) + "." + below + "\n";
    return directory.write("list.txt", text);
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

void expect_hosts(const CsvTable& found, const CsvTable& truth) {
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < found.size(); ++i) rows[found.at(i, "domain")] = i;
  ASSERT_EQ(found.size(), truth.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::string& domain = truth.at(i, "domain");
    ASSERT_TRUE(rows.contains(domain)) << domain;
    for (const char* column : {"mx_ipv6", "mx_no_address"})
      EXPECT_EQ(found.at(rows[domain], column), truth.at(i, column)) << domain << ' ' << column;
  }
}

TEST_F(MxHosts, ARegistryIsFoundAsItIsAndJudgedAgainOffline) {
  const RegistryFiles& files = served_registry().files();
  const ProcessResult result =
      scan(files.registry_zone, served_registry().resolver(), {"--probes", kAllProbes});
  ASSERT_EQ(result.status(), 0) << result.err;
  const CsvTable found = exported(database, "2026-11");
  expect_truth(found, CsvTable(read_file(files.truth)));
  expect_hosts(found, CsvTable(read_file(files.mx_hosts)));
  const std::size_t ipv6 = found.count({{"mx_ipv6", "published"}});
  ASSERT_GT(ipv6, 10U);
  ASSERT_GT(found.count({{"mx_no_address", "published"}}), 0U);

  const std::string counts = printed({"report", "month", "--format", "csv"}, database);
  EXPECT_THAT(counts, HasSubstr("2026-11,TOTAL,mx_ipv6," + std::to_string(ipv6) + ",0,"));
  EXPECT_THAT(printed({"report", "month"}, database),
              AllOf(HasSubstr("MX over IPv6"), HasSubstr("MX over IPv6 / MX")));
  EXPECT_THAT(printed({"report", "rates", "--lang", "ja"}, database), HasSubstr("IPv6 で届く MX"));
  EXPECT_THAT(printed({"report", "quality"}, database), HasSubstr("Unmeasured: MX over IPv6"));

  const std::string lines = jsonl(database);
  std::size_t with_address = 0;
  for (const std::string& line : split(lines, '\n')) {
    if (line.empty()) continue;
    const auto mx = nlohmann::json::parse(line)["mx"];
    for (const auto& question : mx.value("questions", nlohmann::json::array())) {
      for (const auto& record : question.value("records", nlohmann::json::array()))
        with_address += record["data"] == "2001:db8::102" ? 1 : 0;
    }
  }
  EXPECT_EQ(with_address, ipv6);

  const ProcessResult again = dauth({"rejudge", "-d", database, "-m", "2026-11"});
  EXPECT_EQ(again.status(), 0);
  EXPECT_THAT(again.err, AllOf(HasSubstr("2,000 names judged again"), HasSubstr("nothing changed")));
  EXPECT_EQ(jsonl(database), lines);
  EXPECT_EQ(printed({"report", "month", "--format", "csv"}, database), counts);
}

TEST_F(MxHosts, AMonthThatDidNotAskThemShowsNothingOfThem) {
  ASSERT_EQ(scan(served_registry().files().list, served_registry().resolver()).status(), 0);
  EXPECT_EQ(exported(database, "2026-11").count({{"mx_ipv6", "unmeasured"}}), 2000U);
  for (const char* table : {"month", "rates", "quality", "adoption"})
    EXPECT_THAT(printed({"report", table}, database),
                AllOf(Not(HasSubstr("IPv6")), Not(HasSubstr("without address"))));
  EXPECT_THAT(printed({"report", "month", "--format", "csv"}, database), Not(HasSubstr("mx_ipv6")));
  const ProcessResult again = dauth({"rejudge", "-d", database, "-m", "2026-11"});
  EXPECT_THAT(again.err, HasSubstr("nothing changed"));
}

// Which domain asked first is another one then, and nothing tells.
TEST_F(MxHosts, AScanThatIsKilledComesToTheSameRows) {
  const std::vector<std::string> arguments = {
      "scan",       served_registry().files().list, "-d",       database,  "-m", "2026-11",
      "--resolver", served_registry().resolver(),   "--probes", kAllProbes};
  const auto surveyed = [&] { return surveyed_names(database); };
  std::uint64_t before = 0;
  for (int round = 0; round < 3; ++round) {
    auto slow = arguments;
    slow.insert(slow.end(), {"--qps", "1500"});
    ChildProcess killed(dauth_command(slow));
    while (surveyed() <= before && !killed.wait_for_end(std::chrono::milliseconds(20))) {
    }
    killed.send_signal(SIGKILL);
    EXPECT_EQ(killed.finish().status(), 128 + SIGKILL);
    before = surveyed();
  }
  const ProcessResult rest = dauth(arguments);
  ASSERT_EQ(rest.status(), 0) << rest.err;
  EXPECT_THAT(rest.err, HasSubstr("going on after"));
  const std::string undisturbed = directory.file("undisturbed.sqlite");
  auto whole = arguments;
  whole[3] = undisturbed;
  ASSERT_EQ(dauth(whole).status(), 0);
  EXPECT_EQ(printed({"export", "-m", "2026-11"}, database),
            printed({"export", "-m", "2026-11"}, undisturbed));
  EXPECT_EQ(printed({"report", "month"}, database), printed({"report", "month"}, undisturbed));
}

TEST_F(MxHosts, OfTenThousandDomainsTheSharedHostIsAskedOnce) {
  const ScriptedServer server(
      {{.at_or_below = "many.example",
        .type = dns::RrType::kMx,
        .reply = {.answer = {{.owner = "@", .type = dns::RrType::kMx, .rdata = mx(10, "mx.hosting.test")}}}},
       {.at_or_below = "many.example", .type = dns::RrType::kSoa, .reply = {.rcode = kNxDomain}},
       {.at_or_below = "many.example"},
       {.at_or_below = "mx.hosting.test",
        .type = dns::RrType::kAaaa,
        .reply = {.answer = {{.owner = "@", .type = dns::RrType::kAaaa, .rdata = raw("0123456789abcdef")}}}},
       {.at_or_below = "mx.hosting.test"}});
  const ProcessResult result = scan(list_of(10'000, "many.example"), server.address().to_text(),
                                    {"--probes", kAllProbes, "--no-preflight"});
  ASSERT_EQ(result.status(), 0) << result.err;
  std::map<dns::RrType, std::size_t> asked;
  for (const dns::Question& question : server.questions())
    asked[question.type] += question.name == name("mx.hosting.test") ? 1 : 0;
  EXPECT_EQ(asked[dns::RrType::kA], 1U);
  EXPECT_EQ(asked[dns::RrType::kAaaa], 1U);
  EXPECT_EQ(exported(database, "2026-11").count({{"mx_ipv6", "published"}, {"mx_no_address", "absent"}}),
            10'000U);
  // One text of each answer, whoever asked.
  EXPECT_EQ(run({"sqlite3", database, "SELECT count(*) FROM answer"}).out, "2\n");
  EXPECT_EQ(run({"sqlite3", database, "SELECT count(*) FROM outcomes"}).out, "1\n");
}

TEST_F(MxHosts, AHostThatFailsIsAskedAgainAndLosesNoName) {
  const ScriptedServer server(
      {{.at_or_below = "some.example",
        .type = dns::RrType::kMx,
        .reply = {.answer = {{.owner = "@", .type = dns::RrType::kMx, .rdata = mx(10, "mx.broken.test")}}}},
       {.at_or_below = "some.example"},
       {.at_or_below = "good.example"},
       {.at_or_below = "mx.broken.test", .reply = {.rcode = 2}}});
  const std::string list = list_of(5, "some.example", "good.example\n");
  const std::vector<std::string> more = {"--probes", "mx,mx-hosts", "--no-preflight", "--tries",
                                         "2",        "--timeout",   "300ms"};
  const ProcessResult result = scan(list, server.address().to_text(), more);
  EXPECT_EQ(result.status(), 0) << "no name is lost: " << result.err;
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("second pass over 5 names"), HasSubstr("complete, every name measured")));
  std::size_t asked = 0;
  for (const dns::Question& question : server.questions())
    asked += question.name == name("mx.broken.test") ? 1 : 0;
  EXPECT_EQ(asked, 2U * 2U * 2U) << "two questions, two tries, two passes";
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"mx", "published"}, {"mx_ipv6", "unmeasured"}, {"mx_no_address", "unmeasured"}}),
            5U);
  EXPECT_THAT(printed({"report", "month", "--format", "csv"}, database),
              HasSubstr("2026-11,TOTAL,mx_ipv6,0,5,"));
  EXPECT_EQ(
      run({"sqlite3", database, "SELECT DISTINCT metric, cause FROM unmeasured_finding ORDER BY 1"}).out,
      "mx_ipv6|persistent_servfail\nmx_no_address|persistent_servfail\n")
      << "good.example resolved, so it is the hosts' fault";
}

TEST_F(MxHosts, NothingIsAskedAboutTheHostsOfWhoAskedToBeLeftOut) {
  const ScriptedServer server(
      {{.at_or_below = "some.example",
        .type = dns::RrType::kMx,
        .reply = {.answer = {{.owner = "@", .type = dns::RrType::kMx, .rdata = mx(10, "mx.left-out.test")}}}},
       {.at_or_below = "some.example"}});
  const std::string exclude = directory.write("exclude.txt", "left-out.test\n");
  const ProcessResult result = scan(list_of(3, "some.example"), server.address().to_text(),
                                    {"--probes", "mx,mx-hosts", "--no-preflight", "--exclude", exclude});
  EXPECT_EQ(result.status(), 0) << result.err;
  for (const dns::Question& question : server.questions())
    EXPECT_FALSE(question.name.is_at_or_below(name("left-out.test"))) << question.name.to_text();
  EXPECT_EQ(
      run({"sqlite3", database, "SELECT DISTINCT metric, cause FROM unmeasured_finding ORDER BY 1"}).out,
      "mx_ipv6|excluded\nmx_no_address|excluded\n");
  const auto runs = nlohmann::json::parse(printed({"runs", "--format", "json"}, database));
  EXPECT_EQ(runs[0]["excluded"], 0) << "no name of the list was";
  EXPECT_THAT(printed({"report", "quality", "--format", "csv"}, database),
              HasSubstr("2026-11,excluded,,,0\n"));
  EXPECT_THAT(dauth({"rejudge", "-d", database, "-m", "2026-11"}).err, HasSubstr("nothing changed"));
}

TEST_F(MxHosts, TheProbeNeedsTheProbeMx) {
  const ProcessResult result = scan(list_of(1, "example"), "127.0.0.1", {"--probes", "spf,mx-hosts"});
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("--probes: the probe mx-hosts needs the probe mx"));
}

}  // namespace
}  // namespace dauth::testing

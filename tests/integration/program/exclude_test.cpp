// Names whose operators asked to be left out: they keep a row, and nobody is asked about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/integration/program/served_registry.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

dns::DomainName name(const std::string& text) {
  return dns::DomainName::from_text(text).value();
}

bool is_below_one_of(const dns::DomainName& each, const std::vector<dns::DomainName>& excluded) {
  return std::ranges::any_of(excluded,
                             [&](const dns::DomainName& above) { return each.is_at_or_below(above); });
}

// The names of the questions that Unbound was asked, by its log ("info: 127.0.0.1 example.jp. TXT IN").
std::vector<dns::DomainName> asked_at(const UnboundServer& unbound) {
  std::vector<dns::DomainName> asked;
  std::istringstream log(unbound.daemon().log());
  for (std::string line; std::getline(log, line);) {
    constexpr std::string_view kBefore = "info: 127.0.0.1 ";
    const std::size_t at = line.find(kBefore);
    if (at == std::string::npos) continue;
    const std::string rest = line.substr(at + kBefore.size());
    asked.push_back(name(rest.substr(0, rest.find(' '))));
  }
  return asked;
}

TEST(Exclude, LeavesARegistrysNamesAloneAndCountsThem) {
  const ServedRegistry& registry = served_registry();
  UnboundOptions options;
  options.stub_zones = {{".", registry.authoritative_port()}};
  options.server_lines = {"log-queries: yes"};
  const UnboundServer unbound(options);
  const TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");

  // Thirty names in odd spellings, and a whole second level.
  const CsvTable truth(read_file(registry.files().truth));
  std::vector<dns::DomainName> excluded = {name("go.jp")};
  std::string some = "# asked by mail\r\n";
  for (std::size_t i = 0; i < 30; ++i) {
    std::string domain = truth.at(i * 50, "domain");
    excluded.push_back(name(domain));
    std::ranges::transform(domain, domain.begin(), [](unsigned char c) { return std::toupper(c); });
    some += "  " + domain + ".  # by letter\r\n";
  }

  const ProcessResult result =
      dauth({"scan", registry.files().list, "-d", database, "-m", "2026-11", "--resolver", unbound.address(),
             "--second-pass-after", "0s", "--exclude", directory.write("some.txt", some), "--exclude",
             directory.write("ministries.txt", "GO.JP.\n")});
  ASSERT_EQ(result.status(), 0) << result.err;

  const CsvTable found = exported(database, "2026-11");
  ASSERT_EQ(found.size(), truth.size());
  std::size_t left_out = 0;
  std::set<std::string> left_out_names;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool is_excluded = is_below_one_of(name(found.at(i, "domain")), excluded);
    EXPECT_EQ(found.at(i, "cause") == "excluded", is_excluded) << found.at(i, "domain");
    if (!is_excluded) continue;
    ++left_out;
    left_out_names.insert(found.at(i, "domain"));
    for (const char* column : {"exists", "mx", "spf", "spf_record", "domainkeys_subdomain", "dmarc"})
      EXPECT_EQ(found.at(i, column), "unmeasured") << found.at(i, "domain");
  }
  ASSERT_GT(left_out, 30U) << "no ministry in the registry";
  EXPECT_THAT(result.err, AllOf(HasSubstr("2026-11: " + std::to_string(left_out) +
                                          " names excluded (--exclude), nothing was asked about them\n"),
                                HasSubstr("2026-11: complete, every other name measured\n")));
  // The others are measured as ever.
  std::size_t compared = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (left_out_names.contains(truth.at(i, "domain"))) continue;
    compared += found.count({{"domain", truth.at(i, "domain")},
                             {"mx", truth.at(i, "mx")},
                             {"spf", truth.at(i, "spf")},
                             {"domainkeys_subdomain", truth.at(i, "domainkeys_subdomain")}});
  }
  EXPECT_EQ(compared, truth.size() - left_out);

  const auto asked = asked_at(unbound);
  ASSERT_GT(asked.size(), 4 * compared) << "the resolver's log is not what this test reads";
  for (const dns::DomainName& each : asked)
    EXPECT_FALSE(is_below_one_of(each, excluded)) << each.to_text() << " was asked";

  const auto run = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out).at(0);
  EXPECT_EQ(run["names"], truth.size());
  EXPECT_EQ(run["unmeasured"], 0);
  EXPECT_EQ(run["provisional"], false);
  EXPECT_THAT(dauth({"report", "month", "--format", "csv", "-d", database}).out,
              HasSubstr("2026-11,TOTAL,registered," + std::to_string(truth.size())));
}

class ExcludeOption : public ::testing::Test {
 protected:
  // One name is broken, the others exist.
  const ScriptedServer server{{{.at_or_below = "broken.example", .reply = {.rcode = 2}},
                               {.at_or_below = "good.example"},
                               {.at_or_below = "good.test"}}};
  std::vector<std::string> scan(const std::string& list, const std::string& wait = "0s") const {
    return {"scan",
            directory.write("list.txt", list),
            "-d",
            database,
            "-m",
            "2026-11",
            "--resolver",
            server.address().to_text(),
            "--timeout",
            "300ms",
            "--tries",
            "2",
            "--second-pass-after",
            wait};
  }
  std::size_t asked(const std::string& domain) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        server.questions(),
        [above = name(domain)](const dns::Question& each) { return each.name.is_at_or_below(above); }));
  }
  static std::vector<std::string> with(std::vector<std::string> arguments,
                                       const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(ExcludeOption, KeepsThePreflightFromATopLevelDomain) {
  const auto result = dauth(with(scan("example\ngood.example\na.good.test\n"),
                                 {"--exclude", directory.write("exclude", "example\n")}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(asked("example"), 0U);
  EXPECT_GT(asked("test"), 5U);
  EXPECT_THAT(result.err, HasSubstr("2 names excluded"));
}

TEST_F(ExcludeOption, MayBeAnotherFileWhenAScanGoesOn) {
  ChildProcess waiting(dauth_command(scan("broken.example\ngood.example\n", "1h")));
  while (waiting.err().find("second pass over it in 1h") == std::string::npos &&
         !waiting.wait_for_end(std::chrono::milliseconds(5))) {
  }
  waiting.send_signal(SIGINT);
  ASSERT_EQ(waiting.finish().status(), 130);
  const std::size_t before = asked("broken.example");
  ASSERT_GT(before, 0U);
  const auto result = dauth(with(scan("broken.example\ngood.example\n"),
                                 {"--exclude", directory.write("exclude", "broken.example\n")}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(asked("broken.example"), before);
  EXPECT_THAT(result.err,
              HasSubstr("1 name excluded since going on (--exclude), nothing was asked about it"));
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"domain", "broken.example"}, {"mx", "unmeasured"}, {"cause", "excluded"}}), 1U);
  EXPECT_EQ(found.count({{"domain", "good.example"}, {"mx", "absent"}}), 1U);
}

TEST_F(ExcludeOption, OfAnEarlierPartIsNotForgottenInTheSummary) {
  ChildProcess waiting(dauth_command(with(scan("broken.example\ngood.example\na.good.test\n", "1h"),
                                          {"--exclude", directory.write("exclude", "good.test\n")})));
  while (waiting.err().find("second pass over it in 1h") == std::string::npos &&
         !waiting.wait_for_end(std::chrono::milliseconds(5))) {
  }
  waiting.send_signal(SIGINT);
  ASSERT_EQ(waiting.finish().status(), 130);
  const auto result = dauth(with(scan("broken.example\ngood.example\na.good.test\n"),
                                 {"--exclude", directory.write("other", "broken.example\n")}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("2026-11: 1 name excluded before going on\n"),
                                HasSubstr("1 name excluded since going on (--exclude)"),
                                HasSubstr("complete, every other name measured\n")));
}

TEST_F(ExcludeOption, OfAnEarlierPartAloneIsNotForgottenEither) {
  // One that waits for the second pass has all rows of the main pass.
  ChildProcess waiting(dauth_command(with(scan("broken.example\ngood.example\na.good.test\n", "1h"),
                                          {"--exclude", directory.write("exclude", "good.test\n")})));
  while (waiting.err().find("second pass over it in 1h") == std::string::npos &&
         !waiting.wait_for_end(std::chrono::milliseconds(5))) {
  }
  waiting.send_signal(SIGINT);
  ASSERT_EQ(waiting.finish().status(), 130);
  const ScriptedServer mended{{{.at_or_below = "broken.example"}}};
  auto again = scan("broken.example\ngood.example\na.good.test\n");
  std::ranges::replace(again, server.address().to_text(), mended.address().to_text());
  const auto result = dauth(again);
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("2026-11: 1 name excluded before going on\n"),
                                HasSubstr("complete, every other name measured\n")));
}

TEST_F(ExcludeOption, IsRefusedWhereALineIsNoName) {
  const std::string bad = directory.write("bad.txt", "fine.example\nbroken .example\n");
  const auto result = dauth(with(scan("broken.example\n"), {"--exclude", bad}));
  EXPECT_EQ(result.status(), 2);
  EXPECT_EQ(result.err, "dauth: --exclude: " + bad + ":2: blank inside the name: 'broken .example'\n");
  EXPECT_TRUE(server.questions().empty());
  EXPECT_FALSE(std::filesystem::exists(database));
  const auto absent = dauth(with(scan("broken.example\n"), {"--exclude", directory.file("absent")}));
  EXPECT_EQ(absent.status(), 2);
  EXPECT_THAT(absent.err, HasSubstr("absent: No such file or directory"));
  const auto twice =
      dauth({"scan", "-", "-d", database, "--exclude", "-", "--resolver", server.address().to_text()},
            "broken.example\n");
  EXPECT_EQ(twice.status(), 2);
  EXPECT_THAT(twice.err, HasSubstr("--exclude: standard input ('-') can be read only once"));
}

TEST_F(ExcludeOption, StandsInTheConfigurationAndMayNameNobody) {
  const std::string one = directory.write("one", "broken.example\n");
  const std::string none = directory.write("none", "# nobody else yet\n");
  const std::string config =
      directory.write("survey.toml", "[scan]\nexclude = [\"" + one + "\", \"" + none + "\"]\n");
  const auto result = dauth(with(scan("broken.example\ngood.example\n"), {"--config", config}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(asked("broken.example"), 0U);
  EXPECT_THAT(result.err, HasSubstr("1 name excluded"));
  auto december = scan("good.example\n");
  std::ranges::replace(december, "2026-11", "2026-12");
  const auto nobody = dauth(with(december, {"--exclude", none}));
  EXPECT_EQ(nobody.status(), 0) << nobody.err;
  EXPECT_THAT(nobody.err, HasSubstr("0 names excluded"));
}

}  // namespace
}  // namespace dauth::testing

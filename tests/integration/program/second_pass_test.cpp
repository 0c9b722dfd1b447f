// What a person is told of names that fail, and what is kept of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/integration/program/dauth_program.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/scripted_server.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class SecondPass : public ::testing::Test {
 protected:
  // Two names are broken, one is silent, the others exist.
  const ScriptedServer server{{{.at_or_below = "broken.example", .reply = {.rcode = 2}},
                               {.at_or_below = "silent.example", .manner = ScriptedManner::kStaysSilent},
                               {.at_or_below = "good.example"}}};
  ProcessOptions scan(const std::vector<std::string>& names, const std::string& wait) const {
    std::string list;
    for (const std::string& name : names) list += name + "\n";
    return dauth_command({"scan", directory.write("list.txt", list), "-d", database, "-m", "2026-11",
                          "--resolver", server.address().to_text(), "--timeout", "300ms", "--tries", "2",
                          "--second-pass-after", wait});
  }
  nlohmann::json run_record() const {
    return nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out).at(0);
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(SecondPass, IsAnnouncedAndItsNamesAreToldApart) {
  const ProcessResult result =
      run_program(scan({"a.broken.example", "b.broken.example", "silent.example", "good.example"}, "50ms"));
  EXPECT_EQ(result.status(), 3) << result.err;
  std::vector<std::string> lines = split(result.err, '\n');
  ASSERT_EQ(lines.size(), 9U) << result.err;
  EXPECT_EQ(lines[0], "2026-11: 4 names listed");
  EXPECT_THAT(lines[1],
              AllOf(HasSubstr("2026-11: main pass done, 3 names failed; second pass over them in 50ms "
                              "(--second-pass-after), at "),
                    MatchesRegex(".* at [0-9][0-9]:[0-9][0-9]:[0-9][0-9]")));
  EXPECT_EQ(lines[2], "2026-11: second pass over 3 names, at most 20 a second");
  EXPECT_THAT(lines[3], HasSubstr("2026-11: 4 names surveyed in "));
  EXPECT_EQ(
      lines[4],
      "2026-11: 2 names are broken in the DNS (SERVFAIL in both passes, while others resolved), not counted "
      "as lost");
  EXPECT_EQ(
      lines[5],
      "2026-11: 1 name (25.00 %) lost, not measured in full, more than --max-unmeasured 1%: the month is "
      "provisional");
  EXPECT_EQ(lines[6], "2026-11: why, for 'mx': timeout 1; 'dauth report quality' has the other findings");
  EXPECT_THAT(lines[7], HasSubstr("2026-11: saved; 'dauth report month -m 2026-11 -d "));
  const auto record = run_record();
  EXPECT_EQ(record["unmeasured"], 3);
  EXPECT_EQ(record["persistent_servfail"], 2);
  EXPECT_EQ(record["lost"], 1);
  EXPECT_THAT(dauth({"runs", "-d", database}).out,
              HasSubstr("  unmeasured 3 (2 SERVFAIL in both passes, 1 lost)\n"));
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"mx", "unmeasured"}, {"cause", "persistent_servfail"}}), 2U);
  EXPECT_EQ(found.count({{"mx", "unmeasured"}, {"cause", "timeout"}}), 1U);
}

TEST_F(SecondPass, BrokenNamesAloneLeaveAMonthComplete) {
  const ProcessResult result = run_program(scan({"broken.example", "good.example"}, "0s"));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, AllOf(HasSubstr("2026-11: main pass done, 1 name failed\n"),
                                HasSubstr("2026-11: 1 name is broken in the DNS"),
                                HasSubstr("2026-11: complete, no name lost\n")));
  EXPECT_EQ(run_record()["provisional"], false);
}

TEST_F(SecondPass, AScanThatIsStoppedInTheWaitGoesOnWithIt) {
  ChildProcess waiting(scan({"broken.example", "good.example"}, "1h"));
  while (waiting.err().find("second pass over it in 1h") == std::string::npos &&
         !waiting.wait_for_end(std::chrono::milliseconds(5))) {
  }
  waiting.send_signal(SIGINT);
  const ProcessResult stopped = waiting.finish();
  EXPECT_EQ(stopped.status(), 130);
  EXPECT_THAT(stopped.err,
              HasSubstr("stopped by SIGINT; all 2 names are saved, the same command goes on with the "
                        "second pass"));
  const ProcessResult rest = run_program(scan({"broken.example", "good.example"}, "50ms"));
  EXPECT_EQ(rest.status(), 0) << rest.err;
  EXPECT_EQ(run_record()["persistent_servfail"], 1) << "the row of the main pass has told its cause";
}

}  // namespace
}  // namespace dauth::testing

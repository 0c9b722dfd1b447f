// Old detail dropped, as the person does it whose disk fills up; and the runs and imports around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Prune : public ::testing::Test {
 protected:
  void scan(const std::string& month, std::vector<std::string> more = {}) const {
    const ServedRegistry& registry = served_registry();
    more.insert(more.begin(), {"scan", registry.files().registry_zone.string(), "-d", database, "-m", month,
                               "--resolver", served_registry().resolver(), "--second-pass-after", "100ms"});
    const ProcessResult result = dauth(more);
    ASSERT_EQ(result.status(), 0) << result.err;
  }
  std::string exported(const std::string& month, const std::string& format) const {
    const ProcessResult result = dauth({"export", "-d", database, "-m", month, "--format", format});
    EXPECT_EQ(result.status(), 0) << result.err;
    return result.out;
  }
  std::string report() const {
    return dauth({"report", "month", "-d", database, "-m", "2026-10", "--format", "csv"}).out +
           dauth({"report", "-d", database}).out;
  }
  nlohmann::json runs() const {
    return nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out);
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(Prune, KeptMonthsAndAllTablesStayAsTheyWere) {
  scan("2026-10", {"--exclude", directory.write("exclude.txt", "go.jp\n")});
  scan("2026-11");
  const std::string csv = exported("2026-11", "csv");
  const std::string lines = exported("2026-11", "jsonl");
  const std::string tables = report();
  const auto before = runs();
  ASSERT_GT(before[0]["excluded"], 0);
  EXPECT_EQ(before[1]["excluded"], 0);
  EXPECT_EQ(before[0]["excluded"],
            CsvTable(exported("2026-10", "csv")).count({{"cause", "excluded"}, {"exists", "unmeasured"}}));

  const ProcessResult told = dauth({"prune", "-d", database, "--keep", "1", "--dry-run"});
  EXPECT_EQ(told.status(), 0);
  EXPECT_EQ(told.out, "");
  EXPECT_THAT(told.err, HasSubstr("2026-10: the rows of 2,000 names would be dropped"));
  EXPECT_EQ(runs(), before);

  const ProcessResult done = dauth({"prune", "-d", database, "--keep", "1"});
  EXPECT_EQ(done.status(), 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("2026-10: the rows of 2,000 names dropped; its counts are kept"));
  EXPECT_EQ(exported("2026-11", "csv"), csv);
  EXPECT_EQ(exported("2026-11", "jsonl"), lines);
  EXPECT_EQ(report(), tables);
  auto after = runs();
  EXPECT_NE(after[0]["pruned"], "");
  EXPECT_EQ(after[1], before[1]);
  after[0]["pruned"] = "";
  EXPECT_EQ(after[0]["excluded"], before[0]["excluded"]);

  const ProcessResult gone = dauth({"export", "-d", database, "-m", "2026-10"});
  EXPECT_EQ(gone.status(), 2);
  EXPECT_EQ(gone.out.find("example"), std::string::npos);
  EXPECT_THAT(gone.err, HasSubstr("dropped by 'dauth prune'"));
  const ProcessResult judged = dauth({"rejudge", "-d", database, "-m", "2026-10"});
  EXPECT_EQ(judged.status(), 2);
  EXPECT_THAT(judged.err, HasSubstr("dropped by 'dauth prune'"));
  EXPECT_EQ(dauth({"rejudge", "-d", database, "-m", "2026-11"}).status(), 0);
  EXPECT_THAT(dauth({"runs", "-d", database}).out,
              AllOf(HasSubstr("  pruned     20"), HasSubstr("  excluded   ")));

  // The month can be surveyed anew.
  scan("2026-10", {"--replace"});
  EXPECT_EQ(runs()[0]["pruned"], "");
}

TEST_F(Prune, WhatIsRefused) {
  EXPECT_EQ(dauth({"prune", "-d", directory.file("none.sqlite"), "--keep", "1"}).status(), 2);
  EXPECT_FALSE(std::filesystem::exists(directory.file("none.sqlite.lock")));
  EXPECT_EQ(dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database}).status(),
            0);
  EXPECT_EQ(dauth({"prune", "-d", database}).status(), 2);
  EXPECT_EQ(dauth({"prune", "-d", database, "--keep", "-1"}).status(), 2);
  EXPECT_EQ(dauth({"prune", "-d", database, "--keep", "few"}).status(), 2);
  const ProcessResult nothing = dauth({"prune", "-d", database, "--keep", "0"});
  EXPECT_EQ(nothing.status(), 0) << nothing.err;
  EXPECT_THAT(nothing.err, HasSubstr("no month has detail to drop"));
  EXPECT_EQ(runs().size(), 10U) << "imported months have counts alone, and keep them";

  const ProcessResult locked =
      run({"flock", database + ".lock", DAUTH_PROGRAM, "prune", "-d", database, "--keep", "1"});
  EXPECT_EQ(locked.status(), 4) << locked.err;
}

TEST_F(Prune, ImportFromStandardInputTellsDoubtsAndRefusesAMonthThatIsThere) {
  const std::string counts = "month,category,metric,count\n2005-04,CO,mx,5\n2005-04,TOTAL,mx,4\n";
  const ProcessResult first = dauth({"import", "-", "-d", database}, counts);
  EXPECT_EQ(first.status(), 0) << first.err;
  EXPECT_THAT(first.err, AllOf(HasSubstr("-:3: warning: 2005-04 TOTAL mx: 4 is less than the sum"),
                               HasSubstr("2 counts of 1 month imported")));
  const ProcessResult again = dauth({"import", "-", "-d", database}, counts);
  EXPECT_EQ(again.status(), 2);
  EXPECT_THAT(again.err, HasSubstr("--replace"));
  EXPECT_EQ(dauth({"import", "-", "-d", database, "--replace"}, counts).status(), 0);
  const ProcessResult published =
      dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database, "--replace"});
  EXPECT_EQ(published.status(), 0);
  EXPECT_EQ(published.err.find("warning"), std::string::npos) << published.err;
}

TEST_F(Prune, RunsOfADatabaseWithoutAny) {
  ASSERT_EQ(dauth({"import", "-", "-d", database}, "month,category,metric,count\n2005-04,CO,mx,5\n").status(),
            0);
  ASSERT_EQ(run({"sqlite3", database, "DELETE FROM category_count; DELETE FROM run_list; DELETE FROM run"})
                .status(),
            0);
  const ProcessResult json = dauth({"runs", "-d", database, "--format", "json"});
  EXPECT_EQ(json.status(), 0);
  EXPECT_EQ(json.out, "[]\n");
  const ProcessResult text = dauth({"runs", "-d", database});
  EXPECT_EQ(text.status(), 0);
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(text.err, HasSubstr("no runs"));
}

}  // namespace
}  // namespace dauth::testing

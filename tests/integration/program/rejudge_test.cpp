// A month judged again, as the person does it who has a new version of the program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>

#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Rejudge : public ::testing::Test {
 protected:
  void SetUp() override {
    const ProcessResult result =
        dauth({"scan", served_registry().files().registry_zone.string(), "-d", database, "-m", "2026-11",
               "--resolver", served_registry().resolver(), "--second-pass-after", "100ms"});
    ASSERT_EQ(result.status(), 0) << result.err;
  }

  ProcessResult rejudge(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"rejudge", "-d", database, "-m", "2026-11"});
    return dauth(more);
  }
  std::string exported_text() const { return dauth({"export", "-d", database, "-m", "2026-11"}).out; }
  std::string report() const {
    return dauth({"report", "month", "-d", database, "-m", "2026-11", "--format", "csv"}).out;
  }
  void change(const std::string& sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(database.c_str(), &handle), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(Rejudge, TheSameRulesComeToTheSameFindingsForEveryKindOfDomain) {
  const std::string before = exported_text();
  const ProcessResult result = rejudge();
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, AllOf(HasSubstr("2,000 names judged again"), HasSubstr("nothing changed")));
  EXPECT_EQ(exported_text(), before);
}

TEST_F(Rejudge, FindingsByOtherRulesAreReplacedToldAndCounted) {
  const std::string findings = exported_text();
  const std::string counts = report();
  // As if rules of old had found SPF nowhere (bits 4 to 7), and nobody's MX had been measured.
  change("UPDATE observation SET published = published & ~240; UPDATE run SET rules_version = 0;");
  change(
      "UPDATE observation SET measured = measured & ~2, published = published & ~2;"
      "INSERT INTO unmeasured (observation, cause, metrics) SELECT id, 1, 2 FROM observation");
  const std::string changed = exported_text();
  ASSERT_NE(changed, findings);

  const ProcessResult told = rejudge({"--dry-run"});
  EXPECT_EQ(told.status(), 0);
  EXPECT_THAT(told.out, AllOf(HasSubstr("spf_record            absent      published"),
                              HasSubstr("mx                    unmeasured  published")));
  EXPECT_THAT(told.err, AllOf(HasSubstr("2,000 names changed"), HasSubstr("--dry-run")));
  EXPECT_EQ(exported_text(), changed);

  const ProcessResult done = rejudge();
  EXPECT_EQ(done.status(), 0);
  EXPECT_EQ(done.out, told.out);
  EXPECT_EQ(exported_text(), findings);
  EXPECT_EQ(report(), counts);
  const auto runs = nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out);
  EXPECT_NE(runs[0]["judged"], "");
  EXPECT_GE(runs[0]["rules_version"], 1);
}

TEST_F(Rejudge, NothingIsAsked) {
  // Without a network: the answers are all that there is.
  ProcessOptions alone = dauth_command({"rejudge", "-d", database, "-m", "2026-11"});
  alone.arguments.insert(alone.arguments.begin(), {"unshare", "--map-root-user", "--net"});
  if (run({"unshare", "--map-root-user", "--net", "true"}).status() != 0)
    GTEST_SKIP() << "SKIPPED: no network namespace may be made here";
  const ProcessResult result = run_program(alone);
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("nothing changed"));
}

TEST_F(Rejudge, JsonLinesShowTheAnswers) {
  const ProcessResult result = dauth({"export", "-d", database, "-m", "2026-11", "--format", "jsonl"});
  ASSERT_EQ(result.status(), 0) << result.err;
  std::size_t with_record = 0;
  std::size_t with_fault = 0;
  for (const std::string& line : split(result.out, '\n')) {
    if (line.empty()) continue;
    const auto row = nlohmann::json::parse(line);
    ASSERT_TRUE(row["spf"].contains("questions")) << line;
    EXPECT_EQ(row["spf"]["questions"][0]["name"], row["domain"]);
    for (const auto& record : row["spf"]["questions"][0].value("records", nlohmann::json::array())) {
      if (record["data"].get<std::string>().starts_with("v=spf1 ")) ++with_record;
    }
    if (row["spf"]["spf_invalid"] == "published") {
      ++with_fault;
      EXPECT_THAT(row["spf"]["fault"]["section"], HasSubstr("RFC 7208"));
      EXPECT_NE(row["spf"]["fault"]["reason"], "");
      EXPECT_TRUE(row["spf"]["fault"]["offset"].is_number_unsigned());
    }
  }
  EXPECT_GT(with_record, 10U);
  EXPECT_GT(with_fault, 2U);
}

TEST_F(Rejudge, WhatCannotBeJudged) {
  EXPECT_EQ(dauth({"rejudge", "-d", database, "-m", "2026-10"}).status(), 2);
  EXPECT_EQ(dauth({"rejudge", "-d", database, "-m", "November"}).status(), 2);
  EXPECT_EQ(dauth({"rejudge", "-d", database}).status(), 2);
  const ProcessResult absent = dauth({"rejudge", "-d", directory.file("none.sqlite"), "-m", "2026-11"});
  EXPECT_EQ(absent.status(), 2);
  EXPECT_THAT(absent.err, HasSubstr("no such file"));
  EXPECT_FALSE(std::filesystem::exists(directory.file("none.sqlite.lock")));
  change("UPDATE run SET rules_version = 99");
  const ProcessResult newer = rejudge();
  EXPECT_EQ(newer.status(), 2);
  EXPECT_THAT(newer.err, HasSubstr("newer rules"));
  change("UPDATE run SET rules_version = 0; UPDATE observation SET outcomes = NULL");
  const ProcessResult old = rejudge();
  EXPECT_EQ(old.status(), 2);
  EXPECT_THAT(old.err, HasSubstr("without keeping the answers"));
  change(
      "UPDATE observation SET outcomes = (SELECT min(id) FROM outcomes); UPDATE outcomes SET text = "
      "'nonsense' "
      "WHERE id = (SELECT min(id) FROM outcomes)");
  const ProcessResult damaged = rejudge();
  EXPECT_EQ(damaged.status(), 1);
  EXPECT_THAT(damaged.err, HasSubstr("damaged"));
}

}  // namespace
}  // namespace dauth::testing

// Files that a command writes are none of those that it reads or keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class KeptApart : public ::testing::Test {
 protected:
  KeptApart() { std::filesystem::copy_file(served_registry().files().list, list); }

  std::vector<std::string> scan(const std::string& month, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"scan", list,  "-d",         database,
                                       "-m",   month, "--resolver", served_registry().resolver()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  TemporaryDirectory directory;
  const std::string list = directory.file("list.txt");
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(KeptApart, NoOutputIsTheDatabaseOrAListOrAnotherOutput) {
  ASSERT_EQ(dauth(scan("2026-10")).status(), 0);
  const std::string of_database = read_file(database);
  const std::string of_list = read_file(list);
  std::filesystem::create_symlink(database, directory.file("link"));
  std::filesystem::create_hard_link(list, directory.file("other-name"));
  const std::string excluded = directory.write("excluded.txt", "no.example\n");
  const std::string log = directory.file("log");
  const std::vector<std::vector<std::string>> all = {
      {"--metrics", database},
      {"--metrics", directory.file("link")},
      {"--metrics", list},
      {"--metrics", directory.file("other-name")},
      {"--metrics", database + "-wal"},
      {"--metrics", directory.path().string() + "/./survey.sqlite.lock"},
      {"--metrics", excluded, "--exclude", excluded},
      {"--log", list},
      {"--log", database},
      {"--metrics", log, "--log", log},
      {"--metrics", "/dev/null"}};
  for (const auto& more : all) {
    const ProcessResult result = dauth(scan("2026-11", more));
    EXPECT_EQ(result.status(), 2) << more[0] << " " << more[1];
    EXPECT_THAT(result.err, AllOf(HasSubstr(more[0] + ": "), HasSubstr(more[1]))) << result.err;
  }
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"report", "-d", database, "-o", database},
        {"export", "-d", database, "-m", "2026-10", "-o", directory.file("link")}}) {
    const ProcessResult result = dauth(command);
    EXPECT_EQ(result.status(), 2) << command[0];
    EXPECT_THAT(result.err, HasSubstr("--output: "));
  }
  EXPECT_EQ(read_file(list), of_list);
  EXPECT_EQ(read_file(excluded), "no.example\n");
  EXPECT_EQ(read_file(database), of_database);
  struct stat null{};
  ASSERT_EQ(stat("/dev/null", &null), 0);
  EXPECT_TRUE(S_ISCHR(null.st_mode));
}

TEST_F(KeptApart, MetricsBehindALinkReplaceItsTarget) {
  const std::string target = directory.write("target.prom", "old\n");
  std::filesystem::create_symlink(target, directory.file("link.prom"));
  ASSERT_EQ(dauth(scan("2026-11", {"--metrics", directory.file("link.prom")})).status(), 0);
  EXPECT_TRUE(std::filesystem::is_symlink(directory.file("link.prom")));
  EXPECT_THAT(read_file(target), HasSubstr("dauth_scan_names 2000"));
}

// SQLite's locks and its -wal file go by the name: two scans would write to one file without a word.
TEST_F(KeptApart, ADatabaseHasOneName) {
  ASSERT_EQ(dauth(scan("2026-10")).status(), 0);
  std::filesystem::create_hard_link(database, directory.file("other.sqlite"));
  const ProcessResult result = dauth(scan("2026-11"));
  EXPECT_EQ(result.status(), 2);
  EXPECT_THAT(result.err, HasSubstr("has 2 names (hard links)"));
  std::filesystem::remove(directory.file("other.sqlite"));
  EXPECT_EQ(dauth(scan("2026-11")).status(), 0);
}

TEST_F(KeptApart, AMonthThatWasDeletedMeanwhileIsNotCalledSaved) {
  ChildProcess process(dauth_command(scan("2026-11", {"--qps", "3000"})));
  while (!std::filesystem::exists(database + "-wal") && !process.wait_for_end(std::chrono::milliseconds(5))) {
  }
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(database + suffix);
  const ProcessResult result = process.finish();
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("was deleted, moved or replaced during the run"));
  EXPECT_THAT(result.err, ::testing::Not(HasSubstr("saved; 'dauth report")));
}

}  // namespace
}  // namespace dauth::testing

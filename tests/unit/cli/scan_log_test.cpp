// The log of a scan: whole lines of JSON, whatever becomes of the disk.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "scanner/cli/scan_log.h"
#include "tests/support/temporary_directory.h"

namespace dauth::scanner::cli {
namespace {

using Level = ScanLog::Level;

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

class ScanLogFile : public ::testing::Test {
 protected:
  testing::TemporaryDirectory directory;
  const std::string path = directory.file("scan.jsonl");
};

TEST_F(ScanLogFile, AppendsLinesWithTimeLevelAndEvent) {
  directory.write("scan.jsonl", "{\"event\":\"earlier\"}\n");
  {
    auto log = ScanLog::open(path);
    ASSERT_TRUE(log) << log.error();
    log->write(Level::kInfo, "start", {{"names", 3}});
    log->write(Level::kError, "end", nullptr);
  }
  const auto lines = lines_of(testing::read_file(path));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0]["event"], "earlier");
  EXPECT_EQ(lines[1]["event"], "start");
  EXPECT_EQ(lines[1]["level"], "info");
  EXPECT_EQ(lines[1]["names"], 3);
  EXPECT_THAT(lines[1]["time"].get<std::string>(),
              ::testing::MatchesRegex("20[0-9][0-9]-..-..T..:..:..[.][0-9][0-9][0-9]Z"));
  EXPECT_EQ(lines[2]["level"], "error");
}

TEST_F(ScanLogFile, HostileOctetsStayWithinTheirLine) {
  auto log = ScanLog::open(path);
  ASSERT_TRUE(log);
  log->write(Level::kWarning, "complaint", {{"message", "\x1b[2J\n\xff\xfe\" \xc3\xa9"}});
  const std::string text = testing::read_file(path);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(lines_of(text).at(0)["message"], "\x1b[2J\n\xef\xbf\xbd\xef\xbf\xbd\" \xc3\xa9");
}

TEST_F(ScanLogFile, TheModeIsThatOfTheUmask) {
  const mode_t before = umask(027);
  auto log = ScanLog::open(path);
  umask(before);
  ASSERT_TRUE(log);
  struct stat status{};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
}

TEST_F(ScanLogFile, AFullDeviceLosesLinesAndCountsThem) {
  auto log = ScanLog::open("/dev/full");
  ASSERT_TRUE(log) << log.error();
  log->write(Level::kInfo, "start", nullptr);
  log->write(Level::kInfo, "end", nullptr);
  EXPECT_EQ(log->lines_lost(), 2U);
  EXPECT_THAT(log->last_error(), ::testing::HasSubstr("No space left"));
}

// The disk fills up within a line, and has room again later.
TEST_F(ScanLogFile, ATornLineStaysAloneAndTheGapIsTold) {
  auto log = ScanLog::open(path);
  ASSERT_TRUE(log);
  log->write(Level::kInfo, "first", nullptr);
  const auto size = testing::read_file(path).size();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit tight = before;
  tight.rlim_cur = size + 10;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  log->write(Level::kInfo, "torn", nullptr);
  log->write(Level::kInfo, "lost", nullptr);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, SIG_DFL);
  log->write(Level::kInfo, "last", nullptr);

  std::istringstream stream(testing::read_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(nlohmann::json::parse(lines[0])["event"], "first");
  EXPECT_EQ(lines[1].size(), 10U);
  EXPECT_EQ(nlohmann::json::parse(lines[2])["event"], "log_gap");
  EXPECT_EQ(nlohmann::json::parse(lines[2])["lines_lost"], 2);
  EXPECT_EQ(nlohmann::json::parse(lines[3])["event"], "last");
}

// A FIFO that is read by nobody is full after 64 KiB; write(2) on it would wait for ever.
TEST_F(ScanLogFile, APipeThatNobodyReadsHoldsNothingUp) {
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(ScanLog::open(path)) << "nobody has opened it for reading";
  const int reader = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  auto log = ScanLog::open(path);
  ASSERT_TRUE(log) << log.error();
  for (int i = 0; i < 100; ++i) log->write(Level::kInfo, "progress", {{"text", std::string(1000, 'x')}});
  EXPECT_GT(log->lines_lost(), 0U);
  close(reader);
}

TEST_F(ScanLogFile, WhatCannotBeOpenedIsToldWithItsReason) {
  const auto log = ScanLog::open(directory.file("no/such/scan.jsonl"));
  ASSERT_FALSE(log);
  EXPECT_THAT(log.error(), ::testing::HasSubstr("No such file"));
}

}  // namespace
}  // namespace dauth::scanner::cli

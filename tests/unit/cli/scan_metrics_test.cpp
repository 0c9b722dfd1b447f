// The metrics file: what a strict reader of Prometheus' text format makes of it, and how it is put in place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "scanner/cli/scan_metrics.h"
#include "tests/support/metrics_text.h"
#include "tests/support/temporary_directory.h"

namespace dauth::scanner::cli {
namespace {

using testing::MetricsText;

ScanMetrics running() {
  ScanMetrics metrics;
  metrics.month = "2026-11";
  metrics.version = "0.1.0";
  metrics.state = ScanState::kMainPass;
  metrics.names = 2000;
  metrics.done = 1234;
  metrics.questions = 5678;
  metrics.started = ScanMetrics::Time(std::chrono::seconds(1'793'500'000));
  metrics.updated = metrics.started + std::chrono::milliseconds(1500);
  return metrics;
}

TEST(ScanMetrics, WhileItRuns) {
  const MetricsText read(metrics_text(running()));
  EXPECT_EQ(read.errors(), std::vector<std::string>{});
  EXPECT_EQ(read.value("dauth_scan_names"), 2000);
  EXPECT_EQ(read.value("dauth_scan_done_total"), 1234);
  EXPECT_EQ(read.value("dauth_scan_questions_total"), 5678);
  EXPECT_EQ(read.value("dauth_scan_info{month=\"2026-11\",version=\"0.1.0\"}"), 1);
  EXPECT_EQ(read.value("dauth_scan_updated_timestamp_seconds"), 1'793'500'001.5);
  EXPECT_EQ(read.value("dauth_scan_state{state=\"main_pass\"}"), 1);
  EXPECT_EQ(read.value("dauth_scan_state{state=\"ended\"}"), 0);
  EXPECT_EQ(read.value("dauth_scan_exit_status"), std::nullopt);
  EXPECT_EQ(read.value("dauth_scan_last_success_timestamp_seconds"), std::nullopt) << "there was none";
}

TEST(ScanMetrics, AtTheEnd) {
  ScanMetrics metrics = running();
  metrics.state = ScanState::kEnded;
  metrics.status = ExitStatus::kTooManyLost;
  metrics.ended = metrics.updated;
  metrics.last_success = metrics.started - std::chrono::hours(720);
  metrics.lost = 77;
  metrics.broken = 5;
  const MetricsText read(metrics_text(metrics));
  EXPECT_EQ(read.errors(), std::vector<std::string>{});
  EXPECT_EQ(read.value("dauth_scan_exit_status"), 3);
  EXPECT_EQ(read.value("dauth_scan_lost"), 77);
  EXPECT_EQ(read.value("dauth_scan_broken"), 5);
  EXPECT_EQ(read.value("dauth_scan_last_success_timestamp_seconds"), 1'793'500'000.0 - 720 * 3600);
}

TEST(ScanMetrics, LabelsAreEscaped) {
  ScanMetrics metrics = running();
  metrics.version = "a\"b\\c\nd";
  const MetricsText read(metrics_text(metrics));
  EXPECT_EQ(read.errors(), std::vector<std::string>{});
}

TEST(MetricsFile, IsReplacedInOneStepAndByTheUmask) {
  const testing::TemporaryDirectory directory;
  const MetricsFile file(directory.write("dauth.prom", "old\n"));
  const mode_t before = umask(027);
  const auto written = file.write("new\n");
  umask(before);
  ASSERT_TRUE(written) << written.error();
  EXPECT_EQ(testing::read_file(directory.file("dauth.prom")), "new\n");
  EXPECT_FALSE(std::filesystem::exists(directory.file("dauth.prom.new")));
  struct stat status{};
  ASSERT_EQ(stat(directory.file("dauth.prom").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640U);
}

TEST(MetricsFile, WhatCannotBeWrittenLeavesTheOldOne) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory.write("dauth.prom", "old\n");
  std::filesystem::create_symlink("/dev/full", directory.file("dauth.prom.new"));
  const auto written = MetricsFile(path).write("new\n");
  ASSERT_FALSE(written) << "no link of another is followed";
  EXPECT_EQ(testing::read_file(path), "old\n");
  EXPECT_FALSE(MetricsFile(directory.file("no/such.prom")).write("new\n"));
}

}  // namespace
}  // namespace dauth::scanner::cli

// ScanWatch: what is told of a scan to those who are not there: the lines of --log and the file of --metrics.
//
// Owns both files and the timers that write them (a line of progress every minute, the metrics every few
// seconds), and hears what the console complains of. Borrows the console and, from follow() to unfollow(),
// the loop. Errors: a file that cannot be opened is told by open() and begin_metrics(), so that a misspelt
// path does not go unnoticed for a month; afterwards a file that fails is complained of once and ends
// nothing.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/store.h"
#include "resolver/net/event_loop.h"
#include "scanner/cli/console.h"
#include "scanner/cli/exit_status.h"
#include "scanner/cli/scan_log.h"
#include "scanner/cli/scan_metrics.h"
#include "scanner/cli/scan_options.h"
#include "scanner/survey/preflight.h"

namespace dauth::scanner::cli {

struct WatchIntervals {
  std::chrono::milliseconds log{std::chrono::minutes(1)};
  std::chrono::milliseconds metrics{std::chrono::seconds(5)};
};

class ScanWatch {
 public:
  explicit ScanWatch(Console& console, WatchIntervals intervals = {});
  ~ScanWatch();
  ScanWatch(const ScanWatch&) = delete;
  ScanWatch& operator=(const ScanWatch&) = delete;

  // The log, where `options` name one, with its first line. Or one line that names the option.
  Result<void, std::string> open(const ScanOptions& options, const ScanPlan& plan);
  // The metrics, from when the database is ours: a scan that is refused must not overwrite those of the one
  // that runs. `runs`: all of the database, for the last success.
  Result<void, std::string> begin_metrics(const std::vector<data::RunRecord>& runs);

  // Asks `fill` for the figures, on the loop, until unfollow().
  void follow(net::EventLoop& loop, std::function<void(ScanMetrics&)> fill);
  void unfollow();

  void list_read(std::uint64_t names, std::uint64_t duplicates, std::uint64_t rejected,
                 const std::string& fingerprint);
  void resumed(const data::RunRecord& record);
  void preflight_verdict(const PreflightVerdict& verdict);
  void stage();  // the figures say which
  void stopped(int signal_number);
  void finished(const data::RunRecord& record);
  // The last line, and the last state of the metrics.
  void end(ExitStatus status);

 private:
  void complained(std::string_view line);
  void progress();
  void refresh();
  void write_metrics();

  Console& console_;
  const WatchIntervals intervals_;
  std::string log_path_;
  std::string metrics_path_;
  std::optional<ScanLog> log_;
  std::optional<MetricsFile> metrics_file_;
  bool metrics_complained_ = false;
  ScanMetrics metrics_;
  std::uint64_t rests_told_ = 0;
  std::function<void(ScanMetrics&)> fill_;
  net::EventLoop::Timer log_timer_;
  net::EventLoop::Timer metrics_timer_;
};

}  // namespace dauth::scanner::cli

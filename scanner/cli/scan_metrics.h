// The state of a scan as a file for Prometheus (its text format, version 0.0.4; docs/operations.md names the
// metrics).
//
// ScanMetrics are the values, metrics_text() writes them down, MetricsFile puts a text in its place: it is
// written to FILE.new beside it and renamed, so that a reader never sees half of it. The file is made by the
// umask.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/result.h"
#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {

enum class ScanState : std::uint8_t { kList, kPreflight, kMainPass, kWaiting, kSecondPass, kSaving, kEnded };
inline constexpr std::array<std::string_view, 7> kScanStateNames = {
    "list", "preflight", "main_pass", "waiting", "second_pass", "saving", "ended"};
inline std::string_view scan_state_name(ScanState state) {
  return kScanStateNames[static_cast<std::size_t>(state)];
}

struct ScanMetrics {
  using Time = std::chrono::system_clock::time_point;

  std::string month;
  std::string version;
  ScanState state = ScanState::kList;
  // The list.
  std::uint64_t names = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t rejected = 0;
  // The survey.
  std::uint64_t done = 0;
  std::uint64_t unmeasured = 0;
  std::uint64_t excluded = 0;
  std::uint64_t second_pass_names = 0;
  std::uint64_t second_pass_done = 0;
  std::uint64_t open_domains = 0;
  // What this process asked.
  std::uint64_t in_flight = 0;
  std::uint64_t questions = 0;
  std::uint64_t retries = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t tcp_questions = 0;
  std::uint64_t late_replies = 0;
  std::uint64_t network_errors = 0;
  std::uint64_t rested_servers = 0;
  // When, and how it came out.
  Time started;
  Time updated;
  std::optional<Time> last_success;
  std::optional<Time> ended;
  std::optional<ExitStatus> status;
  std::optional<std::uint64_t> lost;  // of a month that was finished
  std::optional<std::uint64_t> broken;
};

std::string metrics_text(const ScanMetrics& metrics);

class MetricsFile {
 public:
  explicit MetricsFile(const std::string& path);
  // Or a phrase for a person; what stood there before still does then. Behind a symbolic link it is the
  // link's target that is replaced; what is no regular file (a device, a named pipe) is refused.
  Result<void, std::string> write(std::string_view text) const;

 private:
  std::string given_path_;
  std::string path_;
};

}  // namespace dauth::scanner::cli

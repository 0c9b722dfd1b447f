// The progress of a scan on stderr: a line in place on a terminal, else a line every minute.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/month.h"
#include "resolver/net/event_loop.h"
#include "scanner/cli/console.h"
#include "scanner/survey/survey_run.h"

namespace dauth::scanner::cli {

enum class ProgressMode : std::uint8_t { kAuto, kAlways, kNever };

// What is said, in parts from the most telling one to the least.
struct ProgressLine {
  std::vector<std::string> parts;
  std::optional<double> share = {};  // of the whole that is done, 0 to 1: what the bar shows
};

// "2026-11 [#####     ] 1,234 of 5,678 names (21 %), ..." in at most `width` columns: the bar where there is
// room for it, then as many parts as fit, the first one cut where not even that does. Characters beyond ASCII
// are taken for two columns wide.
std::string fitted_progress(std::string_view month, const ProgressLine& line, std::size_t width);

class ProgressDisplay {
 public:
  ProgressDisplay(Console& console, net::EventLoop& loop, ProgressMode mode, data::Month month);

  // Asks `progress` for the state at each update, until finish().
  void watch(std::function<ProgressLine()> state);
  void finish();

 private:
  Console& console_;
  net::EventLoop& loop_;
  const bool in_place_;
  const std::optional<std::chrono::milliseconds> interval_;  // nothing: no progress is shown
  const data::Month month_;
  net::EventLoop::Timer timer_;
};

// "12,345 of 98,765 names (12 %)", "1min 10s left", "1,234/s", "17 unmeasured", "480 in flight", and what is
// said after the main pass.
class SurveyProgressText {
 public:
  // The survey begins now, with so many names done before.
  void begin(std::uint64_t done) {
    started_ = std::chrono::steady_clock::now();
    done_at_start_ = done;
  }
  // `in_flight`: questions without an outcome yet.
  ProgressLine operator()(const SurveyProgress& progress, std::size_t in_flight);

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::uint64_t done_at_start_ = 0;
};

}  // namespace dauth::scanner::cli

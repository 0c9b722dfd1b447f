// The progress of a scan on stderr: a line in place on a terminal, else a line every minute.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "data/month.h"
#include "resolver/net/event_loop.h"
#include "scanner/cli/console.h"
#include "scanner/survey/survey_run.h"

namespace dauth::scanner::cli {

enum class ProgressMode : std::uint8_t { kAuto, kAlways, kNever };

class ProgressDisplay {
 public:
  ProgressDisplay(Console& console, net::EventLoop& loop, ProgressMode mode, data::Month month);

  // Asks `progress` for the state at each update, until finish().
  void watch(std::function<std::string()> state);
  void finish();

 private:
  Console& console_;
  net::EventLoop& loop_;
  const bool in_place_;
  const std::optional<std::chrono::milliseconds> interval_;  // nothing: no progress is shown
  const data::Month month_;
  net::EventLoop::Timer timer_;
};

// "12,345 of 98,765 names (12 %), 1,234/s, 17 unmeasured, 1min 10s left", and what is said after the main
// pass.
class SurveyProgressText {
 public:
  // The survey begins now, with so many names done before.
  void begin(std::uint64_t done) {
    started_ = std::chrono::steady_clock::now();
    done_at_start_ = done;
  }
  std::string operator()(const SurveyProgress& progress);

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::uint64_t done_at_start_ = 0;
};

}  // namespace dauth::scanner::cli

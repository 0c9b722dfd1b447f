// RateLimit: a true rate of events a second, spaced rather than in bursts (the generic cell rate algorithm,
// a token bucket written as the time of the next token).
//
// Up to `at_once` worth of events may happen together, since timers are no finer than 1 ms; over any span the
// count is at most rate * (span + at_once) + 1.
#pragma once

#include <algorithm>
#include <chrono>

#include "resolver/net/transport.h"

namespace dauth::resolver {

class RateLimit {
 public:
  // 0: no limit.
  explicit RateLimit(double events_per_second,
                     std::chrono::milliseconds at_once = std::chrono::milliseconds(10))
      : interval_(events_per_second > 0
                      ? std::chrono::duration_cast<net::Clock::duration>(
                            std::chrono::duration<double>(std::min(1 / events_per_second, kLongestInterval)))
                      : net::Clock::duration::zero()),
        tolerance_(at_once) {}

  bool allows(net::TimePoint now) const { return interval_.count() == 0 || now >= free_from(); }
  // When allows() turns true, if nothing is taken until then.
  net::TimePoint free_from() const { return next_ - tolerance_; }
  // Counts one event, allowed or not: what could not wait is made up for later.
  void take(net::TimePoint now) {
    if (interval_.count() != 0) next_ = std::max(next_, now) + interval_;
  }

 private:
  static constexpr double kLongestInterval = 3600;  // seconds

  net::Clock::duration interval_;
  net::Clock::duration tolerance_;
  net::TimePoint next_{};
};

}  // namespace dauth::resolver

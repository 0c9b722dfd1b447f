#include "resolver/server_window.h"

#include <algorithm>
#include <utility>

namespace dauth::resolver {
namespace {

constexpr std::size_t kLeast = 4;  // fewer would starve on a few losses
// An epoch has at least so many ends, for its shares to mean something, and this much time, since the clock
// is read once for many answers.
constexpr std::uint64_t kLeastEnds = 200;
constexpr std::uint64_t kLeastEndsPaced = 100;
constexpr std::chrono::milliseconds kLeastEpoch{10};
constexpr std::chrono::milliseconds kSilence{500};
constexpr std::chrono::milliseconds kLongestSettling{1000};

// Answers wait so long in queues without anybody's harm, and full batches cost less.
constexpr double kFreeLatency = 0.010;  // seconds
constexpr double kDoublingGain = 1.15;  // of goodput, for twice the window
constexpr double kGain = 1.06;          // of goodput, for a quarter more
constexpr double kLess = 0.8;           // of the window, for latency
constexpr double kRisen = 2.0;          // latency over the usual
// Of a smaller window's proportional fall in goodput, the share that shows that the window was no cause.
constexpr double kProportional = 0.6;
// The pace is so much of the answers that came, so that the server's queues empty.
constexpr double kPace = 0.95;
// A trial adds a quarter, and after each success twice as much as before; a tenth where that was too fast
// before. What was too fast may be so no longer: it rises a little with each epoch.
constexpr double kMorePace = 0.25;
constexpr double kMostMorePace = 1.0;
constexpr double kCarefulMorePace = 0.1;
constexpr double kTooFastFades = 1.01;
constexpr double kUseless = 0.5;   // goodput of a pace that is no limit any more
constexpr double kPaceGain = 0.3;  // of goodput, for what was added
// A first reading may stand for what a server had saved up; after so many steps trouble is no longer ours.
constexpr std::uint32_t kMostSteps = 4;
// Of the messages that were sent at first. Where so few still fare no better, it is not their number.
constexpr double kLeastOfFirst = 1.0 / 32;
constexpr double kEnded = 0.4;  // of the trouble at first: slowing down has helped
constexpr std::chrono::milliseconds kPaceAtOnce{4};
// Messages a second: a slower pace would take minutes to be found too slow.
constexpr double kLeastPace = 20;
constexpr std::uint32_t kLongestPatience = 64;
// Trouble up to this is borne anyway; what is found to be the usual, with so much over it.
constexpr double kTolerance = 0.05;
constexpr double kOverUsual = 1.5;
constexpr double kNew = 0.1;  // weight of a reading in what is usual

constexpr std::uint32_t kLeastLatencies = 100;
constexpr double kLostQuantile = 0.99;
constexpr int kLostFactor = 2;
constexpr std::chrono::milliseconds kLostAtLeast{100};

double seconds(net::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::size_t scaled(std::size_t window, double factor) {
  return static_cast<std::size_t>(static_cast<double>(window) * factor);
}

}  // namespace

void ServerWindow::answered(net::Clock::duration latency, std::size_t most, net::TimePoint now) {
  latencies_.add(latency);
  // As soon as it can be told; then with each epoch.
  if (latencies_.total() == kLeastLatencies) measure_lost_after();
  ++epoch_.answers;
  epoch_.latency_sum += seconds(latency);
  ended(most, now);
}

void ServerWindow::answered_late(net::Clock::duration latency) {
  latencies_.add(latency);
  if (epoch_.losses > 0) --epoch_.losses;
}

void ServerWindow::failed(std::size_t most, net::TimePoint now) {
  ++epoch_.failures;
  ended(most, now);
}

void ServerWindow::lost(std::size_t most, net::TimePoint now) {
  ++epoch_.losses;
  ended(most, now);
}

void ServerWindow::restart() {
  const LatencyHistogram latencies = latencies_;
  const net::Clock::duration lost_after = lost_after_;
  *this = ServerWindow();
  // How long its answers take may be as before, and is learnt anew soon enough where not.
  latencies_ = latencies;
  lost_after_ = lost_after;
}

void ServerWindow::ended(std::size_t most, net::TimePoint now) {
  // A time in which nothing ended at all is no part of an epoch: an outage, or nothing to ask.
  const net::Clock::duration silence = now - std::exchange(last_end_, now);
  const bool lost_after_known = lost_after_ != net::Clock::duration::max();
  if (silence > std::max<net::Clock::duration>(kSilence, lost_after_known ? lost_after_ : kSilence))
    epoch_ = {};
  // What was sent under the old limits tells nothing of the new ones, and its losses come to light later.
  if (std::exchange(losses_settle_, false) && lost_after_ <= kLongestSettling)
    settled_from_ = now + lost_after_;
  if (settling_ > 0) --settling_;
  if (settling_ > 0 || now < settled_from_) {
    epoch_ = {};
    return;
  }
  if (!epoch_.begun) {
    epoch_ = {};
    epoch_.begun = true;
    epoch_.began = now;
    return;
  }
  const std::uint64_t ends = epoch_.answers + epoch_.failures + epoch_.losses;
  // By a pace the window is not filled, and a slow one must not take long to be found too slow.
  const std::uint64_t wanted =
      was_paced_ ? std::max<std::uint64_t>(kLeastEndsPaced, static_cast<std::uint64_t>(rate_ / 20))
                 : std::max<std::uint64_t>(kLeastEnds, 2 * std::uint64_t{size(most)});
  if (ends < wanted) return;
  const net::Clock::duration length = now - epoch_.began;
  if (length < kLeastEpoch) return;
  Reading reading;
  reading.goodput = static_cast<double>(epoch_.answers) / seconds(length);
  reading.trouble = static_cast<double>(epoch_.failures + epoch_.losses) / static_cast<double>(ends);
  if (epoch_.answers > 0) reading.latency = epoch_.latency_sum / static_cast<double>(epoch_.answers);
  reading.paced = std::exchange(was_paced_, false);
  const bool limited = std::exchange(was_full_, false) || reading.paced;
  epoch_ = {};
  epoch_.begun = true;
  epoch_.began = now;
  measure_lost_after();
  // A server that answers nothing at all is rested, not slowed down. Where questions were too few to fill the
  // window, it is not the window that made the goodput.
  if (!limited || reading.goodput <= 0) return;
  if (least_latency_ <= 0 || reading.latency < least_latency_) least_latency_ = reading.latency;
  judge(reading, most);
}

void ServerWindow::judge(const Reading& reading, std::size_t most) {
  // What is in use is judged. (A server that is being tried after a rest has a share of one.)
  if (most >= kLeast) window_ = size(most);
  switch (phase_) {
    case Phase::kDoubling:
      return judge_doubling(reading, most);
    case Phase::kHolding:
      return hold(reading, most);
    case Phase::kTryingMore:
      return judge_more(reading);
    case Phase::kTryingLess:
      return judge_less(reading);
    case Phase::kSlowingDown:
      return judge_pace(reading);
  }
}

void ServerWindow::judge_doubling(const Reading& reading, std::size_t most) {
  if (reading.trouble > tolerance()) return slow_down(reading);
  if (!costs_no_time(reading) && reading.goodput < kDoublingGain * before_.goodput) {
    usual_latency_ = before_.latency;
    return move_to(window_before_, Phase::kHolding);
  }
  if (window_ >= most) {
    phase_ = Phase::kHolding;
    return hold(reading, most);
  }
  before_ = reading;
  window_before_ = window_;
  move_to(std::min(2 * window_, most), Phase::kDoubling);
}

void ServerWindow::hold(const Reading& reading, std::size_t most) {
  ++held_;
  too_fast_ *= kTooFastFades;
  if (reading.trouble > tolerance()) return slow_down(reading);
  if (usual_latency_ > 0 && reading.latency > kRisen * usual_latency_ + kFreeLatency)
    return try_less(reading);
  usual_trouble_ = std::min((1 - kNew) * usual_trouble_ + kNew * reading.trouble, most_usual_trouble_);
  // A server that becomes slower by and by must not have that pass for its usual time.
  const double weight = reading.latency < usual_latency_ ? kNew : kNew / 10;
  usual_latency_ += usual_latency_ > 0 ? weight * (reading.latency - usual_latency_) : reading.latency;
  if (!reading.paced && reading.goodput < kUseless * rate_) set_pace(0);
  // Where more would cost no time there is no need to be careful.
  if (!reading.paced && costs_no_time(reading)) patience_ = std::min(patience_, kFirstPatience);
  if (held_ >= patience_ && (window_ < most || reading.paced)) try_more(reading, most);
}

// Of the one of the two limits that was the tighter one.
void ServerWindow::try_more(const Reading& reading, std::size_t most) {
  before_ = reading;
  window_before_ = window_;
  rate_before_ = rate_;
  if (reading.paced) {
    more_pace_ = std::clamp(more_pace_, kMorePace, kMostMorePace);
    if (too_fast_ > 0 && rate_ * (1 + more_pace_) >= too_fast_) more_pace_ = kCarefulMorePace;
    set_pace(rate_ * (1 + more_pace_));
    return move_to(window_, Phase::kTryingMore);
  }
  move_to(std::min(scaled(window_, 1.25) + 1, most), Phase::kTryingMore);
}

void ServerWindow::judge_more(const Reading& reading) {
  const bool gained = rate_ != rate_before_
                          ? reading.goodput > (1 + kPaceGain * more_pace_) * before_.goodput
                          : costs_no_time(reading) || reading.goodput > kGain * before_.goodput;
  const bool slower = reading.latency > kRisen * before_.latency + kFreeLatency;
  if (gained && !slower && reading.trouble <= tolerance()) {
    patience_ = reading.paced ? 1 : kFirstPatience;
    more_pace_ *= 2;
    usual_latency_ = reading.latency;
    return move_to(window_, Phase::kHolding);
  }
  if (reading.trouble > tolerance() && rate_ > 0) too_fast_ = rate_;
  patience_ = std::clamp(2 * patience_, kFirstPatience, kLongestPatience);
  more_pace_ = 0;
  set_pace(rate_before_);
  move_to(window_before_, Phase::kHolding);
}

void ServerWindow::try_less(const Reading& reading) {
  before_ = reading;
  window_before_ = window_;
  move_to(std::min(window_, std::max(scaled(window_, kLess), kLeast)), Phase::kTryingLess);
}

void ServerWindow::judge_less(const Reading& reading) {
  const double shrunk = 1 - static_cast<double>(window_) / static_cast<double>(window_before_);
  if (window_ == window_before_ || reading.goodput < (1 - kProportional * shrunk) * before_.goodput) {
    usual_latency_ = before_.latency;
    return move_to(window_before_, Phase::kHolding);
  }
  // Whatever filled the server's queues is best left alone for a while.
  patience_ = std::min(2 * patience_, kLongestPatience);
  move_to(window_, Phase::kHolding);
}

void ServerWindow::slow_down(const Reading& reading) {
  phase_before_ = phase_;
  before_ = reading;
  rate_before_ = rate_;
  trouble_at_first_ = reading.trouble;
  sent_at_first_ = reading.goodput / (1 - reading.trouble);
  steps_ = 1;
  more_pace_ = 0;
  if (rate_ > 0) too_fast_ = rate_;
  set_pace(kPace * reading.goodput);
  move_to(window_, Phase::kSlowingDown);
}

void ServerWindow::judge_pace(const Reading& reading) {
  if (reading.trouble <= kEnded * trouble_at_first_) {
    patience_ = 1;  // the first pace may be far too slow
    return move_to(window_, Phase::kHolding);
  }
  const double pace = kPace * reading.goodput;
  if (steps_ < kMostSteps && pace >= std::max(kLeastPace, kLeastOfFirst * sent_at_first_)) {
    ++steps_;
    before_ = reading;
    set_pace(pace);
    return move_to(window_, Phase::kSlowingDown);
  }
  usual_trouble_ = most_usual_trouble_ = std::max(trouble_at_first_, reading.trouble);
  set_pace(rate_before_);
  move_to(window_, phase_before_);
}

double ServerWindow::tolerance() const {
  return std::max(kTolerance, kOverUsual * usual_trouble_);
}

bool ServerWindow::costs_no_time(const Reading& reading) const {
  return reading.latency <= least_latency_ + kFreeLatency;
}

void ServerWindow::move_to(std::size_t window, Phase phase) {
  if (window != window_) settling_ = std::max(settling_, std::uint64_t{std::max(window, window_)});
  window_ = window;
  phase_ = phase;
  held_ = 0;
}

void ServerWindow::set_pace(double messages_per_second) {
  if (messages_per_second > 0) messages_per_second = std::max(messages_per_second, kLeastPace);
  if (rate_ == messages_per_second) return;
  rate_ = messages_per_second;
  pace_ = RateLimit(rate_, kPaceAtOnce);
  losses_settle_ = true;
  // What is under way by now.
  const double open = before_.latency * before_.goodput;
  settling_ = std::max(settling_, 1 + std::min<std::uint64_t>(window_, static_cast<std::uint64_t>(open)));
}

void ServerWindow::measure_lost_after() {
  if (latencies_.total() < kLeastLatencies) return;
  lost_after_ =
      std::max<net::Clock::duration>(kLostAtLeast, kLostFactor * latencies_.quantile(kLostQuantile));
}

}  // namespace dauth::resolver

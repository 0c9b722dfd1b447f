// ServerWindow: how many questions one server bears at the same time and in a second, found out from its
// answers.
//
// - From a small start the window doubles as long as that brings more answers a second (goodput), or costs no
//   time worth mentioning. Then it holds, and now and then tries a little more.
// - Loss or failures above the usual make it ask more slowly, at the pace of the answers. Where that ends the
//   trouble, the pace holds, and now and then a little more is tried. Where it does not, the trouble is not
//   of our making (a lossy line, names with broken delegations): it is borne from then on, and the pace goes.
// - Rising latency makes it try a smaller window. Where that brings as many answers it stays; where they
//   become fewer in proportion, the server is slow by itself, and the window comes back.
//
// It looks at the server in epochs: some hundred questions that have ended, after those that were under way
// when a limit last changed. Only epochs in which we kept to the limit tell what it is good for.
// It also says after what time a question is probably lost. Pure: no clock, no sockets; one thread.
#pragma once

#include <cstddef>
#include <cstdint>

#include "resolver/latency_histogram.h"
#include "resolver/net/transport.h"
#include "resolver/rate_limit.h"

namespace dauth::resolver {

class ServerWindow {
 public:
  // Questions at the same time. `most` is what the caller allows at present.
  std::size_t size(std::size_t most) const { return window_ < most ? window_ : most; }
  // The window left no room.
  void was_full() { was_full_ = true; }
  // May another message be sent now, by the pace? take() counts one that is sent, allowed or not.
  bool allows(net::TimePoint now) const { return pace_.allows(now); }
  net::TimePoint allows_from() const { return pace_.free_from(); }
  void take(net::TimePoint now) {
    if (rate_ <= 0) return;
    pace_.take(now);
    if (!pace_.allows(now)) was_paced_ = true;
  }

  // --- what became of the questions
  void answered(net::Clock::duration latency, std::size_t most, net::TimePoint now);
  // Answered after it had been told to be lost: it was not.
  void answered_late(net::Clock::duration latency);
  // The server said that it could not: SERVFAIL, REFUSED and the like.
  void failed(std::size_t most, net::TimePoint now);
  // No answer when there should have been one.
  void lost(std::size_t most, net::TimePoint now);
  // The server has been unreachable: what was learnt of its limits holds no more.
  void restart();

  // An answer that has not come after so long will hardly come any more: twice the 99th percentile. max()
  // where too few answers have come to tell.
  net::Clock::duration lost_after() const { return lost_after_; }

 private:
  enum class Phase : std::uint8_t { kDoubling, kHolding, kTryingMore, kTryingLess, kSlowingDown };
  struct Epoch {
    std::uint64_t answers = 0;
    std::uint64_t failures = 0;
    std::uint64_t losses = 0;
    double latency_sum = 0;  // seconds, of the answers
    net::TimePoint began{};
    bool begun = false;
  };
  struct Reading {
    double goodput = 0;  // answers a second
    double trouble = 0;  // failures and losses among all that ended
    double latency = 0;  // seconds, the mean; 0 without answers
    bool paced = false;  // the pace was the limit
  };

  void ended(std::size_t most, net::TimePoint now);
  void judge(const Reading& reading, std::size_t most);
  void judge_doubling(const Reading& reading, std::size_t most);
  void hold(const Reading& reading, std::size_t most);
  void try_more(const Reading& reading, std::size_t most);
  void judge_more(const Reading& reading);
  void try_less(const Reading& reading);
  void judge_less(const Reading& reading);
  void slow_down(const Reading& reading);
  void judge_pace(const Reading& reading);
  void move_to(std::size_t window, Phase phase);
  void set_pace(double questions_per_second);
  double tolerance() const;
  bool costs_no_time(const Reading& reading) const;
  void measure_lost_after();

  static constexpr std::size_t kFirst = 64;
  static constexpr std::uint32_t kFirstPatience = 4;

  std::size_t window_ = kFirst;
  double rate_ = 0;  // messages a second; 0: no pace
  RateLimit pace_{0};

  Phase phase_ = Phase::kDoubling;
  std::size_t window_before_ = kFirst;  // the trial
  double rate_before_ = 0;
  Reading before_;
  // Of slowing down.
  Phase phase_before_ = Phase::kHolding;
  double trouble_at_first_ = 0;
  double sent_at_first_ = 0;  // messages a second
  std::uint32_t steps_ = 0;

  Epoch epoch_;
  net::TimePoint last_end_{};
  bool was_full_ = false;       // in this epoch: the window was the limit
  bool was_paced_ = false;      // in this epoch: the pace was
  std::uint64_t settling_ = 0;  // questions still to end that were sent under other limits
  bool losses_settle_ = false;  // a pace has just changed
  net::TimePoint settled_from_{};

  double usual_trouble_ = 0;                 // a share; what is not of our making
  double most_usual_trouble_ = 0;            // as it was when that was found
  double least_latency_ = 0;                 // seconds: of the quickest epoch; 0: none yet
  double usual_latency_ = 0;                 // seconds: what it has been while holding; 0: none yet
  double too_fast_ = 0;                      // messages a second that were found to be too many; 0: none yet
  double more_pace_ = 0;                     // what the next trial of a pace adds, as a share
  std::uint32_t held_ = 0;                   // epochs since the last trial
  std::uint32_t patience_ = kFirstPatience;  // epochs to hold before the next trial

  LatencyHistogram latencies_;
  net::Clock::duration lost_after_ = net::Clock::duration::max();
};

}  // namespace dauth::resolver

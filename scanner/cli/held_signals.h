// HeldSignals: while it lives, the signals that end a scan wait (they are blocked in this thread), so that
// work that keeps the event loop from its turn - a pipe without data, one long statement - can ask for them
// and break off in order. Signals that nobody took are delivered at its end.
#pragma once

#include <csignal>
#include <optional>
#include <string_view>
#include <vector>

#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {

// SIGINT, SIGTERM and SIGHUP; the last not where it is ignored, as nohup(1) has it.
std::vector<int> ending_signals();
std::string_view signal_name(int number);
ExitStatus status_of_signal(int number);

class HeldSignals {
 public:
  HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals();

  // Whether one waits that is held somewhere in this thread.
  static bool some_wait();
  // The number of one that waits, which is then not delivered any more.
  std::optional<int> take();

 private:
  sigset_t held_{};
  sigset_t before_{};
};

}  // namespace dauth::scanner::cli

#include "scanner/cli/held_signals.h"

#include <algorithm>
#include <ctime>

namespace dauth::scanner::cli {

std::vector<int> ending_signals() {
  std::vector<int> numbers{SIGINT, SIGTERM};
  struct sigaction now{};
  if (sigaction(SIGHUP, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) numbers.push_back(SIGHUP);
  return numbers;
}

std::string_view signal_name(int number) {
  return number == SIGINT ? "SIGINT" : number == SIGHUP ? "SIGHUP" : "SIGTERM";
}

ExitStatus status_of_signal(int number) {
  return number == SIGINT   ? ExitStatus::kInterrupted
         : number == SIGHUP ? ExitStatus::kHungUp
                            : ExitStatus::kTerminated;
}

HeldSignals::HeldSignals() {
  sigemptyset(&held_);
  for (const int number : ending_signals()) sigaddset(&held_, number);
  pthread_sigmask(SIG_BLOCK, &held_, &before_);
}

HeldSignals::~HeldSignals() {
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool HeldSignals::some_wait() {
  sigset_t waiting{};
  sigpending(&waiting);
  const auto numbers = ending_signals();
  return std::any_of(numbers.begin(), numbers.end(),
                     [&](int number) { return sigismember(&waiting, number) == 1; });
}

std::optional<int> HeldSignals::take() {
  const timespec at_once{};
  const int number = sigtimedwait(&held_, nullptr, &at_once);
  return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace dauth::scanner::cli

#include "tests/support/daemon.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "tests/support/loopback.h"

namespace dauth::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kStopLimit = std::chrono::seconds(10);
constexpr int kPortAttempts = 8;

}  // namespace

Daemon::Daemon(const DaemonPlan& plan) : plan_(plan) {
  if (!find_program(plan.program)) {
    throw std::runtime_error(plan.program + " is not installed (Debian package " + plan.package +
                             "; scripts/setup installs it)");
  }
  for (int attempt = 0; attempt < kPortAttempts; ++attempt) {
    if (start(free_port())) return;
  }
  throw std::runtime_error(plan.program + " found no free port:\n" + log());
}

Daemon::~Daemon() {
  if (process_) stop();
}

// False when the port was taken between the choice and the server's bind.
bool Daemon::start(std::uint16_t port) {
  port_ = port;
  std::filesystem::remove(directory_.file("log"));
  ProcessOptions options;
  options.arguments = plan_.prepare(directory_, port_);
  options.output_file = directory_.file("log");
  options.working_directory = directory_.path();
  options.death_signal = SIGTERM;  // SIGKILL would leave the server's own children behind
  process_ = std::make_unique<ChildProcess>(options);

  const Clock::time_point deadline = Clock::now() + plan_.start_limit;
  milliseconds patience(20);
  while (Clock::now() < deadline) {
    const bool answered =
        ask_loopback(port_, plan_.readiness_name, plan_.readiness_type, plan_.readiness_class, patience)
            .has_value();
    // Asked behind the answer: another server on the same port may have given it.
    const std::optional<ProcessEnd> end = process_->wait_for_end(milliseconds(answered ? 0 : 5));
    // BIND complains and serves on without the port, so that somebody else's server would pass for it.
    if (!end && answered && log().find("address in use") != std::string::npos) {
      process_->stop(kStopLimit);
      return false;
    }
    if (end) {
      if (log().find("already in use") != std::string::npos) return false;
      throw std::runtime_error(plan_.program + " ended with status " + std::to_string(end->status) +
                               " before it served:\n" + log());
    }
    if (answered) return true;
    patience = std::min(patience * 2, milliseconds(500));
  }
  process_->stop(kStopLimit);
  throw std::runtime_error(plan_.program + " did not answer in time:\n" + log());
}

void Daemon::restart() {
  static_cast<void>(stop());
  end_.reset();
  if (!start(port_)) throw std::runtime_error(plan_.program + ": its port was taken while it was away");
}

bool Daemon::is_running() {
  return !end_ && !process_->wait_for_end(milliseconds(0)).has_value();
}

ProcessEnd Daemon::stop() {
  if (!end_) {
    resume();
    end_ = process_->stop(kStopLimit);
  }
  return *end_;
}

void Daemon::pause() const {
  process_->send_group_signal(SIGSTOP);
}

void Daemon::resume() const {
  process_->send_group_signal(SIGCONT);
}

void Daemon::kill() {
  process_->send_group_signal(SIGKILL);
  end_ = process_->wait_for_end(kStopLimit);
}

std::string Daemon::log() const {
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
    if (entry.path().filename().string().starts_with("log")) text += read_file(entry.path());
  }
  return text;
}

}  // namespace dauth::testing

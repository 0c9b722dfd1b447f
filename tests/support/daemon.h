// Daemon: a name server run by a test in the foreground, on a port of its own.
//
// Owns the process and its directory (configuration, log, state). Start-up ends when the server answers a
// question; a port that somebody else took meanwhile is exchanged for another. Failures throw
// std::runtime_error with the server's log in the message: a test cannot go on without its server.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {

struct DaemonPlan {
  std::string program;         // "nsd"
  std::string package;         // the Debian package that holds it, for the message when it is missing
  std::string readiness_name;  // a question that is answered as soon as the server serves
  std::uint16_t readiness_type = 6;
  std::uint16_t readiness_class = 1;
  std::chrono::milliseconds start_limit = std::chrono::seconds(60);
  // Writes the configuration for that port and returns the command line.
  std::function<std::vector<std::string>(const TemporaryDirectory&, std::uint16_t port)> prepare;
};

class Daemon {
 public:
  explicit Daemon(const DaemonPlan& plan);
  Daemon(Daemon&&) noexcept = default;
  Daemon& operator=(Daemon&&) = delete;
  ~Daemon();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return process_->pid(); }
  bool is_running();
  // SIGTERM, a bounded wait, SIGKILL; the second call does nothing.
  ProcessEnd stop();
  // SIGKILL at once to all its processes: the server falls silent as in a crash.
  void kill();
  // After kill() or stop(): the same server once more, on the same port. Throws where the port is taken.
  void restart();
  // SIGSTOP and SIGCONT: the server stays but does not answer.
  void pause() const;
  void resume() const;
  // What the server has logged so far.
  std::string log() const;
  const TemporaryDirectory& directory() const { return directory_; }

 private:
  bool start(std::uint16_t port);

  DaemonPlan plan_;
  TemporaryDirectory directory_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
  std::optional<ProcessEnd> end_;
};

}  // namespace dauth::testing

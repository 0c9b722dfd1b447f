// ChildProcess: one program run by a test, with its input, its output and its end.
//
// Owns the process: when the object goes while the program still runs, the program is killed and reaped.
// stdout and stderr go to anonymous files, so that a program that prints much never waits for its reader;
// stdin is a pipe. The program is killed when the thread that started it ends (PR_SET_PDEATHSIG), so an
// aborted test leaves nothing behind. Throws std::system_error where the program cannot be started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace dauth::testing {

inline constexpr std::chrono::milliseconds kDefaultProgramLimit = std::chrono::seconds(60);

// How a process ended: with a status, or by a signal.
struct ProcessEnd {
  int status = -1;  // exit status; -1 where a signal ended it
  int signal = 0;   // 0 where it exited by itself

  friend bool operator==(const ProcessEnd&, const ProcessEnd&) = default;
};

struct ProcessResult {
  ProcessEnd end;
  bool limit_reached = false;  // killed since it ran longer than its limit
  std::string out;
  std::string err;

  // Exit status as a shell would give it: 128 + signal for a death by signal.
  int status() const { return end.signal != 0 ? 128 + end.signal : end.status; }
};

struct ProcessOptions {
  std::vector<std::string> arguments;  // [0] is the program: a path, or a name found by find_program
  std::string input;                   // fed to stdin, which is closed behind it
  std::vector<std::pair<std::string, std::string>> environment;  // set beside the inherited variables
  std::filesystem::path working_directory;                       // empty: the caller's
  int death_signal = 9;                              // what the program gets when the starting thread ends
  std::optional<std::filesystem::path> output_file;  // stdout and stderr are appended there instead
  bool inherit_output = false;                       // stdout, stderr and stdin are the caller's
};

// Neither copied nor moved: an object always stands for one process, and its pid is always a child's.
class ChildProcess {
 public:
  explicit ChildProcess(const ProcessOptions& options);
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess();

  pid_t pid() const { return pid_; }
  // Does nothing once the program has ended and been reaped.
  void send_signal(int signal) const;
  // The same for the program and the processes that it has started itself.
  void send_group_signal(int signal) const;
  // Waits until the program ends; nothing when it still runs after `limit`.
  std::optional<ProcessEnd> wait_for_end(std::chrono::milliseconds limit);
  // SIGTERM, and SIGKILL for the whole process group where that has not helped within `grace`.
  ProcessEnd stop(std::chrono::milliseconds grace);
  // Waits for the end and hands out everything; kills the program when it runs longer than `limit`.
  ProcessResult finish(std::chrono::milliseconds limit = kDefaultProgramLimit);

  // What the program has printed so far.
  std::string out() const;
  std::string err() const;

 private:
  void kill_group() const;

  pid_t pid_ = -1;
  int pid_descriptor_ = -1;
  int out_descriptor_ = -1;
  int err_descriptor_ = -1;
  std::optional<ProcessEnd> end_;
  std::thread feeder_;
};

// Runs a program to its end.
ProcessResult run_program(const ProcessOptions& options,
                          std::chrono::milliseconds limit = kDefaultProgramLimit);

// The absolute path of a program on PATH or in /usr/sbin or /sbin, where daemons live and where the PATH of a
// plain user does not lead; nothing when it is not installed.
std::optional<std::filesystem::path> find_program(std::string_view name);

}  // namespace dauth::testing

#include "tests/support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace dauth::testing {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

[[noreturn]] void fail(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

void close_if_open(int& descriptor) {
  if (descriptor >= 0) ::close(descriptor);
  descriptor = -1;
}

int open_output(const ProcessOptions& options, const char* name) {
  const int descriptor = options.output_file ? ::open(options.output_file->c_str(),
                                                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
                                             : ::memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) fail("output of " + options.arguments[0]);
  return descriptor;
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& additions) {
  std::vector<std::string> all;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [added, value] : additions) replaced = replaced || added == name;
    if (!replaced) all.emplace_back(text);
  }
  for (const auto& [name, value] : additions) all.emplace_back(name).append("=").append(value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string contents_of(int descriptor) {
  std::string text;
  std::array<char, 16384> block{};
  while (descriptor >= 0) {
    const ssize_t length = ::pread(descriptor, block.data(), block.size(), static_cast<off_t>(text.size()));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) break;
    text.append(block.data(), static_cast<std::size_t>(length));
  }
  return text;
}

// Everything that the child needs, prepared before fork: behind it only async-signal-safe calls are allowed.
struct ChildPlan {
  const char* program = nullptr;
  char** arguments = nullptr;
  char** environment = nullptr;
  const char* working_directory = nullptr;
  std::array<int, 3> streams = {-1, -1, -1};
  int error_pipe = -1;
  int death_signal = SIGKILL;
  bool leads_group = true;
  pid_t parent = -1;
};

[[noreturn]] void become_program(const ChildPlan& plan) {
  if (plan.leads_group) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, plan.death_signal);
  if (::getppid() != plan.parent) ::_exit(127);  // the parent died before prctl
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  bool prepared = true;
  for (int stream = 0; stream < 3; ++stream) {
    const int source = plan.streams[static_cast<std::size_t>(stream)];
    if (source >= 0) prepared = prepared && ::dup2(source, stream) == stream;
  }
  if (plan.working_directory != nullptr) prepared = prepared && ::chdir(plan.working_directory) == 0;
  if (prepared) ::execve(plan.program, plan.arguments, plan.environment);
  const int error = errno;
  [[maybe_unused]] const ssize_t told = ::write(plan.error_pipe, &error, sizeof error);
  ::_exit(127);
}

// Feeds stdin on a thread of its own, so that neither side can wait for the other for ever. SIGPIPE is
// blocked there: a program may end without reading all of its input.
void feed(int descriptor, const std::string& input) {
  sigset_t pipe_signal;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  std::string_view rest = input;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  ::close(descriptor);
}

enum class Addressee : std::uint8_t { kProcess, kGroup };

// The only way to kill(2) here. Its first argument means "every process there is" when it is -1, and init
// when it is 1: neither may come out of a number that is no child's.
void signal_process(pid_t pid, Addressee addressee, int signal) {
  if (pid <= 1) throw std::logic_error("no child process to signal");
  ::kill(addressee == Addressee::kGroup ? -pid : pid, signal);
}

}  // namespace

ChildProcess::ChildProcess(const ProcessOptions& options) {
  if (options.arguments.empty()) fail("no program given", EINVAL);
  const std::optional<std::filesystem::path> program = find_program(options.arguments[0]);
  if (!program) fail("program " + options.arguments[0], ENOENT);

  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> environment = environment_with(options.environment);
  std::vector<char*> argument_pointers = pointers_to(arguments);
  std::vector<char*> environment_pointers = pointers_to(environment);

  std::array<int, 2> input_pipe = {-1, -1};
  std::array<int, 2> error_pipe = {-1, -1};
  if (::pipe2(error_pipe.data(), O_CLOEXEC) != 0) fail("pipe");
  if (!options.inherit_output) {
    if (::pipe2(input_pipe.data(), O_CLOEXEC) != 0) fail("pipe");
    out_descriptor_ = open_output(options, "stdout");
    err_descriptor_ = open_output(options, "stderr");
  }

  ChildPlan plan;
  plan.program = program->c_str();
  plan.arguments = argument_pointers.data();
  plan.environment = environment_pointers.data();
  plan.working_directory = options.working_directory.empty() ? nullptr : options.working_directory.c_str();
  plan.streams = {input_pipe[0], out_descriptor_, err_descriptor_};
  plan.error_pipe = error_pipe[1];
  plan.death_signal = options.death_signal;
  plan.leads_group = !options.inherit_output;  // so that a terminal's Ctrl-C reaches it
  plan.parent = ::getpid();

  pid_ = ::fork();
  if (pid_ == 0) become_program(plan);
  const int fork_error = errno;
  close_if_open(error_pipe[1]);
  close_if_open(input_pipe[0]);
  if (pid_ < 0) fail("fork", fork_error);

  // The pipe closes at exec; a number in it is the reason why there was none.
  int error = 0;
  ssize_t told = 0;
  do {
    told = ::read(error_pipe[0], &error, sizeof error);
  } while (told < 0 && errno == EINTR);
  close_if_open(error_pipe[0]);
  if (told > 0) {
    ::waitpid(pid_, nullptr, 0);
    close_if_open(input_pipe[1]);
    close_if_open(out_descriptor_);
    close_if_open(err_descriptor_);
    fail("start " + program->string(), error);
  }
  // By number: glibc 2.36 declares pidfd_open without C linkage.
  pid_descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
  if (input_pipe[1] >= 0) feeder_ = std::thread(feed, input_pipe[1], options.input);
}

ChildProcess::~ChildProcess() {
  if (!end_) {
    kill_group();
    wait_for_end(std::chrono::seconds(10));
  }
  if (feeder_.joinable()) feeder_.join();
  close_if_open(pid_descriptor_);
  close_if_open(out_descriptor_);
  close_if_open(err_descriptor_);
}

void ChildProcess::send_signal(int signal) const {
  if (!end_) signal_process(pid_, Addressee::kProcess, signal);
}

void ChildProcess::send_group_signal(int signal) const {
  if (!end_) signal_process(pid_, Addressee::kGroup, signal);
}

void ChildProcess::kill_group() const {
  signal_process(pid_, Addressee::kGroup, SIGKILL);
  signal_process(pid_, Addressee::kProcess, SIGKILL);  // it need not lead a group
}

std::optional<ProcessEnd> ChildProcess::wait_for_end(milliseconds limit) {
  const Clock::time_point deadline = Clock::now() + limit;
  while (!end_) {
    int raw = 0;
    const pid_t reaped = ::waitpid(pid_, &raw, WNOHANG);
    if (reaped == pid_) {
      end_ = WIFSIGNALED(raw) ? ProcessEnd{-1, WTERMSIG(raw)} : ProcessEnd{WEXITSTATUS(raw), 0};
      break;
    }
    if (reaped < 0 && errno != EINTR) fail("waitpid");
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) break;
    // The descriptor becomes readable when the process ends; kernels that refuse it are asked again and
    // again.
    pollfd watched{pid_descriptor_, POLLIN, 0};
    const milliseconds pause = pid_descriptor_ >= 0 ? left : std::min(left, milliseconds(10));
    ::poll(&watched, pid_descriptor_ >= 0 ? 1 : 0, static_cast<int>(pause.count()));
  }
  return end_;
}

ProcessEnd ChildProcess::stop(milliseconds grace) {
  send_signal(SIGTERM);
  if (!wait_for_end(grace)) {
    kill_group();
    wait_for_end(std::chrono::seconds(10));
  }
  return end_.value_or(ProcessEnd{});
}

ProcessResult ChildProcess::finish(milliseconds limit) {
  ProcessResult result;
  if (!wait_for_end(limit)) {
    result.limit_reached = true;
    kill_group();
    wait_for_end(std::chrono::seconds(10));
  }
  if (feeder_.joinable()) feeder_.join();
  result.end = end_.value_or(ProcessEnd{});
  result.out = out();
  result.err = err();
  return result;
}

std::string ChildProcess::out() const {
  return contents_of(out_descriptor_);
}

std::string ChildProcess::err() const {
  return contents_of(err_descriptor_);
}

ProcessResult run_program(const ProcessOptions& options, milliseconds limit) {
  return ChildProcess(options).finish(limit);
}

std::optional<std::filesystem::path> find_program(std::string_view name) {
  const auto runnable = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string_view::npos) {
    if (!runnable(name)) return std::nullopt;
    return std::filesystem::absolute(name);
  }
  const char* path_variable = std::getenv("PATH");
  const std::string path = std::string(path_variable == nullptr ? "/usr/bin:/bin" : path_variable) +
                           ":/usr/sbin:/sbin:/usr/local/sbin";
  std::string_view rest = path;
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    std::filesystem::path candidate = std::filesystem::path(rest.substr(0, colon)) / name;
    if (candidate.is_absolute() && runnable(candidate)) return candidate;
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  }
  return std::nullopt;
}

}  // namespace dauth::testing

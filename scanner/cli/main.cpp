#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <system_error>

#include "scanner/cli/console.h"
#include "scanner/cli/program.h"

namespace dauth::scanner::cli {
namespace {

int number(ExitStatus status) {
  return static_cast<int>(status);
}

// Where the mistake was made decides whose --help is pointed to.
std::string invocation(const CLI::App& program) {
  const auto chosen = program.get_subcommands();
  return chosen.empty() ? "dauth" : "dauth " + chosen.front()->get_name();
}

int run(int argc, char** argv) {
  Console console;
  Program parser;
  CLI::App& program = parser.app();
  try {
    program.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    write_stdout(program.help());  // of the command, where one was named
    return number(flush_stdout() ? ExitStatus::kDone : ExitStatus::kFault);
  } catch (const CLI::Success& success) {  // --version
    write_stdout(std::string(success.what()) + "\n");
    return number(flush_stdout() ? ExitStatus::kDone : ExitStatus::kFault);
  } catch (const CLI::ParseError& error) {
    const std::string at = invocation(program);
    console.say(printable(at + ": " + error.what()) + " (see '" + at + " --help')");
    return number(ExitStatus::kUsage);
  }
  if (program.get_subcommands().empty()) {
    std::string names;
    for (const auto& command : parser.commands()) {
      const bool last = command == parser.commands().back();
      names += (names.empty() ? "" : last ? " or " : ", ") + command->app().get_name();
    }
    console.say("dauth: a command is missing: " + names + " (see 'dauth --help')");
    return number(ExitStatus::kUsage);
  }
  for (const auto& command : parser.commands()) {
    if (!command->app().parsed()) continue;
    const ExitStatus status = command->run(console);
    // Data that nobody could read is not done.
    if (!flush_stdout() && status == ExitStatus::kDone) {
      console.complain_of_stdout();
      return number(ExitStatus::kFault);
    }
    return number(status);
  }
  return number(ExitStatus::kUsage);
}

}  // namespace
}  // namespace dauth::scanner::cli

int main(int argc, char** argv) {
  // A reader that goes away is an error of write(2), not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  // So is a file that may not grow any more (ulimit -f): to the database it is a disk without room.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return dauth::scanner::cli::run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::fputs("dauth: no memory is left; what was saved stays saved\n", stderr);
    return static_cast<int>(dauth::scanner::cli::ExitStatus::kFault);
  } catch (const std::system_error& error) {
    // What a thread that cannot be started says where there is no room for its stack.
    const bool is_short = error.code() == std::errc::resource_unavailable_try_again ||
                          error.code() == std::errc::not_enough_memory;
    std::fprintf(stderr, "dauth: %s: %s; what was saved stays saved\n",
                 is_short ? "no memory is left, or no thread" : "internal fault", error.what());
    return static_cast<int>(dauth::scanner::cli::ExitStatus::kFault);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dauth: internal fault: %s\n", error.what());
    return static_cast<int>(dauth::scanner::cli::ExitStatus::kFault);
  }
}

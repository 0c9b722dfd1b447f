// dauth-testbed: serves a generated registry on loopback, by NSD and by Unbound over it, while a command
// runs.
//
//   dauth-testbed --registry DIR -- COMMAND ARGUMENTS...
//
// The command finds the servers in DAUTH_TESTBED_RESOLVER and DAUTH_TESTBED_AUTHORITATIVE (ADDRESS:PORT); its
// exit status is handed on, 128 + number for a death by signal.
#include <fmt/core.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/nsd_server.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unbound_server.h"

namespace {

using namespace dauth::testing;

struct TestbedOptions {
  std::filesystem::path registry;
  std::filesystem::path ready_file;
  bool direct = false;
  unsigned nsd_processes = 1;
  std::vector<std::string> command;
};

volatile sig_atomic_t stop_signal = 0;

void remember_signal(int signal) {
  stop_signal = signal;
}

// Ctrl-C and kill end the command; the servers are then stopped in the usual way.
void catch_stop_signals() {
  struct sigaction action{};
  action.sa_handler = remember_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal, &action, nullptr);
}

int run_command(const TestbedOptions& options, const std::string& resolver,
                const std::string& authoritative) {
  ProcessOptions process;
  process.arguments = options.command;
  process.environment = {{"DAUTH_TESTBED_RESOLVER", resolver},
                         {"DAUTH_TESTBED_AUTHORITATIVE", authoritative}};
  process.inherit_output = true;
  process.death_signal = SIGTERM;
  ChildProcess child(process);
  bool handed_on = false;
  while (true) {
    // Comes back now and then to hand on a signal that the handler has noted.
    const std::optional<ProcessEnd> end = child.wait_for_end(std::chrono::milliseconds(200));
    if (end) return end->signal != 0 ? 128 + end->signal : end->status;
    if (stop_signal != 0 && !handed_on) {
      child.send_signal(stop_signal);
      handed_on = true;
    }
  }
}

int serve(const TestbedOptions& options) {
  NsdOptions nsd_options;
  nsd_options.zones = read_zone_index(options.registry / "zones.tsv");
  nsd_options.server_count = options.nsd_processes;
  const NsdServer nsd(nsd_options);
  std::optional<UnboundServer> unbound;
  if (!options.direct) unbound.emplace(UnboundServer::over(nsd.port()));
  const std::string resolver = unbound ? unbound->address() : nsd.address();
  if (!options.ready_file.empty()) {
    // Renamed into place, so that whoever waits for it never reads half of it.
    const std::filesystem::path unfinished = options.ready_file.string() + ".new";
    write_file(unfinished, fmt::format("DAUTH_TESTBED_RESOLVER={}\nDAUTH_TESTBED_AUTHORITATIVE={}\n",
                                       resolver, nsd.address()));
    std::filesystem::rename(unfinished, options.ready_file);
  }
  return run_command(options, resolver, nsd.address());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app("Serves a generated registry on loopback while a command runs.", "dauth-testbed");
    TestbedOptions options;
    bool through_unbound = false;
    app.add_option("--registry", options.registry, "Directory that dauth-generate-registry wrote")
        ->required();
    auto* direct =
        app.add_flag("--direct", options.direct, "The authoritative server alone stands as the resolver");
    app.add_flag("--unbound", through_unbound, "The recursive server is the resolver (default)")
        ->excludes(direct);
    app.add_option("--ready-file", options.ready_file, "Written with both addresses once the servers answer");
    app.add_option("--nsd-processes", options.nsd_processes, "Processes of the authoritative server")
        ->capture_default_str();
    app.add_option("command", options.command, "Command and arguments, behind --")->required();
    CLI11_PARSE(app, argc, argv);
    catch_stop_signals();
    return serve(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "dauth-testbed: {}\n", error.what());
    return 1;
  }
}

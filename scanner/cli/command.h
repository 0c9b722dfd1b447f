// Command: one command of `dauth`. Adds itself to the parser; run() does the work after parsing.
#pragma once

#include <memory>
#include <string>

#include "data/store.h"
#include "scanner/cli/console.h"
#include "scanner/cli/exit_status.h"

// Whatever needs no more of CLI11 compiles in half the time.
namespace CLI {
class App;
class Option;
class Validator;
}  // namespace CLI

namespace dauth::scanner::cli {

class Command {
 public:
  virtual ~Command() = default;
  virtual ExitStatus run(Console& console) = 0;
  CLI::App& app() const { return *app_; }

 protected:
  explicit Command(CLI::App& app) : app_(&app) {}

 private:
  CLI::App* app_;
};

std::unique_ptr<Command> make_scan_command(CLI::App& program);
std::unique_ptr<Command> make_report_command(CLI::App& program);
std::unique_ptr<Command> make_export_command(CLI::App& program);
std::unique_ptr<Command> make_import_command(CLI::App& program);
std::unique_ptr<Command> make_runs_command(CLI::App& program);
std::unique_ptr<Command> make_check_command(CLI::App& program);
std::unique_ptr<Command> make_rejudge_command(CLI::App& program);
std::unique_ptr<Command> make_prune_command(CLI::App& program);

// -d, --database, required.
void add_database_option(CLI::App& command, std::string& path);

// Refuses what is no month (YYYY-MM).
CLI::Validator is_month();

// -m, --month.
CLI::Option* add_month_option(CLI::App& command, std::string& month, const std::string& description);

// Prints what the store says of the database at `path` and gives the status for it: a file that cannot be
// used is the caller's usage, a fault while working is not.
ExitStatus complain_of_store(Console& console, const std::string& path, const data::StoreError& error);

// The same for a database that could not be opened: one that cannot be read is the caller's usage.
ExitStatus complain_of_open(Console& console, const std::string& path, const data::StoreError& error);

}  // namespace dauth::scanner::cli

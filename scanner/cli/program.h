// Program: the parser of the whole command line and the commands behind it. `dauth` runs them;
// dauth-reference writes the manual pages and the completions from the same tree, so that neither can say
// what --help does not.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <vector>

#include "scanner/cli/command.h"

namespace dauth::scanner::cli {

class Program {
 public:
  Program();
  CLI::App& app() { return app_; }
  const std::vector<std::unique_ptr<Command>>& commands() const { return commands_; }

 private:
  CLI::App app_;
  std::vector<std::unique_ptr<Command>> commands_;
};

}  // namespace dauth::scanner::cli

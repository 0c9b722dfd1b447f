// The settings file: no crash, and no exception but a parse error. The options' own checks run as in the
// program; nothing is opened and no command is run.
#include <CLI/CLI.hpp>
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>

#include "scanner/cli/program.h"
#include "scanner/cli/toml_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static dauth::scanner::cli::Program program;
  const dauth::scanner::cli::TomlConfig config(program.app());
  std::istringstream input(std::string(data, data + size));
  try {
    static_cast<void>(config.from_config(input));
  } catch (const CLI::ParseError&) {
  }
  return 0;
}

// --help in 80 columns, whatever the terminal: names of options first, their texts wrapped below one another.
#pragma once

#include <CLI/CLI.hpp>

namespace dauth::scanner::cli {

class HelpFormatter final : public CLI::Formatter {
 public:
  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
  std::string make_subcommand(const CLI::App* command) const override;
};

}  // namespace dauth::scanner::cli

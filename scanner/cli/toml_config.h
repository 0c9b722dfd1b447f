// Options from a TOML file (--config): a table for each command, a key for each long option or, in small
// letters, each argument.
//
//   [scan]
//   list = ["/srv/survey/list.txt"]
//   resolver = ["192.0.2.1", "192.0.2.2:5353"]
//   timeout = "2s"
//
// Read as real TOML 1.0 (toml++); a key that is no option, a wrong type or value is an error with
// `file:line`.
#pragma once

#include <CLI/CLI.hpp>

namespace dauth::scanner::cli {

class TomlConfig final : public CLI::Config {
 public:
  explicit TomlConfig(const CLI::App& app) : app_(app) {}
  std::string to_config(const CLI::App*, bool, bool, std::string) const override { return {}; }
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

 private:
  const CLI::App& app_;
};

}  // namespace dauth::scanner::cli

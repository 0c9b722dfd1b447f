#include "scanner/cli/toml_config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

namespace dauth::scanner::cli {
namespace {

[[noreturn]] void refuse(const toml::node& node, const std::string& reason) {
  throw CLI::ConfigError(fmt::format("--config: line {}: {}", node.source().begin.line, reason),
                         CLI::ExitCodes::ConfigError);
}

std::string scalar_text(const std::string& key, const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  refuse(node, fmt::format("'{}' is not a text, a number, a boolean or a list of these", key));
}

// The name by which the command has the key's option: a long option, or an argument such as LIST. Empty:
// none.
std::string option_name(const CLI::App& command, std::string key) {
  if (command.get_option_no_throw("--" + key) != nullptr) return key;
  for (const CLI::Option* argument :
       command.get_options([](const CLI::Option* o) { return o->get_positional(); })) {
    if (CLI::detail::to_lower(argument->get_name(true)) == key) return argument->get_name(true);
  }
  return {};
}

// Options that stand in a table for the command of its name.
void read_table(const CLI::App& command, const std::string& name, const toml::table& table,
                std::vector<CLI::ConfigItem>& found) {
  for (const auto& [key, node] : table) {
    const std::string key_text(key.str());
    CLI::ConfigItem item;
    item.parents = {name};
    item.name = option_name(command, key_text);
    if (item.name.empty()) {
      refuse(node, fmt::format("'{}' is no option of 'dauth {}'", key_text, name));
    }
    if (const auto* list = node.as_array()) {
      for (const toml::node& element : *list) item.inputs.push_back(scalar_text(key_text, element));
    } else {
      item.inputs.push_back(scalar_text(key_text, node));
    }
    found.push_back(std::move(item));
  }
}

}  // namespace

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
  toml::table root;
  try {
    root = toml::parse(input);
  } catch (const toml::parse_error& error) {
    throw CLI::ConfigError(
        fmt::format("--config: line {}: {}", error.source().begin.line, error.description()),
        CLI::ExitCodes::ConfigError);
  }
  std::vector<CLI::ConfigItem> found;
  for (const auto& [key, node] : root) {
    const std::string name(key.str());
    const auto commands = app_.get_subcommands([&](const CLI::App* c) { return c->get_name() == name; });
    const auto* table = node.as_table();
    if (table == nullptr)
      refuse(node, fmt::format("'{}' stands in no table of a command, such as [scan]", name));
    if (commands.empty()) refuse(node, fmt::format("[{}] is no command of dauth", name));
    read_table(*commands.front(), name, *table, found);
  }
  return found;
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/help_formatter.h"

#include <fmt/format.h>

namespace dauth::scanner::cli {
namespace {

constexpr std::size_t kWidth = 80;
constexpr std::size_t kTextColumn = 29;

std::string row(const std::string& names, std::string_view text) {
  std::string lines = "  " + names;
  std::size_t column = lines.size();
  if (column + 2 > kTextColumn) {
    lines += '\n';
    column = 0;
  }
  lines.append(kTextColumn - column, ' ');
  column = kTextColumn;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (!first && column + 1 + word.size() > kWidth) {
      lines += '\n';
      lines.append(kTextColumn, ' ');
      column = kTextColumn;
    } else if (!first) {
      lines += ' ';
      ++column;
    }
    lines += word;
    column += word.size();
    first = false;
  }
  return lines + '\n';
}

}  // namespace

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string names = option->get_name(is_positional, true);
  if (const auto comma = names.find(','); comma != std::string::npos) names.insert(comma + 1, " ");
  if (!is_positional && option->get_type_size() != 0 && !option->get_type_name().empty()) {
    names += ' ' + option->get_type_name();
  }
  std::string text = make_option_desc(option);
  if (!option->get_default_str().empty()) text += fmt::format(" [{}]", option->get_default_str());
  if (option->get_required()) text += " (required)";
  return row(names, text);
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string usage = "Usage: ";
  // The parser hands over the program's name with the command's where it has one.
  usage += name.empty() ? app->get_name() : name;
  if (!app->get_options([](const CLI::Option* option) { return option->nonpositional(); }).empty()) {
    usage += " [OPTIONS]";
  }
  for (const CLI::Option* option :
       app->get_options([](const CLI::Option* o) { return o->get_positional(); })) {
    std::string argument = option->get_name(true, true);
    if (option->get_expected_max() > 1) argument += "...";
    usage += option->get_required() ? ' ' + argument : " [" + argument + ']';
  }
  if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) usage += " COMMAND";
  return usage + "\n\n";
}

std::string HelpFormatter::make_subcommand(const CLI::App* command) const {
  const std::string description = command->get_description();
  return row(command->get_name(), std::string_view(description).substr(0, description.find('\n')));
}

}  // namespace dauth::scanner::cli

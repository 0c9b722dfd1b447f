#include "scanner/cli/reference_pages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <cctype>
#include <string_view>
#include <vector>

#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {
namespace {

using Options = std::vector<const CLI::Option*>;

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}
Options options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* o) { return o->nonpositional() && !o->get_group().empty(); });
}
Options arguments_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* o) { return o->get_positional(); });
}
bool takes_value(const CLI::Option& option) {
  return option.get_type_size() != 0;
}

// -d, --database
std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

// Values that are files, by the placeholder that --help shows.
bool is_file(const CLI::Option& option) {
  const std::string value = option.get_positional() ? option.get_name(true) : option.get_type_name();
  return value == "FILE" || value == "DB" || value == "LIST" || value == "COUNTS.csv" || value == "COUNTS" ||
         value == "HOW";
}

// --- manual pages
std::string roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      default:
        escaped += c;
    }
  }
  // A line that begins with a dot would be a request.
  return escaped.starts_with('.') ? "\\&" + escaped : escaped;
}

// Small letters at the beginning stay, since many texts begin with values: "auto, always or never".
std::string paragraph(std::string text) {
  if (!text.ends_with('.')) text += '.';
  return roff(text) + "\n";
}

std::string sentence(std::string text) {
  if (!text.empty()) text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return paragraph(std::move(text));
}

std::string default_of(const CLI::Option& option) {
  if (option.get_default_str().empty()) return {};
  return fmt::format("Default: \\fB{}\\fR.\n", roff(option.get_default_str()));
}

std::string heading(std::string_view name, const PageStamp& stamp) {
  std::string title;
  for (const char c : name) title += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return fmt::format(
      ".\\\" Written by dauth-reference from the program's options.\n.TH {} 1 {} \"dauth {}\" \"dauth\"\n",
      roff(title), stamp.date, stamp.version);
}

std::string option_entry(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : names_of(option)) names.push_back(fmt::format("\\fB{}\\fR", roff(name)));
  std::string entry = fmt::format(".TP\n{}", fmt::join(names, ", "));
  if (takes_value(option) && !option.get_type_name().empty())
    entry += fmt::format(" \\fI{}\\fR", roff(option.get_type_name()));
  std::string text = option.get_description();
  if (option.get_required()) text += " (required)";
  entry += "\n" + paragraph(text);
  entry += default_of(option);
  return entry;
}

std::string argument_entry(const CLI::Option& argument) {
  return fmt::format(".TP\n\\fI{}\\fR\n{}{}", roff(argument.get_name(true)),
                     paragraph(argument.get_description()), default_of(argument));
}

std::string exit_statuses() {
  std::string text = ".SH EXIT STATUS\n";
  for (const ExitStatusMeaning& meaning : kExitStatusMeanings) {
    text += fmt::format(".TP\n.B {}\n{}", meaning.status, paragraph(std::string(meaning.meaning)));
  }
  return text;
}

std::string see_also(const CLI::App& program, const CLI::App* without) {
  std::vector<std::string> pages;
  if (without != nullptr) pages.push_back(".BR dauth (1)");
  for (const CLI::App* command : commands_of(program)) {
    if (command != without) pages.push_back(fmt::format(".BR dauth\\-{} (1)", roff(command->get_name())));
  }
  return fmt::format(".SH SEE ALSO\n{}\n", fmt::join(pages, ",\n"));
}

// --- completions
// Inside single quotes of a shell.
std::string in_quotes(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return escaped;
}

// In a specification of zsh's _arguments.
std::string zsh_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return in_quotes(escaped);
}

std::string zsh_option(const CLI::Option& option) {
  const std::vector<std::string> names = names_of(option);
  std::string value;
  if (takes_value(option)) {
    value = fmt::format(":{}:{}", zsh_text(option.get_type_name()), is_file(option) ? "_files" : "");
  }
  // What may be given once is not offered again.
  const bool repeatable = option.get_items_expected_max() > 1;
  const std::string description = zsh_text(option.get_description());
  std::string lines;
  for (const std::string& name : names) {
    const std::string others = repeatable ? "*" : fmt::format("({})", fmt::join(names, " "));
    lines += fmt::format(" \\\n        '{}{}[{}]{}'", others, name, description, value);
  }
  return lines;
}

}  // namespace

std::string program_page(const CLI::App& program, const PageStamp& stamp) {
  std::string page = heading("dauth", stamp);
  page += ".SH NAME\ndauth \\- the survey of mail authentication in the DNS\n";
  page += ".SH SYNOPSIS\n.B dauth\n[\\fIOPTIONS\\fR]\n.I COMMAND\n.RI [ ARGUMENTS ]\n";
  page +=
      ".SH DESCRIPTION\n"
      "Measures how many domains of a registry publish MX, SPF and Sender ID, DomainKeys and DKIM signing "
      "policies "
      "and DMARC:\n"
      "takes the registry\\(aqs list of domains, asks the DNS about each of them once a month, and prints "
      "the counts "
      "by category of name.\n"
      "Data goes to standard output, everything else to standard error.\n";
  page += ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(program)) {
    page += fmt::format(".TP\n.BR dauth\\-{} (1)\n{}", roff(command->get_name()),
                        sentence(command->get_description()));
  }
  page += ".SH OPTIONS\n";
  for (const CLI::Option* option : options_of(program)) page += option_entry(*option);
  page +=
      ".SH FILES\n"
      ".TP\n.I /etc/dauth.toml\nOptions of the monthly job, read where \\fB\\-\\-config\\fR names it: a "
      "table for each "
      "command, a key for each long option or argument.\n"
      "What the command line says wins.\n"
      ".TP\n.I /var/lib/dauth\nThe database, log and metrics of the monthly job.\n"
      ".SH ENVIRONMENT\n"
      ".TP\n.B NO_COLOR\nWhere it is set, progress is not written in place, and check prints no colours.\n";
  return page + exit_statuses() + see_also(program, nullptr);
}

std::string command_page(const CLI::App& program, const CLI::App& command, const PageStamp& stamp) {
  const std::string name = command.get_name();
  std::string page = heading("dauth-" + name, stamp);
  page += fmt::format(".SH NAME\ndauth\\-{} \\- {}\n", roff(name), roff(command.get_description()));
  page += fmt::format(".SH SYNOPSIS\n.B dauth {}\n[\\fIOPTIONS\\fR]\n", roff(name));
  for (const CLI::Option* argument : arguments_of(command)) {
    std::string word = fmt::format("\\fI{}\\fR", roff(argument->get_name(true)));
    if (argument->get_items_expected_max() > 1) word += " ...";
    page += argument->get_required() ? word + "\n" : fmt::format("[{}]\n", word);
  }
  page += ".SH DESCRIPTION\n" + sentence(command.get_description());
  if (!arguments_of(command).empty()) page += ".SH ARGUMENTS\n";
  for (const CLI::Option* argument : arguments_of(command)) page += argument_entry(*argument);
  page += ".SH OPTIONS\n";
  for (const CLI::Option* option : options_of(command)) page += option_entry(*option);
  for (const CLI::Option* option : options_of(program)) {
    if (option == program.get_config_ptr()) page += option_entry(*option);
  }
  return page + exit_statuses() + see_also(program, &command);
}

std::string bash_completion(const CLI::App& program) {
  std::vector<std::string> commands;
  std::string cases;
  std::string file_options;
  std::string value_options;
  const auto add_values = [&](const CLI::App& app) {
    for (const CLI::Option* option : options_of(app)) {
      if (!takes_value(*option)) continue;
      for (const std::string& name : names_of(*option)) {
        std::string& known = is_file(*option) ? file_options : value_options;
        if (fmt::format("|{}|", known).find("|" + name + "|") == std::string::npos)
          known += (known.empty() ? "" : "|") + name;
      }
    }
  };
  add_values(program);
  for (const CLI::App* command : commands_of(program)) {
    commands.push_back(command->get_name());
    add_values(*command);
    std::vector<std::string> names;
    for (const CLI::Option* option : options_of(*command)) {
      for (const std::string& name : names_of(*option)) names.push_back(name);
    }
    names.push_back("--config");
    cases += fmt::format("    {}) options='{}' ;;\n", command->get_name(), fmt::join(names, " "));
  }
  std::vector<std::string> program_options;
  for (const CLI::Option* option : options_of(program)) {
    for (const std::string& name : names_of(*option)) program_options.push_back(name);
  }
  return fmt::format(
      R"(# bash completion for dauth; written by dauth-reference from the program's options.
_dauth() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' options='' i
  local commands='{commands}'
  COMPREPLY=()
  case $previous in
    {files}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    {values}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    case " $commands " in *" ${{COMP_WORDS[i]}} "*) command=${{COMP_WORDS[i]}}; break ;; esac
  done
  case $command in
{cases}    *) options='{program}' ;;
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ -z $command ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -o filenames -F _dauth dauth
)",
      fmt::arg("commands", fmt::join(commands, " ")), fmt::arg("files", file_options),
      fmt::arg("values", value_options), fmt::arg("cases", cases),
      fmt::arg("program", fmt::join(program_options, " ")));
}

std::string zsh_completion(const CLI::App& program) {
  std::string text =
      "#compdef dauth\n# Written by dauth-reference from the program's options.\n_dauth() {\n"
      "  local context state state_descr line\n  typeset -A opt_args\n  local -a commands\n  commands=(\n";
  for (const CLI::App* command : commands_of(program)) {
    text += fmt::format("    '{}:{}'\n", command->get_name(), zsh_text(command->get_description()));
  }
  text += "  )\n  _arguments -C";
  for (const CLI::Option* option : options_of(program)) text += zsh_option(*option);
  text +=
      " \\\n        '1: :->command' \\\n        '*:: :->arguments'\n"
      "  case $state in\n    command) _describe -t commands command commands ;;\n"
      "    arguments)\n      case $line[1] in\n";
  for (const CLI::App* command : commands_of(program)) {
    text += fmt::format("      {})\n        _arguments", command->get_name());
    for (const CLI::Option* option : options_of(*command)) text += zsh_option(*option);
    for (const CLI::Option* argument : arguments_of(*command)) {
      text += fmt::format(" \\\n        '*:{}:{}'", zsh_text(argument->get_name(true)),
                          is_file(*argument) ? "_files" : "");
    }
    text += "\n        ;;\n";
  }
  return text + "      esac\n      ;;\n  esac\n}\n_dauth \"$@\"\n";
}

}  // namespace dauth::scanner::cli

// Manual pages (roff, man(7)) and completions for bash and zsh, written from the parser's tree of commands
// and options. dauth-reference puts them into files when the project is built.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace dauth::scanner::cli {

struct PageStamp {
  std::string date;     // YYYY-MM-DD
  std::string version;  // "0.1.0"
};

// dauth(1).
std::string program_page(const CLI::App& program, const PageStamp& stamp);
// dauth-COMMAND(1). `command` is one of the program's.
std::string command_page(const CLI::App& program, const CLI::App& command, const PageStamp& stamp);

std::string bash_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);

}  // namespace dauth::scanner::cli

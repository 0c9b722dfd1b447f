// dauth-reference DIRECTORY DATE: writes the manual pages and the completions of `dauth` into the directory.
// A program of the build, which is not installed.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "scanner/cli/program.h"
#include "scanner/cli/reference_pages.h"
#include "scanner/cli/version.h"

namespace {

bool write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) std::fprintf(stderr, "dauth-reference: '%s' could not be written\n", path.c_str());
  return static_cast<bool>(file);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace dauth::scanner::cli;
  if (argc != 3) {
    std::fprintf(stderr, "usage: dauth-reference DIRECTORY DATE\n");
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  const PageStamp stamp{.date = argv[2], .version = std::string(kVersion)};
  std::filesystem::create_directories(directory);
  Program parser;
  bool written = write(directory / "dauth.1", program_page(parser.app(), stamp));
  for (const auto& command : parser.commands()) {
    const CLI::App& app = command->app();
    written = write(directory / ("dauth-" + app.get_name() + ".1"), command_page(parser.app(), app, stamp)) &&
              written;
  }
  written = write(directory / "dauth.bash", bash_completion(parser.app())) && written;
  written = write(directory / "_dauth", zsh_completion(parser.app())) && written;
  return written ? 0 : 1;
}

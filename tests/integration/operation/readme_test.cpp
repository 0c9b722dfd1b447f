// README.md says nothing that does not work: every command of dauth and sqlite3 in it is run, in blocks and
// in the text, its settings file is read, and the published month in it is what the program prints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>

#include "tests/integration/operation/installed_package.h"
#include "tests/integration/program/served_registry.h"
#include "tests/support/page_blocks.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

bool is_run_here(const std::string& command) {
  return command.starts_with("dauth ") || command.starts_with("sqlite3 ");
}

class Readme : public ::testing::Test {
 protected:
  const std::string page = read_file(DAUTH_SOURCE_DIR "/README.md");
  const std::vector<PageBlock> blocks = blocks_of(page);
  TemporaryDirectory directory;

  // The lines of blocks that are commands: all of one that begins with a command, else those behind "$ ".
  std::vector<std::string> block_commands() const {
    std::vector<std::string> commands;
    for (const PageBlock& block : blocks) {
      if (block.language == "toml") continue;
      std::istringstream lines(block.text);
      bool all = false;
      bool first = true;
      for (std::string line; std::getline(lines, line); first = false) {
        if (first) all = is_run_here(line) || is_preparation(line);
        if (line.starts_with("$ ")) {
          commands.push_back(line.substr(2));
        } else if (all) {
          commands.push_back(line);
        }
      }
    }
    return commands;
  }

  // Of the text, those that name a database.
  std::vector<std::string> text_commands() const {
    static const std::regex code("`((?:dauth|sqlite3) [^`]*survey\\.sqlite[^`]*)`");
    std::vector<std::string> commands;
    for (std::sregex_iterator match(page.begin(), page.end(), code), end; match != end; ++match)
      commands.push_back(replaced((*match)[1].str(), "\n", " "));
    return commands;
  }

  // Done by scripts/test itself, by the continuous integration, and by the tests of the package.
  static bool is_preparation(const std::string& command) {
    static const std::vector<std::string> kBegins = {"scripts/setup --run-only",
                                                     "cmake --preset release",
                                                     "cmake --build --preset release --target dauth",
                                                     "apt install ./build/release/dauth_" DAUTH_VERSION
                                                     "_amd64.deb",
                                                     "editor /etc/dauth.toml",
                                                     "systemctl enable --now dauth.timer"};
    return std::any_of(kBegins.begin(), kBegins.end(),
                       [&](const std::string& begin) { return command.starts_with(begin); });
  }

  ProcessResult run_command(const std::string& text) const {
    std::string command = text;
    for (const char* address : {"127.0.0.1", "192.0.2.53"})
      command = replaced(command, std::string("--resolver ") + address,
                         "--resolver " + served_registry().resolver());
    command = replaced(command, "data/reference/", DAUTH_SOURCE_DIR "/data/reference/");
    ProcessOptions options;
    options.arguments = {"bash", "-euc", command};
    options.working_directory = directory.path();
    options.environment = {{"PATH", directory.file("bin").string() + ":" + std::getenv("PATH")}};
    return run_program(options, std::chrono::seconds(120));
  }
};

TEST_F(Readme, EachCommandWorks) {
  std::filesystem::create_directories(directory.file("bin"));
  std::filesystem::create_symlink(DAUTH_PROGRAM, directory.file("bin/dauth"));
  std::filesystem::copy_file(served_registry().files().list, directory.file("list.txt"));
  std::vector<std::string> commands = block_commands();
  const auto in_text = text_commands();
  EXPECT_GE(commands.size(), 15U);
  EXPECT_GE(in_text.size(), 4U);
  commands.insert(commands.end(), in_text.begin(), in_text.end());
  // The months that the others show: measured and imported first.
  const auto turn_of = [](const std::string& command) {
    return command.starts_with("dauth scan ") ? 0 : command.starts_with("dauth import ") ? 1 : 2;
  };
  std::vector<std::string> in_turn;
  for (int turn = 0; turn <= 2; ++turn) {
    std::ranges::copy_if(commands, std::back_inserter(in_turn),
                         [&](const std::string& command) { return turn_of(command) == turn; });
  }
  std::set<std::string> done;
  for (const std::string& command : in_turn) {
    SCOPED_TRACE(command);
    if (is_preparation(command) || !done.insert(command).second) continue;
    ASSERT_TRUE(is_run_here(command)) << "a line that this test does not run";
    const ProcessResult result = run_command(command);
    EXPECT_EQ(result.status(), 0) << result.out << result.err;
  }
  EXPECT_GE(done.size(), 14U);
}

// The published month is pasted whole, so each figure of it is held against what the program prints.
TEST_F(Readme, TheRealMonthIsWhatTheProgramPrints) {
  std::filesystem::create_directories(directory.file("bin"));
  std::filesystem::create_symlink(DAUTH_PROGRAM, directory.file("bin/dauth"));
  std::size_t found = 0;
  for (const PageBlock& block : blocks) {
    if (block.text.find("dauth report month -m 2006-01 ") == std::string::npos) continue;
    ++found;
    std::string printed;
    std::istringstream lines(block.text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("$ ")) continue;
      const ProcessResult result = run_command(line.substr(2));
      EXPECT_EQ(result.status(), 0) << result.out << result.err;
      printed += line + "\n" + result.out + result.err;
    }
    EXPECT_EQ(block.text, printed);
    EXPECT_THAT(block.text, HasSubstr("| total       |     786124 | 608649 | 14642 |"))
        << "WIDE and JPRS, 2006";
  }
  EXPECT_EQ(found, 1U);
}

TEST_F(Readme, TheSettingsFileIsRead) {
  std::size_t found = 0;
  for (const PageBlock& block : blocks) {
    if (block.language != "toml") continue;
    ++found;
    // Refused only for what it names: the list is not there.
    write_file(directory.file("survey.toml"), block.text);
    ProcessOptions options = dauth_command({"scan", "--config", directory.file("survey.toml")});
    options.working_directory = directory.path();
    const ProcessResult result = run_program(options, std::chrono::seconds(60));
    EXPECT_EQ(result.status(), 2);
    EXPECT_THAT(result.err, HasSubstr("list.txt")) << result.err;
  }
  EXPECT_EQ(found, 1U);
}

TEST_F(Readme, LinksToFilesThatThereAre) {
  static const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  std::size_t found = 0;
  for (std::sregex_iterator match(page.begin(), page.end(), link), end; match != end; ++match, ++found)
    EXPECT_TRUE(std::filesystem::exists(DAUTH_SOURCE_DIR "/" + (*match)[1].str())) << (*match)[1].str();
  EXPECT_GE(found, 10U);
}

}  // namespace
}  // namespace dauth::testing

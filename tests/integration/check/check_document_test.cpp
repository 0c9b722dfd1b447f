// docs/check.md and README.md say nothing of `dauth check` that is not so: each command is run, and what they
// show of its output is looked for in it. A real name server has the names of the page (zones/all.zone).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/integration/check/check_program.h"
#include "tests/support/page_blocks.h"

namespace dauth::testing {
namespace {

NsdOptions zones_of_the_page() {
  NsdOptions options;
  options.zones = read_zone_index(DAUTH_SOURCE_DIR "/tests/integration/check/zones/zones.tsv");
  return options;
}

class CheckDocument : public ::testing::Test {
 protected:
  ProcessResult shell(std::string command) const {
    const std::string asked = "--resolver 127.0.0.1";
    std::size_t replaced = 0;
    for (std::size_t at = command.find(asked); at != std::string::npos; at = command.find(asked, at + 1)) {
      command.replace(at, asked.size(), "--resolver " + server.address());
      ++replaced;
    }
    EXPECT_GT(replaced, 0U) << "a command that would ask the system's resolver: " << command;
    ProcessOptions options;
    options.arguments = {"bash", "-euo", "pipefail", "-c", command};
    options.environment = {{"PATH", bin.path().string() + ":" + std::getenv("PATH")}};
    return run_program(options);
  }

  // Each line of `shown` stands in `printed`, in that order, one behind the other but where "…" is.
  static void expect_shown(const std::string& printed, const std::string& shown) {
    const std::vector<std::string> lines = split(printed, '\n');
    std::size_t at = 0;
    bool anywhere = true;
    for (const std::string& line : split(shown, '\n')) {
      if (line.empty()) continue;
      if (line == "…") {
        anywhere = true;
        continue;
      }
      std::size_t found = at;
      while (anywhere && found < lines.size() && lines[found] != line) ++found;
      ASSERT_LT(found, lines.size()) << "is not printed: " << line << "\nof:\n" << printed;
      ASSERT_EQ(lines[found], line) << "of:\n" << printed;
      at = found + 1;
      anywhere = false;
    }
  }

  CheckDocument() { std::filesystem::create_symlink(DAUTH_PROGRAM, bin.file("dauth")); }

  const NsdServer server{zones_of_the_page()};
  const TemporaryDirectory bin;
};

TEST_F(CheckDocument, EachCommandWorksAndPrintsWhatThePageShows) {
  std::string printed;
  std::size_t commands = 0;
  std::size_t outputs = 0;
  for (const PageBlock& block : blocks_of(read_file(DAUTH_SOURCE_DIR "/docs/check.md"))) {
    SCOPED_TRACE(block.text);
    if (block.language == "sh") {
      const ProcessResult result = shell(block.text);
      EXPECT_EQ(result.status(), 0) << result.out << result.err;
      EXPECT_EQ(result.err, "");
      printed = result.out;
      ++commands;
    } else {
      EXPECT_EQ(block.language, "text") << "a block of another kind would be checked by nobody";
      expect_shown(printed, block.text);
      ++outputs;
    }
  }
  EXPECT_GE(commands, 8U);
  EXPECT_GE(outputs, 8U);
}

TEST_F(CheckDocument, TheReadmeShowsWhatIsPrinted) {
  std::size_t shown = 0;
  for (const PageBlock& block : blocks_of(read_file(DAUTH_SOURCE_DIR "/README.md"))) {
    if (!block.text.starts_with("$ dauth check ")) continue;
    const std::size_t end = block.text.find('\n');
    const ProcessResult result = shell(block.text.substr(2, end - 2));
    EXPECT_EQ(result.status(), 0) << result.err;
    expect_shown(result.out, block.text.substr(end + 1));
    ++shown;
  }
  EXPECT_GE(shown, 1U);
}

}  // namespace
}  // namespace dauth::testing

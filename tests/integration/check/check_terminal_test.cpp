// `dauth check` on terminals and pipes: its width and its colours. `script` of util-linux gives it a
// terminal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/check/check_program.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kEscape = '\x1b';

// What the program prints on a terminal of so many columns.
std::string on_terminal(const std::string& arguments, int columns, const std::string& environment) {
  ProcessOptions options;
  const std::string command = "stty cols " + std::to_string(columns) + " && " + environment +
                              " '" DAUTH_PROGRAM "' check " + arguments + " --resolver " +
                              served_registry().resolver();
  options.arguments = {"script", "-qec", command, "/dev/null"};
  const ProcessResult result = run_program(options);
  EXPECT_EQ(result.status(), 0) << result.out << result.err;
  std::string text = result.out;
  std::erase(text, '\r');
  return text;
}

std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == kEscape) {
      at = text.find('m', at);
      if (at == std::string::npos) break;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

TEST(CheckTerminal, EightyColumnsForEachKindOfDomain) {
  std::vector<std::string> arguments = domains_of_all_kinds();
  ASSERT_GT(arguments.size(), 60U);
  arguments.push_back("--explain");
  const ProcessResult result = check(arguments);
  EXPECT_EQ(result.status(), 0) << result.err;
  for (const std::string& line : split(result.out, '\n')) EXPECT_LE(longest_line(line), 80U) << line;
}

TEST(CheckTerminal, NarrowOnesAreHeeded) {
  const std::string domain = domain_of_kind("today_all_three");
  const std::string narrow = on_terminal(domain, 40, "TERM=dumb");
  EXPECT_LE(longest_line(narrow), 40U) << narrow;
  const std::string wide = on_terminal(domain, 300, "TERM=dumb");
  EXPECT_LE(longest_line(wide), 80U) << "a line is for reading";
  // Words that are longer than a line are broken too.
  EXPECT_EQ(without_blanks(narrow), without_blanks(wide));
}

TEST(CheckTerminal, ColourWhereTheTerminalAllows) {
  const std::string domain = domain_of_kind("spf_multiple");
  const std::string coloured = on_terminal(domain, 80, "NO_COLOR= TERM=xterm");
  EXPECT_THAT(coloured, HasSubstr("\x1b[1m" + domain + "\x1b[0m"));
  EXPECT_THAT(coloured, HasSubstr("\x1b[31mproblem: "));
  for (const char* environment : {"NO_COLOR=1 TERM=xterm", "NO_COLOR= TERM=dumb", "env -u TERM NO_COLOR="}) {
    const std::string plain = on_terminal(domain, 80, environment);
    EXPECT_EQ(plain.find(kEscape), std::string::npos) << environment;
    EXPECT_EQ(without_colours(coloured), plain) << "colour adds nothing but colour";
  }
}

TEST(CheckTerminal, APipeGetsTextAlone) {
  const ProcessResult result = check({domain_of_kind("spf_multiple")});
  EXPECT_EQ(result.out.find(kEscape), std::string::npos);
  EXPECT_LE(longest_line(result.out), 80U);
  // The reader may have enough.
  const ProcessResult head =
      run({"sh", "-c", "{ \"$0\" check \"$1\" --explain --resolver \"$2\"; echo status $? >&2; } | true",
           DAUTH_PROGRAM, domain_of_kind("spf_fail"), served_registry().resolver()});
  EXPECT_EQ(head.end.signal, 0);
  EXPECT_THAT(head.err, Not(HasSubstr("could not be written")));
  const ProcessResult full = run({"sh", "-c", "exec \"$0\" check \"$1\" --resolver \"$2\" > /dev/full",
                                  DAUTH_PROGRAM, domain_of_kind("spf_fail"), served_registry().resolver()});
  EXPECT_EQ(full.status(), 1);
  EXPECT_THAT(full.err, HasSubstr("standard output could not be written"));
}

}  // namespace
}  // namespace dauth::testing

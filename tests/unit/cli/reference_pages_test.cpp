// Manual pages and completions say each command and option that the parser knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scanner/cli/program.h"
#include "scanner/cli/reference_pages.h"

namespace dauth::scanner::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string in_roff(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '-' ? "\\-" : std::string(1, c);
  return escaped;
}

TEST(ReferencePages, EachOptionStandsInItsPageAndInBothCompletions) {
  Program parser;
  const PageStamp stamp{.date = "2026-11-01", .version = "0.1.0"};
  const std::string program_text = program_page(parser.app(), stamp);
  const std::string bash = bash_completion(parser.app());
  const std::string zsh = zsh_completion(parser.app());
  ASSERT_GE(parser.commands().size(), 7U);
  std::size_t options = 0;
  for (const auto& command : parser.commands()) {
    const CLI::App& app = command->app();
    const std::string page = command_page(parser.app(), app, stamp);
    EXPECT_THAT(page, HasSubstr("dauth\\-" + app.get_name() + " \\- "));
    EXPECT_THAT(program_text, HasSubstr(".BR dauth\\-" + app.get_name() + " (1)"));
    EXPECT_THAT(bash, HasSubstr(app.get_name() + ") options="));
    EXPECT_THAT(page, HasSubstr("\\-\\-config"));
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) {
        ++options;
        EXPECT_THAT(page, HasSubstr("\\fB" + in_roff("--" + name) + "\\fR"));
        EXPECT_THAT(bash, HasSubstr(" --" + name));
        EXPECT_THAT(zsh, HasSubstr("--" + name + "["));
      }
      if (!option->get_default_str().empty()) {
        EXPECT_THAT(page, HasSubstr("Default: \\fB" + in_roff(option->get_default_str())));
      }
    }
  }
  EXPECT_GT(options, 40U);
}

TEST(ReferencePages, NoLineOfTextIsTakenForARequest) {
  CLI::App program("dauth", "dauth");
  CLI::App& command = *program.add_subcommand("odd", ".so /etc/passwd");
  command.add_flag("--back\\slash")->description("'sp and \\fB");
  program.set_config("--config");
  const std::string page = command_page(program, command, {.date = "2026-11-01", .version = "1"});
  EXPECT_THAT(page, HasSubstr("\n\\&.so /etc/passwd"));
  EXPECT_THAT(page, HasSubstr("\n\\(aqsp and \\efB"));
}

}  // namespace
}  // namespace dauth::scanner::cli

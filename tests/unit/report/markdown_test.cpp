#include "report/markdown.h"

#include <gtest/gtest.h>

namespace dauth::report {
namespace {

TEST(Markdown, PadsToTheWidthThatIsShown) {
  Document document;
  document.title = "A_B";
  document.tables.push_back({"T", {{"年月", Align::kLeft}, {"n"}}, {{"2026-11", "1"}, {"地域型", "12345"}}});
  document.notes = {"a note"};
  EXPECT_EQ(to_markdown(document),
            "# A\\_B\n"
            "\n"
            "## T\n"
            "\n"
            "| 年月    |     n |\n"
            "| ------- | ----: |\n"
            "| 2026-11 |     1 |\n"
            "| 地域型  | 12345 |\n"
            "\n"
            "- a note\n");
}

TEST(Markdown, HostileCellsStayInTheirCells) {
  Document document;
  document.title = "t\n# x";
  document.tables.push_back({"", {{"a|b", Align::kLeft}}, {{"<b>|\x1b[0m\n| x |"}}});
  const std::string text = to_markdown(document);
  EXPECT_EQ(text,
            "# t\\\\x0a# x\n"
            "\n"
            "| a\\|b                             |\n"
            "| -------------------------------- |\n"
            "| &lt;b&gt;\\|\\\\x1b\\[0m\\\\x0a\\| x \\| |\n");
}

}  // namespace
}  // namespace dauth::report

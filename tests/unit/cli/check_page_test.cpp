#include "scanner/cli/check/check_page.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "report/escape.h"

namespace dauth::scanner::cli {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST(CheckPage, PutsValuesBelowEachOther) {
  CheckPage page({.width = 60, .colour = Colour::kNo});
  page.heading("example.jp");
  page.fact("MX", "published");
  page.fact("SPF", "a text that is so long that it has to go on in a second line", Mark::kBad);
  page.record("v=spf1 -all");
  page.item(1, "include:a.example.jp", Mark::kWarning);
  EXPECT_EQ(page.take(),
            "example.jp\n"
            "  MX                      published\n"
            "  SPF                     problem: a text that is so long\n"
            "                          that it has to go on in a second\n"
            "                          line\n"
            "    \"v=spf1 -all\"\n"
            "      warning: include:a.example.jp\n");
}

TEST(CheckPage, NoLineIsWiderThanThePage) {
  const std::string long_word(300, 'x');
  const std::string wide =
      "\u65e5\u672c\u8a9e\u306e\u6587\u5b57\u5217\u306b\u306f\u7a7a\u767d\u304c\u306a\u3044\u306e\u3067\u3001"
      "\u3069\u3053\u3067\u3082\u6298\u308a\u8fd4\u3059";
  for (const std::size_t width : {20u, 40u, 80u}) {
    CheckPage page({.width = width, .colour = Colour::kNo});
    page.heading(long_word);
    page.fact("label", long_word);
    page.fact("label", wide + wide);
    page.remark(long_word, Mark::kWarning);
    page.record(long_word + " " + long_word);
    for (std::size_t depth = 0; depth < 30; ++depth) page.item(depth, long_word);
    for (const std::string& line : lines_of(page.take())) {
      const std::size_t allowed = std::max<std::size_t>(width, 36);  // a label and eight columns behind it
      EXPECT_LE(report::display_width(line), allowed) << line;
    }
  }
}

TEST(CheckPage, ColoursEachLineByItself) {
  CheckPage page({.width = 40, .colour = Colour::kYes});
  page.heading("example.jp");
  page.remark("two lines of text that is good to know of", Mark::kGood);
  EXPECT_EQ(page.take(),
            "\x1b[1mexample.jp\x1b[0m\n"
            "    \x1b[32mtwo lines of text that is good to\x1b[0m\n"
            "    \x1b[32mknow of\x1b[0m\n");
}

TEST(CheckPage, LetsNoEscapeSequenceThrough) {
  CheckPage page({.width = 80, .colour = Colour::kNo});
  page.heading("\x1b[2Jheading");
  page.fact("\x1b[2Jlabel", "\x1b[2Jvalue\n");
  page.record("\x1b]0;title\x07\xff");
  page.item(0, "\r\x1b[31m");
  const std::string text = page.take();
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
}

}  // namespace
}  // namespace dauth::scanner::cli

#include "report/html_escape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dauth::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(MarkupText, NothingEndsAnElementOrAnAttribute) {
  EXPECT_EQ(markup_text("a < b > c & \"d\" 'e'"), "a &lt; b &gt; c &amp; &quot;d&quot; &#39;e&#39;");
  EXPECT_EQ(markup_text("</script><!-- ]]> -->"), "&lt;/script&gt;&lt;!-- ]]&gt; --&gt;");
}

TEST(MarkupText, WhatIsNoTextIsShown) {
  struct Case {
    std::string octets;
    std::string_view shown;
  };
  const Case cases[] = {
      {std::string("a\0b", 3), "a\\x00b"},
      {"\x1b[31m", "\\x1b[31m"},
      {"a\nb\rc\td", "a\\x0ab\\x0dc\\x09d"},
      {"\xff\xfe", "\\xff\\xfe"},
      {"\xc0\xbc", "\\xc0\\xbc"},  // an overlong <
      {"\u202e"
       "abc",
       "\\u{202e}abc"},  // right to left
      {"\u200f", "\\u{200f}"},
      {"\ufffe", "\\u{fffe}"},              // no character of XML
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},  // a surrogate
      {"地域型", "地域型"},
  };
  for (const Case& c : cases) EXPECT_EQ(markup_text(c.octets), c.shown);
}

TEST(IslandString, NothingEndsTheScript) {
  for (const std::string_view hostile :
       {"</script>", "</SCRIPT ", "<!--", "<script", "-->", "&lt;/script&gt;"}) {
    const std::string text = island_string(hostile);
    EXPECT_THAT(text, Not(HasSubstr("<"))) << hostile;
    EXPECT_THAT(text, Not(HasSubstr(">"))) << hostile;
    EXPECT_THAT(text, Not(HasSubstr("&"))) << hostile;
  }
  EXPECT_EQ(island_string("</script>"), "\"\\u003c/script\\u003e\"");
}

TEST(IslandString, IsAsciiWithoutControls) {
  std::string octets;
  for (int octet = 0; octet < 256; ++octet) octets += static_cast<char>(octet);
  for (const char c : island_string(octets + "\u2028\u2029\u202e地")) {
    EXPECT_GE(c, 0x20);
    EXPECT_LT(c, 0x7f);
  }
  EXPECT_EQ(island_string("\u2028\"\\"), R"("\\u{2028}\"\\")");
}

}  // namespace
}  // namespace dauth::report

#include "report/escape.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "report/utf8.h"

namespace dauth::report {
namespace {

using namespace std::string_literals;

struct Hostile {
  std::string what;
  std::string octets;
  std::string visible;
  std::string markdown;
  std::string csv;
  std::string json;
};

const std::vector<Hostile>& hostile_texts() {
  static const std::vector<Hostile> kTexts = {
      {"plain", "example.co.jp", "example.co.jp", "example.co.jp", "example.co.jp", "\"example.co.jp\""},
      {"empty", "", "", "", "", "\"\""},
      {"kanji", "日本語.jp", "日本語.jp", "日本語.jp", "日本語.jp", "\"\\u65e5\\u672c\\u8a9e.jp\""},
      {"formula", "=1+1", "=1+1", "=1+1", "'=1+1", "\"=1+1\""},
      {"formula_call", "@SUM(A1,A2)", "@SUM(A1,A2)", "\\@SUM(A1,A2)", "\"'@SUM(A1,A2)\"", "\"@SUM(A1,A2)\""},
      {"minus", "-2", "-2", "-2", "'-2", "\"-2\""},
      {"plus", "+2", "+2", "+2", "'+2", "\"+2\""},
      {"formula_behind_blanks", "  =1", "  =1", "  =1", "'  =1", "\"  =1\""},
      {"full_width_formula", "＝1", "＝1", "＝1", "'＝1", "\"\\uff1d1\""},
      {"tab_formula", "\t=1", "\\x09=1", "\\\\x09=1", "\\x09=1", "\"\\u0009=1\""},
      {"return_formula", "\r=1", "\\x0d=1", "\\\\x0d=1", "\\x0d=1", "\"\\u000d=1\""},
      {"line_end", "a\nb", "a\\x0ab", "a\\\\x0ab", "a\\x0ab", "\"a\\u000ab\""},
      {"quotes", "a\"b", "a\"b", "a\"b", "\"a\"\"b\"", "\"a\\\"b\""},
      {"comma", "a,b", "a,b", "a,b", "\"a,b\"", "\"a,b\""},
      {"blanks_around", " a ", " a ", " a ", "\" a \"", "\" a \""},
      {"pipe", "a|b", "a|b", "a\\|b", "a|b", "\"a|b\""},
      {"tag", "<script>&amp;</script>", "<script>&amp;</script>", "&lt;script&gt;&amp;amp;&lt;/script&gt;",
       "<script>&amp;</script>", "\"<script>&amp;</script>\""},
      {"markdown", "`*_[x](y)~$\\", "`*_[x](y)~$\\", "\\`\\*\\_\\[x\\](y)\\~\\$\\\\", "`*_[x](y)~$\\",
       "\"`*_[x](y)~$\\\\\""},
      {"link", "http://a.jp b@a.jp", "http://a.jp b@a.jp", "http\\://a.jp b\\@a.jp", "http://a.jp b@a.jp",
       "\"http://a.jp b@a.jp\""},
      {"ansi", "\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m", "\\\\x1b\\[31mred\\\\x1b\\[0m",
       "\\x1b[31mred\\x1b[0m", "\"\\u001b[31mred\\u001b[0m\""},
      {"nul", "a\0b"s, "a\\x00b", "a\\\\x00b", "a\\x00b", "\"a\\u0000b\""},
      {"delete", "a\x7f", "a\\x7f", "a\\\\x7f", "a\\x7f", "\"a\\u007f\""},
      {"c1_control", "a\u009bm", "a\\u{009b}m", "a\\\\u{009b}m", "a\\u{009b}m", "\"a\\u009bm\""},
      {"right_to_left_override", "a\u202egpj", "a\\u{202e}gpj", "a\\\\u{202e}gpj", "a\\u{202e}gpj",
       "\"a\\u202egpj\""},
      {"isolate_and_mark", "\u2066\u200f\u061c", "\\u{2066}\\u{200f}\\u{061c}",
       "\\\\u{2066}\\\\u{200f}\\\\u{061c}", "\\u{2066}\\u{200f}\\u{061c}", "\"\\u2066\\u200f\\u061c\""},
      {"zero_width", "a\u200bb\ufeff", "a\\u{200b}b\\u{feff}", "a\\\\u{200b}b\\\\u{feff}",
       "a\\u{200b}b\\u{feff}", "\"a\\u200bb\\ufeff\""},
      {"line_separator", "a\u2028b", "a\\u{2028}b", "a\\\\u{2028}b", "a\\u{2028}b", "\"a\\u2028b\""},
      {"tag_character", "\U000e0041", "\\u{e0041}", "\\\\u{e0041}", "\\u{e0041}", "\"\\udb40\\udc41\""},
      {"emoji", "\U0001f600", "\U0001f600", "\U0001f600", "\U0001f600", "\"\\ud83d\\ude00\""},
      {"stray_octet", "a\xff", "a\\xff", "a\\\\xff", "a\\xff", "\"a\\ufffd\""},
      {"continuation_alone", "\x80", "\\x80", "\\\\x80", "\\x80", "\"\\ufffd\""},
      {"cut_short", "\xe6\x97", "\\xe6\\x97", "\\\\xe6\\\\x97", "\\xe6\\x97", "\"\\ufffd\\ufffd\""},
      {"cut_short_by_text", "\xe6\x97z", "\\xe6\\x97z", "\\\\xe6\\\\x97z", "\\xe6\\x97z",
       "\"\\ufffd\\ufffdz\""},
      {"overlong", "\xc0\xaf", "\\xc0\\xaf", "\\\\xc0\\\\xaf", "\\xc0\\xaf", "\"\\ufffd\\ufffd\""},
      {"overlong_of_three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf", "\\\\xe0\\\\x80\\\\xaf", "\\xe0\\x80\\xaf",
       "\"\\ufffd\\ufffd\\ufffd\""},
      {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\\\xed\\\\xa0\\\\x80", "\\xed\\xa0\\x80",
       "\"\\ufffd\\ufffd\\ufffd\""},
      {"beyond_unicode", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\\\\xf4\\\\x90\\\\x80\\\\x80",
       "\\xf4\\x90\\x80\\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""},
  };
  return kTexts;
}

// What SQLite's JSON reader makes of a text; nothing where it is no JSON string.
std::optional<std::string> read_json(const std::string& json) {
  sqlite3* handle = nullptr;
  sqlite3_open(":memory:", &handle);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(handle, "SELECT json_extract(?1, '$'), json_type(?1) WHERE json_valid(?1)", -1,
                     &statement, nullptr);
  sqlite3_bind_text(statement, 1, json.data(), static_cast<int>(json.size()), SQLITE_TRANSIENT);
  std::optional<std::string> value;
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const auto* octets = static_cast<const char*>(sqlite3_column_blob(statement, 0));
    value.emplace(octets == nullptr ? "" : octets,
                  static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return value;
}

class HostileText : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileText, IsShown) {
  EXPECT_EQ(visible_text(GetParam().octets), GetParam().visible);
}
TEST_P(HostileText, IsNoMarkup) {
  EXPECT_EQ(markdown_cell(GetParam().octets), GetParam().markdown);
}
TEST_P(HostileText, IsNoFormula) {
  EXPECT_EQ(csv_field(GetParam().octets), GetParam().csv);
}
TEST_P(HostileText, IsJson) {
  EXPECT_EQ(json_string(GetParam().octets), GetParam().json);
  EXPECT_TRUE(read_json(GetParam().json));
}

INSTANTIATE_TEST_SUITE_P(Escape, HostileText, ::testing::ValuesIn(hostile_texts()),
                         [](const auto& test) { return test.param.what; });

TEST(Escape, JsonComesBackAsItWas) {
  for (const std::string& text : {"a\"b\\c"s, "日本語 \U0001f600"s, "\x1b[0m\r\n"s}) {
    EXPECT_EQ(read_json(json_string(text)), text);
  }
}

TEST(Escape, RandomOctetsNeverLeaveTheirCell) {
  std::mt19937 random(20261101);
  std::uniform_int_distribution<int> octet(0, 255);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 40; ++i) text += static_cast<char>(octet(random));
    for (const std::string& out :
         {visible_text(text), markdown_cell(text), csv_field(text), json_string(text)}) {
      for (Utf8Reader reader(out); !reader.at_end();) {
        const auto character = reader.next();
        ASSERT_TRUE(character.scalar) << "not UTF-8";
        ASSERT_TRUE(*character.scalar >= 0x20 && *character.scalar != 0x7f) << "a control character";
        ASSERT_FALSE(*character.scalar >= 0x80 && *character.scalar < 0xa0) << "a C1 control character";
      }
    }
    const std::string cell = markdown_cell(text);
    ASSERT_EQ(cell.find_first_of("<>"), std::string::npos);
    for (std::size_t pipe = cell.find('|'); pipe != std::string::npos; pipe = cell.find('|', pipe + 1)) {
      ASSERT_TRUE(pipe > 0 && cell[pipe - 1] == '\\');
    }
    ASSERT_TRUE(read_json(json_string(text)));
    const std::string field = csv_field(text);
    ASSERT_EQ(std::string("=+-@").find(field[field[0] == '"' ? 1 : 0]), std::string::npos);
  }
}

TEST(DisplayWidth, IsWhatATerminalTakes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("total"), 5U);
  EXPECT_EQ(display_width("地域型"), 6U);
  EXPECT_EQ(display_width("SPF レコード"), 12U);
  EXPECT_EQ(display_width("ｶﾅ"), 2U) << "half-width katakana";
  EXPECT_EQ(display_width("か\u3099"), 2U) << "a combining mark";
  EXPECT_EQ(display_width("한국"), 4U);
  EXPECT_EQ(display_width("\U00020000"), 2U);
  EXPECT_EQ(display_width("\xff"), 1U);
}

}  // namespace
}  // namespace dauth::report

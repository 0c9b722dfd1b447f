#include "report/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <regex>

#include "report/page_assets.h"
#include "report/svg_chart.h"
#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using data::Month;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

SurveyCounts some_counts() {
  CountsBuilder builder;
  builder.imported(Month(2005, 4))
      .count("TOTAL", "registered", 100)
      .count("TOTAL", "mx", 80)
      .count("TOTAL", "spf", 4);
  builder.provisional(Month(2026, 10))
      .count("TOTAL", "registered", 100, 0)
      .count("TOTAL", "mx", 80, 3)
      .count("TOTAL", "spf", 40, 3);
  builder.measured(Month(2026, 11))
      .count("TOTAL", "registered", 100, 0)
      .count("TOTAL", "mx", 80, 0)
      .count("TOTAL", "spf", 42, 0)
      .count("&lt;/script&gt;--!]]", "spf", 1, 0)
      .count("=1+1\\u003c/script\\u003e", "mx", 1, 0);
  return builder.build();
}

const std::string kHostile =
    std::string("</title></script><!-- --> <img src=x onerror='acted=1'> \"'` =1+1 ") + "\x1b[31m" +
    std::string("\0", 1) + "\xff\u202e ]]> ${x} {{}}";

Document titled(std::string_view title) {
  Document document;
  document.title = title;
  return document;
}

Document hostile_document() {
  Document document;
  document.title = kHostile;
  document.tables.push_back({kHostile, {{kHostile, Align::kLeft}, {kHostile}}, {{kHostile, kHostile}}});
  document.notes = {kHostile};
  return document;
}

// The page without what is the same in all pages.
std::string without_assets(std::string page) {
  for (const std::string_view text :
       {chart_library().text, page_script().text, page_style().text, chart_library_licence()}) {
    const std::size_t place = page.find(text);
    EXPECT_NE(place, std::string::npos);
    if (place != std::string::npos) page.erase(place, text.size());
  }
  return page;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// What SQLite, a parser that is not ours, says of some JSON.
std::string json_value(const std::string& json, const std::string& path) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &database), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  EXPECT_EQ(sqlite3_prepare_v2(database, "SELECT json_extract(?1, ?2)", -1, &statement, nullptr), SQLITE_OK);
  sqlite3_bind_text(statement, 1, json.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(statement, 2, path.c_str(), -1, SQLITE_TRANSIENT);
  std::string value = "(no JSON)";
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const unsigned char* text = sqlite3_column_text(statement, 0);
    value = text == nullptr ? "(null)" : reinterpret_cast<const char*>(text);
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return value;
}

TEST(HtmlPage, AsksForNothing) {
  const std::string page =
      without_assets(to_html(hostile_document(), ChartData(some_counts()), Language::kEnglish));
  EXPECT_THAT(page, HasSubstr("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  EXPECT_LT(page.find("Content-Security-Policy"), page.find("<style"));
  EXPECT_THAT(page, Not(HasSubstr(" src=\"")));
  EXPECT_THAT(page, Not(HasSubstr("href=")));
  EXPECT_THAT(page, Not(HasSubstr("<link")));
  EXPECT_THAT(page, Not(HasSubstr("url(")));
  // The one address is a name of XML's, which nobody asks for.
  const std::regex address("https?://[^\"]*");
  for (std::sregex_iterator at(page.begin(), page.end(), address), end; at != end; ++at) {
    EXPECT_EQ(at->str(), "http://www.w3.org/2000/svg");
  }
}

TEST(HtmlPage, OurOwnScriptAndStyleAskForNothing) {
  for (const Asset& asset : {page_script(), page_style()}) {
    for (const std::string_view word :
         {"://", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval("}) {
      EXPECT_THAT(std::string(asset.text), Not(HasSubstr(word)));
    }
  }
}

TEST(HtmlPage, TheLibrarysAddressesStandInCommentsOnly) {
  std::string code(chart_library().text);
  for (std::size_t start = code.find("/*"); start != std::string::npos; start = code.find("/*")) {
    const std::size_t end = code.find("*/", start);
    ASSERT_NE(end, std::string::npos);
    code.erase(start, end + 2 - start);
  }
  EXPECT_THAT(code, Not(HasSubstr("://")));
  EXPECT_LT(code.size(), chart_library().text.size());
}

TEST(HtmlPage, EveryScriptIsInline) {
  const std::string page =
      without_assets(to_html(hostile_document(), ChartData(some_counts()), Language::kEnglish));
  EXPECT_EQ(count_of(page, "<script"), 3U);
  EXPECT_EQ(count_of(page, "<script></script>"), 2U) << "the library and ours, cut out here";
  EXPECT_EQ(count_of(page, "<script type=\"application/json\" id=\"chart-data\">"), 1U);
  EXPECT_EQ(count_of(page, "</script"), 3U);
}

TEST(HtmlPage, HostileTextStaysText) {
  const std::string page =
      without_assets(to_html(hostile_document(), ChartData(some_counts()), Language::kEnglish));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_EQ(count_of(page, "&lt;img src=x onerror=&#39;acted=1&#39;&gt;"), 9U)
      << "title, heading, the table's label and caption, two headings, two cells, a note"
         "label";
  for (const char c : page) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
  EXPECT_THAT(page, Not(HasSubstr("\u202e")));
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
}

TEST(HtmlPage, TheIslandIsJsonThatNothingEnds) {
  const std::string island = chart_island(ChartData(some_counts()), Language::kJapanese);
  for (const std::string_view part : {"<", ">", "&"}) EXPECT_THAT(island, Not(HasSubstr(part)));
  EXPECT_EQ(json_value(island, "$.language"), "ja");
  EXPECT_EQ(json_value(island, "$.slots[0].text"), "2005-04 i");
  EXPECT_EQ(json_value(island, "$.slots[1].text"), "2005-05...2026-09");
  EXPECT_EQ(json_value(island, "$.slots[1].gap"), "1");
  EXPECT_EQ(json_value(island, "$.slots[4].provisional"), "1");
  EXPECT_EQ(json_value(island, "$.categories[0]"), "&lt;/script&gt;--!]]");
  EXPECT_EQ(json_value(island, "$.categories[1]"), "=1+1\\u003c/script\\u003e")
      << "a backslash is a backslash";
  EXPECT_EQ(json_value(island, "$.categories[2]"), "合計");
  EXPECT_EQ(json_value(island, "$.measures[0].mx"), "SPF / MX");
  EXPECT_EQ(json_value(island, "$.points[2][0][4]"), "[40,3,80,100]");
  EXPECT_EQ(json_value(island, "$.points[2][0][0]"), "[4,null,80,100]");
  EXPECT_EQ(json_value(island, "$.points[2][0][1]"), "(null)");
}

TEST(HtmlPage, SaysItsLanguage) {
  const Document document = titled("t");
  const ChartData data(some_counts());
  EXPECT_THAT(to_html(document, data, Language::kEnglish), HasSubstr("<html lang=\"en\">"));
  const std::string japanese = to_html(document, data, Language::kJapanese);
  EXPECT_THAT(japanese, HasSubstr("<html lang=\"ja\">"));
  EXPECT_THAT(japanese, HasSubstr("割合の推移"));
  EXPECT_THAT(japanese, Not(HasSubstr("Rates over time")));
}

TEST(HtmlPage, TablesAreLabelled) {
  Document document = titled("All");
  document.tables.push_back({"", {{"month", Align::kLeft}, {"n"}}, {{"2026-11", "1"}}});
  const std::string page = to_html(document, ChartData(some_counts()), Language::kEnglish);
  EXPECT_THAT(page, HasSubstr("<caption>All</caption>")) << "the document's title for a table without one";
  EXPECT_THAT(page, HasSubstr("<th scope=\"col\">month</th><th scope=\"col\" class=\"n\">n</th>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"row\">2026-11</th><td class=\"n\">1</td>"));
}

TEST(HtmlPage, KeepsTheLibrarysLicence) {
  const std::string page = to_html(titled("t"), ChartData(some_counts()), Language::kEnglish);
  const std::size_t start = page.find("<!-- The charts are drawn by Chart.js");
  ASSERT_NE(start, std::string::npos);
  const std::string comment = page.substr(start, page.find("-->", start) - start);
  EXPECT_THAT(comment, HasSubstr("Chart.js Contributors"));
  EXPECT_THAT(comment, HasSubstr("THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND"));
}

TEST(HtmlPage, WithoutMonthsThereIsNoScript) {
  Document document = titled("t");
  document.notes = {"No month has counts."};
  const std::string page = to_html(document, ChartData(CountsBuilder().build()), Language::kEnglish);
  EXPECT_THAT(page, HasSubstr("script-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, HasSubstr("<li>No month has counts.</li>"));
}

TEST(HtmlPage, TheSameDataGivesTheSameOctets) {
  const auto page = [] { return to_html(hostile_document(), ChartData(some_counts()), Language::kEnglish); };
  EXPECT_EQ(page(), page());
}

TEST(PageAssets, DigestsAreThoseThatAPolicyTakes) {
  // From `printf %s ... | openssl dgst -sha256 -binary | base64`, the hexadecimal form from sha256sum.
  const Asset abc = {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"};
  EXPECT_EQ(csp_source(abc), "'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='");
}

TEST(SvgChart, HostileTextStaysText) {
  const ChartData data(some_counts());
  const std::string svg = to_svg(data, 0, Language::kEnglish);
  EXPECT_THAT(svg, StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="));
  EXPECT_THAT(svg, HasSubstr("&amp;lt;/script&amp;gt;--!]]"));
  for (const std::string_view part : {"<script", "<style", "href", "<image", "CDATA"}) {
    EXPECT_THAT(svg, Not(HasSubstr(part)));
  }
}

TEST(SvgChart, MarksWhatIsImportedProvisionalAndMissing) {
  const std::string svg = to_svg(ChartData(some_counts()), 2, Language::kEnglish);
  EXPECT_THAT(svg, HasSubstr(">2005-05...2026-09</text>"));
  EXPECT_THAT(svg, HasSubstr("Square: imported"));
  EXPECT_THAT(svg, HasSubstr("Hollow: provisional"));
  EXPECT_THAT(svg, HasSubstr("Grey: months that were not measured"));
  // SPF over both denominators, MX over one: a square each for the imported month, a hollow circle each.
  EXPECT_EQ(count_of(svg, "width=\"7\" height=\"7\""), 3U);
  EXPECT_EQ(count_of(svg, "r=\"3.5\" fill=\"#ffffff\""), 3U);
  EXPECT_EQ(count_of(svg, "<polyline"), 6U) << "the gap parts each of three lines";
}

TEST(SvgChart, OfNoMonthsSaysSo) {
  const std::string svg = to_svg(ChartData(CountsBuilder().build()), 0, Language::kJapanese);
  EXPECT_THAT(svg, HasSubstr("集計された月はありません。"));
  EXPECT_THAT(svg, HasSubstr("xml:lang=\"ja\""));
}

}  // namespace
}  // namespace dauth::report

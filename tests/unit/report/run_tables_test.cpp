// The tables quality and changes, and JSON of reports; with names of operators that are no good.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "report/changes_table.h"
#include "report/quality_table.h"
#include "report/report.h"
#include "tests/unit/report/counts_fixture.h"

namespace dauth::report {
namespace {

using data::Category;
using data::Cause;
using data::Month;
using data::MonthChanges;
using data::MonthQuality;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

MonthQuality quality(Month month, std::vector<MonthQuality::Unmeasured> unmeasured) {
  MonthQuality quality;
  quality.run.state = data::RunState::kComplete;
  quality.run.settings.month = month;
  quality.run.settings.rules_version = 2;
  quality.run.names = 100;
  quality.run.unmeasured = 7;
  quality.run.persistent_servfail = 4;
  quality.run.rejected = 2;
  quality.run.duplicates = 1;
  quality.run.figures = {
      .questions = 500, .retries = 20, .timeouts = 30, .tcp_questions = 5, .run_milliseconds = 3'723'400};
  quality.excluded = 9;
  quality.unmeasured = std::move(unmeasured);
  return quality;
}

std::vector<MonthQuality> quality_months() {
  MonthQuality imported;
  imported.run.state = data::RunState::kImported;
  imported.run.settings.month = Month(2026, 8);
  std::vector<MonthQuality> months = {
      imported, quality(Month(2026, 10), {{"mx", Cause::kTimeout, 3}, {"dmarc_rua", Cause::kServfail, 1}}),
      quality(Month(2026, 11), {{"mx", Cause::kTimeout, 2}, {"mx", Cause::kPersistentServfail, 4}})};
  months[2].run.provisional = true;
  months[2].run.judged = "2026-12-01T10:20:30Z";
  return months;
}

TEST(QualityTable, HasWhatTheMonthsWereMeasuredWith) {
  const Document document = quality_document(quality_months(), Language::kEnglish);
  ASSERT_EQ(document.tables.size(), 5U) << "the runs, and the four findings that decide";
  EXPECT_THAT(
      document.tables[0].rows,
      ElementsAre(ElementsAre("2026-11 p", "100", "9", "3", "4", "500", "20", "30", "5", "1:02:03", "2",
                              "2026-12-01", "2", "1"),
                  ElementsAre("2026-10", "100", "9", "3", "4", "500", "20", "30", "5", "1:02:03", "2", "no",
                              "2", "1"),
                  ElementsAre("2026-09", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-", "-"),
                  ElementsAre("2026-08 i", "", "", "", "", "", "", "", "", "", "", "", "", "")));
  EXPECT_EQ(document.tables[1].title, "Unmeasured: MX");
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("2026-11 p", "6", "2", "4"), ElementsAre("2026-10", "3", "3", "0"),
                          ElementsAre("2026-09", "-", "-", "-"), ElementsAre("2026-08 i", "", "", "")));
  EXPECT_THAT(document.tables[4].rows,
              ElementsAre(ElementsAre("2026-11 p", "0"), ElementsAre("2026-10", "0"),
                          ElementsAre("2026-09", "-"), ElementsAre("2026-08 i", "")));
}

TEST(QualityTable, MxHostsHaveATableWhereSomeMonthAskedThem) {
  auto months = quality_months();
  months[2].run.settings.probes = "mx,mx-hosts";
  months[2].unmeasured.push_back({"mx_ipv6", Cause::kTimeout, 5});
  const Document document = quality_document(months, Language::kEnglish);
  ASSERT_EQ(document.tables.size(), 6U);
  EXPECT_EQ(document.tables[5].title, "Unmeasured: MX over IPv6");
  EXPECT_THAT(document.tables[5].rows,
              ElementsAre(ElementsAre("2026-11 p", "5", "5"), ElementsAre("2026-10", "", ""),
                          ElementsAre("2026-09", "-", "-"), ElementsAre("2026-08 i", "", "")));
}

TEST(QualityTable, WhatWasNotAskedIsNotMeasuredInFull) {
  auto months = quality_months();
  months[1].run.settings.probes = "mx,spf,dkim_policy";
  const Document document = quality_document(months, Language::kEnglish);
  EXPECT_THAT(document.tables[1].rows[1], ElementsAre("2026-10", "3", "3", "0"));
  EXPECT_THAT(document.tables[2].rows[1], ElementsAre("2026-10", "0"));
  EXPECT_THAT(document.tables[3].rows[1], ElementsAre("2026-10", ""));
  EXPECT_THAT(document.tables[4].rows[1], ElementsAre("2026-10", ""));
  months.resize(1);
  EXPECT_EQ(quality_document(months, Language::kEnglish).tables.size(), 1U)
      << "nothing but an imported month";
}

TEST(QualityTable, OfOneMonthHasFindingsDownAndCausesAcross) {
  auto months = quality_months();
  months.pop_back();
  const Document document = quality_month_document(months, Language::kJapanese);
  EXPECT_EQ(document.title, "2026-10 の計測の品質");
  ASSERT_EQ(document.tables.size(), 2U);
  EXPECT_EQ(document.tables[1].columns[2].heading, "タイムアウト");
  EXPECT_THAT(document.tables[1].rows,
              ElementsAre(ElementsAre("MX", "3", "3", "0"), ElementsAre("DMARC rua", "1", "0", "1")));
}

TEST(QualityTable, TidyRowsAreFiguresAndCauses) {
  const std::string csv =
      render_report(quality_months(), {.table = TableKind::kQuality, .format = Format::kCsv});
  EXPECT_THAT(csv, HasSubstr("month,figure,metric,cause,value\n2026-10,names,,,100\n"));
  EXPECT_THAT(csv, HasSubstr("2026-10,judged,,,\n2026-10,unmeasured,mx,timeout,3\n"));
  EXPECT_THAT(csv, HasSubstr("2026-11,judged,,,2026-12-01T10:20:30Z\n"));
  EXPECT_THAT(csv, HasSubstr("2026-11,unmeasured,mx,persistent_servfail,4\n"));
  EXPECT_THAT(csv, Not(HasSubstr("2026-08")));
  const std::string one = render_report(
      quality_months(), {.table = TableKind::kQuality, .format = Format::kCsv, .layout = Layout::kOneMonth});
  EXPECT_THAT(one, Not(HasSubstr("2026-10")));
}

MonthChanges changes() {
  MonthChanges changes;
  changes.older.settings.month = Month(2026, 10);
  changes.older.settings.rules_version = 1;
  changes.newer.settings.month = Month(2026, 11);
  changes.newer.settings.rules_version = 2;
  changes.newer.provisional = true;
  const auto add = [&](const std::string& metric, std::string_view code, const MonthChanges::Moves& moves) {
    changes.rows.push_back({metric, Category::from_text(code).value(), moves});
  };
  add("registered", "CO", {.before = 8, .began = 2, .newly_listed = 2, .left = 1, .after = 9});
  add("registered", "TOTAL", {.before = 8, .began = 2, .newly_listed = 2, .left = 1, .after = 9});
  const auto add_both = [&](const std::string& metric, const MonthChanges::Moves& moves) {
    for (const std::string_view code : {"CO", "TOTAL"}) add(metric, code, moves);
  };
  add_both("mx", {.before = 5, .began = 1, .after = 6});
  add_both("spf", {.before = 5, .ceased = 3, .became_unmeasured = 1, .after = 1, .unmeasured = 2});
  add_both("dmarc", {.before = 5, .began = 2, .after = 7});
  add_both("dmarc_none", {.before = 5, .began = 4, .after = 9});
  add_both("dmarc_reject", {.before = 5, .after = 5});
  changes.operators = {{"mx", "", 1, 0}, {"spf", "big.example", 0, 3}, {"dmarc_none", "x.example", 4, 0}};
  changes.not_asked = {"dkim_policy"};
  return changes;
}

TEST(ChangesTable, HasTotalsThenCategoriesThenOperatorsOfTheLargestMoves) {
  const Document document = changes_document(changes(), Language::kEnglish);
  EXPECT_EQ(document.title, "Changes from 2026-10 to 2026-11 p");
  std::vector<std::string> titles;
  for (const Table& table : document.tables) titles.push_back(table.title);
  EXPECT_THAT(titles, ElementsAre("All categories", "registered by category", "MX by category",
                                  "SPF by category", "DMARC by category", "DMARC p=none by category",
                                  "DMARC p=reject by category", "Name-server operators: DMARC p=none",
                                  "Name-server operators: SPF", "Name-server operators: DMARC"));
  EXPECT_THAT(document.tables[0].rows,
              Contains(ElementsAre("SPF", "5", "0", "0", "3", "0", "1", "0", "1", "2")));
  EXPECT_THAT(document.tables[8].rows, ElementsAre(ElementsAre("big.example", "0", "3")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("\"dauth rejudge -m 2026-10\"")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("did not ask: DKIM policy")));
  EXPECT_THAT(document.notes, Contains(HasSubstr("p: provisional")));
  EXPECT_THAT(document.notes, Not(Contains(HasSubstr("from other categories"))));
}

TEST(ChangesTable, TheMonthThatIsBehindIsToBeJudgedAgain) {
  MonthChanges other = changes();
  std::swap(other.older.settings.rules_version, other.newer.settings.rules_version);
  EXPECT_THAT(changes_document(other, Language::kJapanese).notes,
              Contains(HasSubstr("「dauth rejudge -m 2026-11」")));
  other.older.settings.rules_version = other.newer.settings.rules_version;
  EXPECT_THAT(changes_document(other, Language::kEnglish).notes, Not(Contains(HasSubstr("rejudge"))));
}

TEST(ChangesTable, ColumnsForCategoriesThatChangedAppearWithThem) {
  MonthChanges other = changes();
  other.rows[2].moves.moved_in = 4;
  const Document document = changes_document(other, Language::kEnglish);
  EXPECT_EQ(document.tables[0].columns.size(), 10U) << "there is none over all categories";
  ASSERT_EQ(document.tables[2].columns.size(), 12U);
  EXPECT_EQ(document.tables[2].columns[8].heading, "from other categories");
  EXPECT_THAT(document.tables[2].rows[0],
              ElementsAre("CO", "5", "1", "0", "0", "0", "0", "0", "4", "0", "6", "0"));
  EXPECT_THAT(document.notes, Contains(HasSubstr("from other categories")));
}

TEST(ChangesTable, TidyRowsOfCategoriesAndOfOperators) {
  const std::string csv = render_report(changes(), {.table = TableKind::kChanges, .format = Format::kCsv});
  EXPECT_THAT(csv, HasSubstr("from,to,category,operator,metric,before,began,newly_listed,ceased,left,"
                             "became_unmeasured,was_unmeasured,moved_in,moved_out,after,unmeasured\n"
                             "2026-10,2026-11,CO,,registered,8,2,2,0,1,0,0,0,0,9,0\n"));
  EXPECT_THAT(csv, HasSubstr("2026-10,2026-11,TOTAL,,spf,5,0,0,3,0,1,0,0,0,1,2\n"));
  EXPECT_THAT(csv, HasSubstr("2026-10,2026-11,TOTAL,unknown,mx,,1,,0,,,,,,,\n"));
}

// By SQLite's parser, which is not ours.
std::string json_value(const std::string& json, const std::string& path) {
  sqlite3* database = nullptr;
  sqlite3_open(":memory:", &database);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database,
                     "SELECT CASE WHEN json_valid(?1) THEN ifnull(json_extract(?1, ?2), '(null)') "
                     "ELSE '(no JSON)' END",
                     -1, &statement, nullptr);
  sqlite3_bind_text(statement, 1, json.data(), static_cast<int>(json.size()), SQLITE_TRANSIENT);
  sqlite3_bind_text(statement, 2, path.c_str(), -1, SQLITE_TRANSIENT);
  std::string value = "(none)";
  if (sqlite3_step(statement) == SQLITE_ROW) {
    const auto* octets = static_cast<const char*>(sqlite3_column_blob(statement, 0));
    value.assign(octets == nullptr ? "" : octets,
                 static_cast<std::size_t>(sqlite3_column_bytes(statement, 0)));
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return value;
}

TEST(Json, IsOneDocumentWithMonthsGapsRowsAndNotes) {
  const std::string json =
      render_report(quality_months(),
                    {.table = TableKind::kQuality, .format = Format::kJson, .language = Language::kJapanese});
  EXPECT_EQ(json_value(json, "$.table"), "quality");
  EXPECT_EQ(json_value(json, "$.title"), "計測の品質");
  EXPECT_EQ(json_value(json, "$.months[0].imported"), "1");
  EXPECT_EQ(json_value(json, "$.months[2].provisional"), "1");
  EXPECT_EQ(json_value(json, "$.gaps[0].first"), "2026-09");
  EXPECT_EQ(json_value(json, "$.rows[0].value"), "100");
  EXPECT_EQ(json_value(json, "$.rows[0].metric"), "(null)");
  EXPECT_EQ(json_value(json, "$.notes[2]"), "p: 暫定値。計測できなかったドメイン名が多い月。");
  for (const char c : json) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~'));
}

TEST(Json, SharesAreNumbers) {
  const SurveyCounts counts = CountsBuilder()
                                  .imported(Month(2026, 11))
                                  .count("TOTAL", "registered", 3)
                                  .count("TOTAL", "mx", 1)
                                  .build();
  const std::string json = render_report(counts, {.format = Format::kJson});
  EXPECT_EQ(json_value(json, "$.rows[1].share"), "0.333333");
  EXPECT_EQ(json_value(json, "$.rows[1].share_max"), "(null)");
  EXPECT_EQ(json_value(json, "$.rows[1].denominator_label"), "registered");
}

// Names of operators come out of a zone, and out of a database that a stranger may have written.
TEST(HostileText, CannotBreakOrActInAnyFormat) {
  const std::vector<std::string> hostile = {"=1+1",
                                            "@SUM(A1)",
                                            "a|b",
                                            "<script>alert(1)</script>",
                                            "\x1b[31mred",
                                            std::string("nul\0nul", 7),
                                            "bad\xff\xc0utf8",
                                            "right\xe2\x80\xaeleft",
                                            "a\nb\r\nc,d\"e\"",
                                            "[x](javascript:y)",
                                            "\\",
                                            "unknown"};
  MonthChanges changes;
  changes.older.settings.month = Month(2026, 10);
  changes.newer.settings.month = Month(2026, 11);
  changes.rows.push_back({"mx", Category::total(), {.began = 9, .after = 9}});
  for (const std::string& name : hostile) changes.operators.push_back({"mx", name, 1, 0});
  changes.rows.push_back({"=2+2", Category::from_text("=1+1").value(), {}});

  const auto rendered = [&](Format format) {
    return render_report(changes, {.table = TableKind::kChanges, .format = format});
  };
  for (const Format format : {Format::kMarkdown, Format::kCsv, Format::kJson}) {
    const std::string text = rendered(format);
    for (const char c : text) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= ' ');
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
  const std::string csv = rendered(Format::kCsv);
  for (const char* start : {",=", ",+", ",@", ",\"=", "\n="}) EXPECT_THAT(csv, Not(HasSubstr(start)));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), static_cast<std::ptrdiff_t>(1 + 2 + hostile.size()));

  const std::string markdown = rendered(Format::kMarkdown);
  EXPECT_THAT(markdown, Not(HasSubstr("<script")));
  EXPECT_THAT(markdown, HasSubstr("a\\|b"));
  const auto operators = markdown.substr(markdown.find("Name-server operators: MX"));
  EXPECT_EQ(std::count(operators.begin(),
                       operators.begin() + static_cast<std::ptrdiff_t>(operators.find("\n- ")), '\n'),
            static_cast<std::ptrdiff_t>(2 + 2 + hostile.size()));

  const std::string json = rendered(Format::kJson);
  EXPECT_EQ(json_value(json, "$.rows[2].operator"), "=1+1");
  EXPECT_EQ(json_value(json, "$.rows[5].operator"), "<script>alert(1)</script>");
  EXPECT_EQ(json_value(json, "$.rows[10].operator"), "a\nb\r\nc,d\"e\"");
}

}  // namespace
}  // namespace dauth::report

// docs/database.md: every query runs as it stands, returns rows, and counts what the program itself counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>

#include "data/store.h"
#include "tests/integration/program/dauth_program.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;
using data::Month;
using data::Observation;

using Rows = std::vector<std::vector<std::string>>;

template <class T>
T must(data::StoreResult<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

// What domain number `i` publishes in the month that is `age` months old.
data::SurveyedName row_of(std::size_t i, int age, std::uint64_t position) {
  data::SurveyedName row{position, {}, {}};
  Observation& found = row.observation;
  if (i % 17 == 16) {
    row.observation = Observation::all_unmeasured(i % 2 == 0 ? Cause::kTimeout : Cause::kServfail);
    row.answers.outcomes = "@ TXT failure:timeout, @ MX failure:timeout, _dmarc TXT failure:timeout";
    return row;
  }
  for (const Metric metric : data::all_metrics()) found[metric] = Finding::absent();
  const auto publish = [&](std::initializer_list<Metric> metrics) {
    for (const Metric metric : metrics) found[metric] = Finding::published();
  };
  const auto keep = [&](data::AnswerPlace place, const std::string& text) {
    row.answers.answers.push_back({place, 0, text});
  };
  publish({Metric::kExists});
  row.answers.outcomes = "@ TXT answer, @ MX answer, _dmarc TXT answer";
  if (i % 5 != 4) {
    publish({Metric::kMx});
    keep(data::AnswerPlace::kMx,
         i % 2 == 0 ? "MX 10 mx1.hosting.example.\nMX 20 mx2.hosting.example." : "MX 10 mail.@");
    if (i % 2 == 0) {
      publish({Metric::kMxIpv6});
      row.answers.outcomes += ", mx:1 A nodata, mx:1 AAAA answer";
      row.answers.answers.push_back({data::AnswerPlace::kFurther, 5, "AAAA 2001:db8::25"});
    }
  }
  // Every third, and another third but lately; number 9 has given it up.
  if (i % 3 == 0 ? (i != 9 || age > 0) : i % 3 == 1 && age == 0) {
    publish({Metric::kSpf, Metric::kSpfTxt, Metric::kSpfRecord});
    const bool open = i % 10 == 0;
    publish({open ? Metric::kSpfAllPass : Metric::kSpfAllFail});
    keep(data::AnswerPlace::kTxt,
         open         ? "TXT v=spf1 +all"
         : i % 2 == 0 ? "TXT v=spf1 include:_spf.Hosting.example ?include:spf.example.net -all"
                      : "TXT v=spf1 mx -all");
  }
  if (i % 4 == 0) {
    publish({Metric::kDmarc, i % 8 == 0 ? Metric::kDmarcReject : Metric::kDmarcNone});
    keep(data::AnswerPlace::kDmarc, i % 8 == 0 ? "TXT v=DMARC1; p=reject" : "TXT v=DMARC1; p=none");
  }
  return row;
}

class DatabaseDocument : public ::testing::Test {
 protected:
  static constexpr std::size_t kNames = 200;

  static void SetUpTestSuite() {
    directory_ = std::make_unique<TemporaryDirectory>();
    auto store = must(data::Store::open(database(), data::OpenMode::kCreate));
    for (int age = 2; age >= 0; --age) {
      data::RunSettings settings;
      settings.month = Month(2026, 11 - age);
      settings.categories = "jp";
      const data::RunId run = must(store.begin_run(settings));
      std::vector<data::ListedName> names;
      std::map<std::string, std::size_t> number_of;
      for (std::size_t i = 0; i < kNames; ++i) {
        const std::string text =
            i == 3 ? "example.co.jp" : "n" + std::to_string(i) + (i % 2 == 0 ? ".jp" : ".co.jp");
        number_of[text] = i;
        names.push_back({dns::DomainName::from_text(text).value(),
                         data::Category::from_text(i % 2 == 0 ? "GENERAL" : "CO").value(),
                         i % 7 == 0 ? "" : "operator" + std::to_string(i % 7) + ".example"});
      }
      must(store.add_names(run, names));
      must(store.finish_list(run, ""));
      std::vector<data::SurveyedName> rows;
      for (const data::PlannedName& next : must(store.names_to_survey(run, 0, kNames)))
        rows.push_back(row_of(number_of.at(next.name.to_text()), age, next.position));
      must(store.save(run, rows, {}));
      must(store.finish_run(run, 1));
    }
    const ProcessResult imported =
        dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database()});
    ASSERT_EQ(imported.status(), 0) << imported.err;
  }
  static void TearDownTestSuite() { directory_.reset(); }

  static std::string database() { return directory_->file("survey.sqlite"); }

  // The blocks of SQL in the document, by the bold words in front of each.
  static const std::map<std::string, std::string>& queries() {
    static const auto all = [] {
      std::map<std::string, std::string> found;
      const std::string text = read_file(DAUTH_SOURCE_DIR "/docs/database.md");
      std::size_t blocks = 0;
      for (std::size_t at = text.find("```sql\n"); at != std::string::npos;
           at = text.find("```sql\n", at + 1)) {
        const std::size_t title = text.rfind("\n**", at) + 3;
        const std::size_t begin = at + 7;
        found[text.substr(title, text.find("**", title) - title)] =
            text.substr(begin, text.find("```", begin) - begin);
        ++blocks;
      }
      EXPECT_EQ(found.size(), blocks) << "each has a title of its own";
      return found;
    }();
    return all;
  }

  static Rows run_sql(const std::string& sql) {
    sqlite3* handle = nullptr;
    Rows rows;
    EXPECT_EQ(sqlite3_open_v2(database().c_str(), &handle, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    const auto add = [](void* all, int columns, char** values, char**) {
      auto& row = static_cast<Rows*>(all)->emplace_back();
      for (int i = 0; i < columns; ++i) row.emplace_back(values[i] == nullptr ? "" : values[i]);
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), add, &rows, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle) << sql;
    sqlite3_close(handle);
    return rows;
  }

  static Rows rows_of(const std::string& title) {
    const auto found = queries().find(title);
    if (found == queries().end()) throw std::runtime_error("the document has no query: " + title);
    return run_sql(found->second);
  }

  static CsvTable report(const std::string& month) {
    return CsvTable(dauth({"report", "month", "-m", month, "-d", database(), "--format", "csv"}).out);
  }
  static CsvTable exported(const std::string& month) {
    return CsvTable(dauth({"export", "-m", month, "-d", database()}).out);
  }
  static std::string reported(const CsvTable& table, const std::string& category, const std::string& metric,
                              const std::string& column = "count") {
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.at(i, "category") == category && table.at(i, "metric") == metric) return table.at(i, column);
    }
    return "not there";
  }

  static std::unique_ptr<TemporaryDirectory> directory_;
};
std::unique_ptr<TemporaryDirectory> DatabaseDocument::directory_;

TEST_F(DatabaseDocument, EveryQueryRunsAndFindsSomething) {
  EXPECT_GE(queries().size(), 10U);
  for (const auto& [title, sql] : queries()) EXPECT_FALSE(run_sql(sql).empty()) << title;
}

TEST_F(DatabaseDocument, TheSeriesIsThatOfTheReport) {
  std::size_t compared = 0;
  const CsvTable november = report("2026-11");
  for (const auto& row : rows_of("The series of a metric by category.")) {
    if (row[0] != "2026-11") continue;
    EXPECT_EQ(row[2], reported(november, row[1], "spf")) << row[1];
    EXPECT_EQ(row[3], reported(november, row[1], "spf", "unmeasured")) << row[1];
    ++compared;
  }
  EXPECT_GE(compared, 10U);
}

TEST_F(DatabaseDocument, RatesAreThoseOfTheReportedCounts) {
  const auto rows = rows_of("Rates with both denominators,");
  const auto of_month = [&](const std::string& month) {
    for (const auto& row : rows) {
      if (row[0] == month) return row;
    }
    throw std::runtime_error("no " + month);
  };
  const auto november = of_month("2026-11");
  const CsvTable counts = report("2026-11");
  const double spf = std::stod(reported(counts, "TOTAL", "spf"));
  EXPECT_EQ(november[2], reported(counts, "TOTAL", "spf"));
  EXPECT_NEAR(std::stod(november[3]), 100 * spf / std::stod(reported(counts, "TOTAL", "mx")), 0.0051);
  EXPECT_NEAR(std::stod(november[4]), 100 * spf / static_cast<double>(kNames), 0.0051);
  EXPECT_EQ(of_month("2006-01")[2], "14642") << "as published";
}

TEST_F(DatabaseDocument, PoliciesAreThoseOfTheReport) {
  const CsvTable counts = report("2026-11");
  for (const auto& row : rows_of("DMARC policy by category.")) {
    const std::vector<std::string> metrics = {"dmarc", "dmarc_none", "dmarc_quarantine", "dmarc_reject"};
    for (std::size_t i = 0; i < metrics.size(); ++i)
      EXPECT_EQ(row[i + 1], reported(counts, row[0], metrics[i])) << row[0];
  }
}

TEST_F(DatabaseDocument, ChangesAreThoseBetweenTwoExports) {
  const CsvTable before = exported("2026-10");
  const CsvTable after = exported("2026-11");
  Rows expected;
  for (const std::string what : {"began", "ceased"}) {
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      ASSERT_EQ(before.at(i, "domain"), after.at(i, "domain"));
      if (before.at(i, "spf") == (what == "began" ? "absent" : "published") &&
          after.at(i, "spf") == (what == "began" ? "published" : "absent"))
        expected.push_back({after.at(i, "domain"), what});
    }
  }
  EXPECT_EQ(rows_of("Names that began or ceased SPF between two months."), expected);
  EXPECT_GT(expected.size(), 20U);
  EXPECT_EQ(expected.back(), (std::vector<std::string>{"n9.co.jp", "ceased"}));
}

TEST_F(DatabaseDocument, OperatorsCausesAndOpenRecordsAreThoseOfTheExport) {
  const CsvTable table = exported("2026-11");
  for (const auto& row : rows_of("The name-server operators with most SPF names.")) {
    EXPECT_EQ(row[1], std::to_string(table.count({{"name_server_operator", row[0]}}))) << row[0];
    EXPECT_EQ(row[2], std::to_string(table.count({{"name_server_operator", row[0]}, {"spf", "published"}})));
  }
  std::size_t unmeasured = 0;
  for (const auto& row : rows_of("Why a finding is unmeasured.")) {
    EXPECT_EQ(row[1], std::to_string(table.count({{"spf", "unmeasured"}, {"cause", row[0]}}))) << row[0];
    unmeasured += std::stoul(row[1]);
  }
  EXPECT_EQ(unmeasured, table.count({{"spf", "unmeasured"}}));
  const auto open = rows_of("Names whose SPF record lets everybody send,");
  EXPECT_EQ(open.size(), table.count({{"spf_all", "pass"}}));
}

TEST_F(DatabaseDocument, RecordsAreTakenApart) {
  const CsvTable table = exported("2026-11");
  std::size_t names = 0;
  for (const auto& row : rows_of("The most shared SPF records.")) names += std::stoul(row[1]);
  EXPECT_EQ(names, table.count({{"spf_record", "published"}}));
  const auto targets = rows_of("The most common targets of `include:`.");
  ASSERT_EQ(targets.size(), 2U);
  EXPECT_EQ(targets[0][0], "_spf.hosting.example");
  EXPECT_EQ(targets[1][0], "spf.example.net");
  EXPECT_EQ(targets[0][1], targets[1][1]);
  std::size_t hosts = 0;
  for (const auto& row : rows_of("The MX hosts most used.")) {
    if (row[0] != "mx2.hosting.example.") hosts += std::stoul(row[1]);
  }
  EXPECT_EQ(hosts, table.count({{"mx", "published"}}));
}

TEST_F(DatabaseDocument, ADomainHasItsHistory) {
  const auto rows = rows_of("One domain over all months.");
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2],
            (std::vector<std::string>{"2026-11", "1", "1", "0", "TXT v=spf1 mx -all", "MX 10 mail.@", ""}));
}

TEST_F(DatabaseDocument, TheRecipeForPandasComesToTheSameShares) {
  ProcessOptions python;
  python.arguments = {"/usr/bin/python3", "-c", "import pandas, matplotlib"};
  if (run_program(python).status() != 0)
    GTEST_SKIP() << "SKIPPED: python3-pandas and -matplotlib are not there";
  const TemporaryDirectory folder;
  const std::string series = folder.file("series.csv");
  const std::string domains = folder.file("domains.csv");
  ASSERT_EQ(dauth({"report", "-d", database(), "--format", "csv", "-o", series}).status(), 0);
  ASSERT_EQ(dauth({"export", "-d", database(), "-m", "2026-11", "-o", domains}).status(), 0);
  const std::string text = read_file(DAUTH_SOURCE_DIR "/docs/recipes.md");
  const std::size_t begin = text.find("```python\n") + 10;
  python.arguments = {"/usr/bin/python3", "-"};
  python.input = text.substr(begin, text.find("```", begin) - begin);
  python.working_directory = folder.path();
  python.environment = {{"MPLBACKEND", "Agg"}, {"MPLCONFIGDIR", folder.path().string()}};
  const ProcessResult result = run_program(python, std::chrono::seconds(120));
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_TRUE(std::filesystem::exists(folder.file("series.png")));
  const CsvTable table(read_file(domains));
  double general = -1;
  double share = -1;
  for (const std::string& line : split(result.out, '\n')) {
    if (line.starts_with("GENERAL ")) general = std::stod(line.substr(8));
    if (line.starts_with("2026-11 ")) share = std::stod(line.substr(line.rfind(' ')));
  }
  const auto spf = [&](const std::string& state) {
    return static_cast<double>(table.count({{"category", "GENERAL"}, {"spf", state}}));
  };
  EXPECT_NEAR(general, spf("published") / (spf("published") + spf("absent")), 1e-5) << result.out;
  EXPECT_NEAR(share, std::stod(reported(report("2026-11"), "TOTAL", "spf", "share")), 1e-5) << result.out;
}

TEST_F(DatabaseDocument, QueriesReadOnlyTheMonthsThatTheyName) {
  // Scanning the rows of all months, or making an index for one query, costs minutes on a large database.
  for (const auto& [title, sql] : queries()) {
    for (const auto& step : run_sql("EXPLAIN QUERY PLAN " + sql)) {
      EXPECT_EQ(step.at(3).find("SCAN observation"), std::string::npos) << title;
      EXPECT_EQ(step.at(3).find("observation USING AUTOMATIC"), std::string::npos) << title;
    }
  }
}

}  // namespace
}  // namespace dauth::testing

// From the database to the tables and files that people publish.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

const std::string kPublished = DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv";

class Tables : public ::testing::Test {
 protected:
  void import_published() const {
    const ProcessResult result = dauth({"import", kPublished, "-d", database});
    ASSERT_EQ(result.status(), 0) << result.err;
  }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(Tables, ImportedMonthsComeBackAsTheyWerePublished) {
  import_published();
  const ProcessResult report = dauth({"report", "adoption", "-d", database, "--format", "csv"});
  ASSERT_EQ(report.status(), 0) << report.err;
  const CsvTable printed(report.out);
  const CsvTable published(read_file(kPublished));
  const auto as_set = [](const CsvTable& table) {
    std::multiset<std::string> rows;
    for (std::size_t i = 0; i < table.size(); ++i) {
      rows.insert(table.at(i, "month") + ',' + table.at(i, "category") + ',' + table.at(i, "metric") + ',' +
                  table.at(i, "count"));
    }
    return rows;
  };
  EXPECT_EQ(as_set(printed), as_set(published));
  EXPECT_EQ(
      printed.columns(),
      split("month,category,metric,count,unmeasured,denominator,denominator_label,share,share_max", ','));
  for (std::size_t i = 0; i < printed.size(); ++i) EXPECT_EQ(printed.at(i, "unmeasured"), "");
}

TEST_F(Tables, MeasuredMonthStandsAboveThePublishedOnes) {
  import_published();
  ServedRegistry& registry = served_registry();
  ASSERT_EQ(dauth({"scan", registry.files().list, "-d", database, "-m", "2026-11", "--resolver",
                   registry.resolver()})
                .status(),
            0);
  const ProcessResult report = dauth({"report", "-d", database});
  ASSERT_EQ(report.status(), 0) << report.err;
  const std::size_t measured = report.out.find("| 2026-11");
  const std::size_t newest_published = report.out.find("| 2006-01");
  ASSERT_NE(measured, std::string::npos);
  ASSERT_NE(newest_published, std::string::npos);
  EXPECT_LT(measured, newest_published);
  EXPECT_THAT(report.out, HasSubstr("18(90)"));

  const ProcessResult range = dauth({"report", "-d", database, "--from", "2005-10", "--to", "2005-12"});
  EXPECT_THAT(range.out, HasSubstr("2005-11"));
  EXPECT_EQ(range.out.find("2006-01"), std::string::npos);
  const ProcessResult japanese = dauth({"report", "month", "-d", database, "--lang", "ja"});
  EXPECT_THAT(japanese.out, HasSubstr("汎用"));
  EXPECT_THAT(japanese.out, HasSubstr("2026"));
  EXPECT_EQ(dauth({"report", "-d", database, "--from", "2006-01", "--to", "2005-01"}).status(), 2);
  EXPECT_EQ(dauth({"report", "-d", database, "--month", "2010-01"}).status(), 2);
}

TEST_F(Tables, CategoryWithoutANameCountsNoneInsteadOfNotMeasured) {
  const std::string list = directory.write("list.txt", "example.jp\n");
  ASSERT_EQ(dauth({"scan", list, "-d", database, "-m", "2026-11", "--resolver", served_registry().resolver()})
                .status(),
            0);
  const CsvTable table(dauth({"report", "-d", database, "--format", "csv"}).out);
  EXPECT_EQ(table.count({{"category", "AD"}, {"metric", "registered"}, {"count", "0"}}), 1U);
  EXPECT_EQ(table.count({{"category", "AD"}, {"metric", "spf"}, {"count", "0"}, {"unmeasured", "0"}}), 1U);
  // Other groupings know no such categories.
  const std::string other = directory.file("other.sqlite");
  ASSERT_EQ(dauth({"scan", list, "-d", other, "-m", "2026-11", "--resolver", served_registry().resolver(),
                   "--categories", "suffix"})
                .status(),
            0);
  EXPECT_EQ(
      CsvTable(dauth({"report", "month", "-d", other, "--format", "csv"}).out).count({{"category", "AD"}}),
      0U);
}

TEST_F(Tables, EveryTableIsThereInEveryFormatAndLanguage) {
  import_published();
  ServedRegistry& registry = served_registry();
  const auto scan = [&](const std::string& list, const std::string& month) {
    return dauth({"scan", list, "-d", database, "-m", month, "--resolver", registry.resolver()}).status();
  };
  // First some of the names as a plain list, then all of them as a zone.
  std::string some;
  std::size_t listed = 0;
  std::size_t all = 0;
  for (const std::string& line : split(read_file(registry.files().list), '\n')) {
    if (line.empty() || line[0] == '#') continue;
    if (all++ % 2 != 0) continue;
    some += line + "\n";
    ++listed;
  }
  ASSERT_EQ(scan(directory.write("some.txt", some), "2026-10"), 0);
  EXPECT_EQ(dauth({"report", "changes", "-d", database}).status(), 2) << "one surveyed month is not two";
  ASSERT_EQ(scan(registry.files().registry_zone, "2026-11"), 0);

  for (const std::string table : {"adoption", "month", "rates", "spf", "dmarc", "quality", "changes"}) {
    SCOPED_TRACE(table);
    const ProcessResult english = dauth({"report", table, "-d", database});
    EXPECT_EQ(english.status(), 0) << english.err;
    EXPECT_THAT(english.out, HasSubstr("2026-11"));
    EXPECT_NE(english.out, dauth({"report", table, "-d", database, "--lang", "ja"}).out);
    const CsvTable csv(dauth({"report", table, "-d", database, "--format", "csv"}).out);
    const auto json = nlohmann::json::parse(dauth({"report", table, "-d", database, "--format", "json"}).out);
    EXPECT_EQ(json["table"], table);
    ASSERT_GT(csv.size(), 0U);
    EXPECT_EQ(json["rows"].size(), csv.size());
    for (const std::string& column : csv.columns()) EXPECT_TRUE(json["rows"][0].contains(column)) << column;
    EXPECT_EQ(dauth({"report", table, "-d", database, "-m", "2026-11"}).status(), 0);
  }

  const auto report = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"report"});
    arguments.insert(arguments.end(), {"-d", database, "--format", "csv"});
    return dauth(arguments);
  };
  const CsvTable changes(report({"changes"}).out);
  const std::string began = std::to_string(all - listed);
  EXPECT_EQ(changes.count({{"from", "2026-10"},
                           {"to", "2026-11"},
                           {"category", "TOTAL"},
                           {"metric", "registered"},
                           {"operator", ""},
                           {"before", std::to_string(listed)},
                           {"began", began},
                           {"newly_listed", began},
                           {"ceased", "0"},
                           {"left", "0"},
                           {"after", std::to_string(all)}}),
            1U);
  std::size_t hosted = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    hosted +=
        changes.at(i, "operator").ends_with(".example.net") || changes.at(i, "operator") == "example.net" ? 1
                                                                                                          : 0;
  }
  EXPECT_GT(hosted, 0U) << "the zone's name servers have told their operators";
  EXPECT_EQ(changes.count({{"operator", "unknown"}}), 0U) << "each name of a zone has one";
  EXPECT_EQ(CsvTable(report({"spf", "--category", "CO"}).out).count({{"category", "TOTAL"}}), 0U);
  EXPECT_GT(CsvTable(report({"spf", "-m", "2026-11"}).out).count({{"category", "AD"}}), 0U);

  EXPECT_EQ(report({"changes", "--from", "2006-01", "--to", "2026-11"}).status(), 2) << "imported";
  EXPECT_EQ(report({"changes", "--from", "2026-11", "--to", "2026-11"}).status(), 2);
  EXPECT_EQ(report({"changes", "-m", "2026-10"}).status(), 2) << "no surveyed month before it";
  const ProcessResult unknown = report({"rates", "--category", "NOWHERE"});
  EXPECT_EQ(unknown.status(), 2);
  EXPECT_THAT(unknown.err, HasSubstr("--category"));
  EXPECT_EQ(report({"month", "--category", "CO"}).status(), 2);
  EXPECT_EQ(report({"nothing"}).status(), 2);
}

TEST_F(Tables, OutputFileAppearsWholeOrNotAtAll) {
  import_published();
  const std::filesystem::path file = directory.file("table.md");
  ASSERT_EQ(dauth({"report", "-d", database, "-o", file}).status(), 0);
  EXPECT_EQ(read_file(file), dauth({"report", "-d", database}).out);
  const ProcessResult nowhere = dauth({"report", "-d", database, "-o", directory.file("none/table.md")});
  EXPECT_EQ(nowhere.status(), 2);
  EXPECT_THAT(nowhere.err, HasSubstr("--output"));
  // Nothing is left beside it, and the mode is the one of any new file.
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    files += entry.path().filename().string().rfind("table.md", 0) == 0 ? 1 : 0;
  }
  EXPECT_EQ(files, 1U);
  const mode_t mask = umask(0);
  umask(mask);
  struct stat status{};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0666 & ~mask);
}

TEST_F(Tables, ExportIsSortedInBothFormats) {
  ServedRegistry& registry = served_registry();
  ASSERT_EQ(dauth({"scan", registry.files().list, "-d", database, "-m", "2026-11", "--resolver",
                   registry.resolver()})
                .status(),
            0);
  const ProcessResult csv = dauth({"export", "-d", database, "-m", "2026-11"});
  EXPECT_EQ(
      csv.out.substr(0, csv.out.find('\n')),
      "domain,category,mx,null_mx,spf,spf_txt,spf_type99,spf_record,spf_all,sender_id,domainkeys_subdomain,"
      "domainkeys_policy,domainkeys_evidence,dkim_policy,dmarc,dmarc_policy,exists,mx_address_literal,"
      "dmarc_multiple,dmarc_invalid,cause,name_server_operator,spf_multiple,spf_invalid,domainkeys_by_a,"
      "dmarc_rua,dmarc_testing,mx_ipv6,mx_no_address");
  const CsvTable table(csv.out);
  for (std::size_t i = 1; i < table.size(); ++i) EXPECT_LT(table.at(i - 1, "domain"), table.at(i, "domain"));
  const ProcessResult lines = dauth({"export", "-d", database, "-m", "2026-11", "--format", "jsonl"});
  std::size_t row = 0;
  for (const std::string& line : split(lines.out, '\n')) {
    if (line.empty()) continue;
    const auto json = nlohmann::json::parse(line);
    ASSERT_LT(row, table.size());
    EXPECT_EQ(json["domain"], table.at(row, "domain"));
    EXPECT_EQ(json["mx"]["mx"], table.at(row, "mx"));
    EXPECT_EQ(json["spf"]["spf"], table.at(row, "spf"));
    ++row;
  }
  EXPECT_EQ(row, table.size());
}

TEST_F(Tables, HelpTellsEveryCommandInEightyColumns) {
  for (const std::string command :
       {"", "scan", "report", "check", "export", "import", "runs", "rejudge", "prune"}) {
    const ProcessResult help = command.empty() ? dauth({"--help"}) : dauth({command, "--help"});
    EXPECT_EQ(help.status(), 0);
    EXPECT_EQ(help.err, "");
    EXPECT_THAT(help.out, HasSubstr("Usage: dauth" + (command.empty() ? "" : " " + command)));
    for (const std::string& line : split(help.out, '\n')) EXPECT_LE(line.size(), 80U) << line;
  }
  EXPECT_THAT(dauth({"scan", "--help"}).out, HasSubstr("[10min]"));
  EXPECT_THAT(dauth({"--version"}).out, HasSubstr("dauth "));
}

TEST_F(Tables, OutputNeverReplacesWhatIsNoFile) {
  ASSERT_EQ(dauth({"import", DAUTH_SOURCE_DIR "/data/reference/wide-2005-2006.csv", "-d", database}).status(),
            0);
  const std::string expected = dauth({"report", "-d", database}).out;

  const std::string pipe = directory.file("pipe");
  ASSERT_EQ(run({"mkfifo", pipe}).status(), 0);
  ProcessOptions reading;
  reading.arguments = {"cat", pipe};
  ChildProcess reader(reading);
  EXPECT_EQ(dauth({"report", "-d", database, "-o", pipe}).status(), 0);
  EXPECT_EQ(reader.finish().out, expected);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe)) << "a device, /dev/null say, would be gone";

  const std::string target = directory.write("target.md", "old\n");
  const std::string link = directory.file("link.md");
  std::filesystem::create_symlink(target, link);
  EXPECT_EQ(dauth({"report", "-d", database, "-o", link}).status(), 0);
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(read_file(target), expected);

  EXPECT_EQ(dauth({"report", "-d", database, "-o", directory.path()}).status(), 2);
}

}  // namespace
}  // namespace dauth::testing

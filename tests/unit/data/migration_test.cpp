// Databases of earlier versions: opened, they are of the present one and say the same.
#include <fstream>
#include <iterator>
#include <random>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

class MigrationTest : public StoreTest {
 protected:
  // As the present view has them: behind the findings stands who runs the name servers, which nobody knew,
  // and the findings about MX hosts, which nobody asked.
  static std::vector<std::string> with_unknown_operator(std::vector<std::string> rows) {
    for (std::string& row : rows) row += '|';
    return with_unmeasured_hosts(std::move(rows));
  }
  static std::vector<std::string> with_unmeasured_hosts(std::vector<std::string> rows) {
    for (std::string& row : rows) row += "|2|2";
    return rows;
  }

  // An empty database in the form of an earlier version.
  void make(const char* schema_file, int version) {
    std::ifstream file(schema_file);
    const std::string schema((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    ASSERT_FALSE(schema.empty());
    RawDatabase(path_).execute(schema + "PRAGMA application_id = 0x64617574; PRAGMA user_version = " +
                               std::to_string(version) + "; PRAGMA journal_mode = WAL;");
  }

  // A finished month of `names` domains with findings at random, in the form of version 1.
  void make_version_1(int names) {
    make(DAUTH_SCHEMA_1, 1);
    RawDatabase raw(path_);
    raw.execute(
        "INSERT INTO category VALUES (1, 'CO'); INSERT INTO run (id, month, state, started, names, "
        "first_row) "
        "VALUES (1, '2026-11', 2, '2026-11-01T00:00:00Z', " +
        std::to_string(names) + ", 10)");
    std::mt19937 random(1);
    for (int name = 1; name <= names; ++name) {
      const std::string id = std::to_string(name);
      std::string findings;
      constexpr int kMetricsThen = 31;
      for (int metric = 0; metric < kMetricsThen; ++metric) findings += "," + std::to_string(random() % 3);
      raw.execute("INSERT INTO name VALUES (" + id + ", 'n" + id +
                  ".co.jp');"
                  "INSERT INTO observation VALUES (10 + " +
                  id + "," + id + ", 1," + std::to_string(name % 9) + findings +
                  "); INSERT INTO unmeasured VALUES (10 + " + id + ", 1, 7);");
    }
  }
};

TEST_F(MigrationTest, EveryFindingOfVersion1IsTheSame) {
  make_version_1(100);
  const std::string all = "SELECT * FROM domain_finding ORDER BY domain";
  const std::string causes = "SELECT * FROM unmeasured_finding ORDER BY 1, 2, 3, 4";
  const auto before = RawDatabase(path_).rows(all);
  const auto causes_before = RawDatabase(path_).rows(causes);
  ASSERT_EQ(before.size(), 100U);

  must(Store::open(path_.string(), OpenMode::kExisting));

  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"4"});
  EXPECT_EQ(raw.rows(all), with_unknown_operator(before));
  EXPECT_EQ(raw.rows(causes), causes_before);
  EXPECT_EQ(raw.rows("PRAGMA foreign_key_check"), std::vector<std::string>{});
  EXPECT_EQ(raw.rows("PRAGMA integrity_check"), std::vector<std::string>{"ok"});
}

TEST_F(MigrationTest, FindingsOfVersion2AreTheSameAndHaveNoAnswers) {
  make(DAUTH_SCHEMA_2, 2);
  RawDatabase(path_).execute(
      "INSERT INTO category VALUES (1, 'CO');"
      "INSERT INTO run (id, month, state, started, names, first_row) VALUES (1, '2026-11', 2, "
      "'2026-11-01T00:00:00Z', 2, 5);"
      "INSERT INTO name VALUES (1, 'a.co.jp'), (2, 'b.co.jp');"
      "INSERT INTO observation VALUES (6, 1, 1, 3, 2147483647, 5), (7, 2, 1, 0, 0, 0);"
      "INSERT INTO unmeasured VALUES (7, 1, 2147483647);");
  const std::string all = "SELECT * FROM domain_finding ORDER BY domain";
  const auto before = RawDatabase(path_).rows(all);
  ASSERT_EQ(before.size(), 2U);

  Store store = must(Store::open(path_.string(), OpenMode::kExisting));

  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows(all), with_unknown_operator(before));
  EXPECT_EQ(raw.rows("SELECT domain, operator, outcomes, txt FROM domain_answer"),
            (std::vector<std::string>{"a.co.jp|||", "b.co.jp|||"}));
  const auto judged = store.rejudge(
      Month{2026, 11}, 2,
      [](const dns::DomainName&, const StoredAnswers&) -> Result<Observation, std::string> {
        return all_absent();
      },
      RejudgeMode::kKeep);
  ASSERT_FALSE(judged);
  EXPECT_EQ(judged.error().kind, StoreError::Kind::kConflict);
  EXPECT_EQ(raw.rows(all), with_unknown_operator(before));
}

TEST_F(MigrationTest, AMonthOfVersion3DidNotAskTheMxHosts) {
  make(DAUTH_SCHEMA_3, 3);
  RawDatabase(path_).execute(
      "INSERT INTO category VALUES (1, 'CO'), (2, 'TOTAL');"
      "INSERT INTO run (id, month, state, started, names, first_row, rules_version, max_unmeasured) VALUES "
      "(1, '2026-11', 2, '2026-11-01T00:00:00Z', 2, 5, 2, 0.01);"
      "INSERT INTO name VALUES (1, 'a.co.jp'), (2, 'b.co.jp');"
      "INSERT INTO name_server_operator VALUES (1, 'example.net');"
      "INSERT INTO outcomes VALUES (1, '@ TXT nodata, @ MX answer');"
      "INSERT INTO answer VALUES (1, 'MX 10 mail.@'), (2, 'A \\# 4 c0000201');"
      "INSERT INTO observation VALUES (6, 1, 1, 3, 2147483647, 3, 1, 1, NULL, 1, NULL),"
      "(7, 2, 1, 0, 0, 0, NULL, NULL, NULL, NULL, NULL);"
      "INSERT INTO unmeasured VALUES (7, 22, 2147483647);"
      "INSERT INTO category_count VALUES (1, 1, 255, 2, 0), (1, 1, 1, 1, 1), (1, 2, 255, 2, 0), (1, 2, 1, 1, "
      "1);");
  const std::string all = "SELECT * FROM domain_finding ORDER BY domain";
  const auto before = RawDatabase(path_).rows(all);
  ASSERT_EQ(before.size(), 2U);
  const std::string counts = "SELECT * FROM monthly_count ORDER BY 1, 2, 3";
  const auto counted = RawDatabase(path_).rows(counts);

  Store store = must(Store::open(path_.string(), OpenMode::kExisting));

  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"4"});
  EXPECT_EQ(raw.rows(all), with_unmeasured_hosts(before));
  EXPECT_EQ(raw.rows(counts), counted);
  must(store.for_each_domain(Month{2026, 11}, [](const DomainRow& row) {
    EXPECT_EQ(row.observation[Metric::kMxIpv6], Finding::unmeasured(Cause::kNotAsked)) << row.domain;
    return true;
  }));
  // Judged again, it still has no count of what it did not ask.
  const auto judged = must(store.rejudge(
      Month{2026, 11}, 2,
      [](const dns::DomainName&, const StoredAnswers&) -> Result<Observation, std::string> {
        Observation observation = all_absent();
        observation[Metric::kMxIpv6] = observation[Metric::kMxNoAddress] = Finding();
        return observation;
      },
      RejudgeMode::kKeep));
  EXPECT_EQ(judged.judged, 1U);
  EXPECT_EQ(judged.excluded, 1U);
  EXPECT_EQ(raw.rows("SELECT count(*) FROM monthly_count WHERE metric IN ('mx_ipv6', 'mx_no_address')"),
            std::vector<std::string>{"0"});
}

TEST_F(MigrationTest, TheSchemaIsThatOfANewDatabase) {
  make_version_1(1);
  must(Store::open(path_.string(), OpenMode::kExisting));
  const std::filesystem::path fresh = path_.string() + ".new";
  must(Store::open(fresh.string(), OpenMode::kCreate));
  const std::string words = "SELECT id, name FROM cause ORDER BY id";
  EXPECT_EQ(RawDatabase(path_).rows(words), RawDatabase(fresh).rows(words));
  const std::string metrics = "SELECT id, name FROM metric ORDER BY id";
  EXPECT_EQ(RawDatabase(path_).rows(metrics), RawDatabase(fresh).rows(metrics));
  const std::string columns =
      "SELECT s.type, s.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_schema s, "
      "pragma_table_info(s.name) "
      "c "
      "WHERE s.type IN ('table', 'view') ORDER BY s.name, c.cid";
  EXPECT_EQ(RawDatabase(path_).rows(columns), RawDatabase(fresh).rows(columns));
  const std::string views = "SELECT name, sql FROM sqlite_schema WHERE type = 'view' ORDER BY name";
  EXPECT_EQ(RawDatabase(path_).rows(views), RawDatabase(fresh).rows(views));
}

TEST_F(MigrationTest, AViewOfTheUsersOwnSurvives) {
  make_version_1(3);
  RawDatabase(path_).execute("CREATE VIEW mine AS SELECT domain, spf FROM domain_finding");
  const auto before = RawDatabase(path_).rows("SELECT * FROM mine ORDER BY 1");
  must(Store::open(path_.string(), OpenMode::kExisting));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT * FROM mine ORDER BY 1"), before);
}

}  // namespace
}  // namespace dauth::data

// The schema's numbers and columns against the enums that they stand for.
#include <map>

#include "data/store_schema.h"
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

class SchemaTest : public StoreTest {
 protected:
  void SetUp() override { open(); }
};

TEST_F(SchemaTest, ListsEachMetricUnderItsNumber) {
  std::vector<std::string> expected;
  for (const Metric metric : all_metrics()) {
    expected.push_back(std::to_string(static_cast<int>(metric)) + "|" + std::string(to_text(metric)));
  }
  expected.push_back("255|" + std::string(kRegisteredMetric));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT id, name FROM metric ORDER BY id"), expected);
}

TEST_F(SchemaTest, ListsEachCauseUnderItsNumber) {
  std::vector<std::string> expected;
  for (int number = 1; number < 256; ++number) {
    const auto cause = cause_from_number(number);
    if (cause) expected.push_back(std::to_string(number) + "|" + std::string(to_text(*cause)));
  }
  EXPECT_GE(expected.size(), 15U);
  EXPECT_EQ(RawDatabase(path_).rows("SELECT id, name FROM cause ORDER BY id"), expected);
}

TEST_F(SchemaTest, ListsEachEvidenceUnderItsNumber) {
  std::vector<std::string> expected;
  for (int number = 0; number <= static_cast<int>(DomainkeysEvidence::kLookupFailure); ++number) {
    expected.push_back(std::to_string(number) + "|" +
                       std::string(to_text(static_cast<DomainkeysEvidence>(number))));
  }
  EXPECT_EQ(RawDatabase(path_).rows("SELECT id, name FROM domainkeys_evidence ORDER BY id"), expected);
}

TEST_F(SchemaTest, HasAColumnForEachMetricInTheirOrder) {
  std::vector<std::string> expected = {"id", "name", "category", "domainkeys_evidence"};
  for (const Metric metric : all_metrics()) expected.emplace_back(to_text(metric));
  EXPECT_EQ(RawDatabase(path_).rows("SELECT name FROM pragma_table_info('observation') ORDER BY cid"),
            expected);
}

TEST_F(SchemaTest, EveryTableIsStrictAndTheFileIsMarked) {
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT name FROM pragma_table_list "
                     "WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
            std::vector<std::string>{});
  EXPECT_EQ(raw.rows("PRAGMA application_id"), std::vector<std::string>{"1684108660"});
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"2"});
  EXPECT_EQ(raw.rows("PRAGMA journal_mode"), std::vector<std::string>{"wal"});
}

TEST_F(SchemaTest, MigratesStepByStepAndFromWhereItStopped) {
  constexpr Migration kSteps[] = {
      {2, "CREATE TABLE later (x INTEGER) STRICT; PRAGMA user_version = 3;"},
      {3, "ALTER TABLE observation ADD COLUMN later INTEGER NOT NULL DEFAULT 2; PRAGMA user_version = 4;"},
      {4, "CREATE TABLE fails (x INTEGER) STRICT; CREATE TABLE later (x INTEGER) STRICT;"}};
  auto connection = must(Connection::open(path_.string(), SQLITE_OPEN_READWRITE, std::chrono::seconds(1)));

  const auto migrated = migrate(*connection, kSteps);

  ASSERT_FALSE(migrated);
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"4"});
  EXPECT_EQ(raw.rows("SELECT count(*) FROM sqlite_schema WHERE name = 'fails'"),
            std::vector<std::string>{"0"})
      << "a step that fails leaves nothing";
  EXPECT_EQ(raw.rows("SELECT count(*) FROM sqlite_schema WHERE name = 'later'"),
            std::vector<std::string>{"1"});
  EXPECT_TRUE(migrate(*connection, std::span(kSteps).first(2))) << "done before: nothing to do";
}

TEST_F(SchemaTest, MigrationsLeadToTheVersionThatIsWritten) {
  std::int64_t version = 1;
  for (const Migration& step : migrations()) EXPECT_EQ(step.from, version++);
  EXPECT_EQ(version, kSchemaVersion);
}

TEST_F(SchemaTest, AFileOfVersion1ComesToTheSameForm) {
  static constexpr char kColumns[] =
      "SELECT t.name, c.cid, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk "
      "FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c WHERE t.type = 'table' ORDER BY 1, 2";
  static constexpr char kWords[] = "SELECT id, name FROM cause ORDER BY id";
  RawDatabase raw(path_);
  const auto columns = raw.rows(kColumns);
  const auto words = raw.rows(kWords);
  raw.execute(
      "ALTER TABLE run_resolver DROP COLUMN queries_per_second;"
      "ALTER TABLE run DROP COLUMN persistent_servfail; DELETE FROM cause WHERE id = 23;"
      "INSERT INTO run (id, month, state, started) VALUES (1, '2026-10', 1, '2026-10-01T00:00:00Z');"
      "INSERT INTO run_resolver (run, ordinal, address) VALUES (1, 1, '192.0.2.1:53');"
      "PRAGMA user_version = 1;");
  ASSERT_NE(raw.rows(kColumns), columns);

  const auto runs = must(open().runs());

  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"2"});
  EXPECT_EQ(raw.rows(kColumns), columns);
  EXPECT_EQ(raw.rows(kWords), words);
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].settings.resolvers, std::vector<std::string>{"192.0.2.1:53"});
  EXPECT_EQ(runs[0].settings.resolver_rates, std::vector<double>{0});
}

}  // namespace
}  // namespace dauth::data

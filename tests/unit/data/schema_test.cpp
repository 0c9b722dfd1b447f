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

// Columns keep their place: metrics that came later stand behind what was the last one.
TEST_F(SchemaTest, TheViewHasAColumnForEachMetricInTheirOrder) {
  std::vector<std::string> expected = {"month", "domain", "category", "domainkeys_evidence"};
  for (const Metric metric : all_metrics()) {
    expected.emplace_back(to_text(metric));
    if (metric == Metric::kDmarcWithMx) expected.emplace_back("operator");
  }
  EXPECT_EQ(RawDatabase(path_).rows("SELECT name FROM pragma_table_info('domain_finding') ORDER BY cid"),
            expected);
}

TEST_F(SchemaTest, EveryTableIsStrictAndTheFileIsMarked) {
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT name FROM pragma_table_list "
                     "WHERE type = 'table' AND schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'"),
            std::vector<std::string>{});
  EXPECT_EQ(raw.rows("PRAGMA application_id"), std::vector<std::string>{"1684108660"});
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"4"});
  EXPECT_EQ(raw.rows("PRAGMA journal_mode"), std::vector<std::string>{"wal"});
}

TEST_F(SchemaTest, MigratesStepByStepAndFromWhereItStopped) {
  constexpr Migration kSteps[] = {
      {4, "CREATE TABLE later (x INTEGER) STRICT; PRAGMA user_version = 5;"},
      {5, "ALTER TABLE observation ADD COLUMN later INTEGER NOT NULL DEFAULT 2; PRAGMA user_version = 6;"},
      {6, "CREATE TABLE fails (x INTEGER) STRICT; CREATE TABLE later (x INTEGER) STRICT;"}};
  auto connection = must(Connection::open(path_.string(), SQLITE_OPEN_READWRITE, std::chrono::seconds(1)));

  const auto migrated = migrate(*connection, kSteps);

  ASSERT_FALSE(migrated);
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("PRAGMA user_version"), std::vector<std::string>{"6"});
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

}  // namespace
}  // namespace dauth::data

#include <fstream>
#include <iterator>
#include "tests/unit/data/store_fixture.h"
namespace dauth::data {
namespace {
class ReviewStoreTest : public StoreTest {};

// docs: the -wal file is written back every 32 MiB. It must not grow with the list.
TEST_F(ReviewStoreTest, TheWalDoesNotGrowWithTheList) {
  is_checked_ = false;
  Store store = open();
  const RunId run = must(store.begin_run(settings(Month(2026, 11))));
  constexpr std::size_t kNames = 400'000;
  for (std::size_t at = 0; at < kNames; at += 20'000) {
    std::vector<ListedName> names;
    for (std::size_t i = at; i < at + 20'000; ++i) names.push_back(listed("n" + std::to_string(i) + ".co.jp"));
    must(store.add_names(run, names));
  }
  must(store.finish_list(run, "f"));
  RawDatabase(path_).execute("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto wal = path_.string() + "-wal";
  std::uint64_t position = 0;
  std::uintmax_t most = 0;
  const Observation row = Observation::all_unmeasured(Cause::kTimeout);
  while (position < kNames) {
    std::vector<SurveyedName> rows;
    for (int i = 0; i < 50; ++i) rows.push_back({++position, row});
    must(store.save(run, rows, {}));
    most = std::max(most, std::filesystem::file_size(wal));
  }
  std::printf("largest -wal: %.1f MiB\n", static_cast<double>(most) / (1 << 20));
  EXPECT_LE(most, 40U << 20);
}

TEST_F(ReviewStoreTest, TheSamePositionTwiceInABatch) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(3));
  Observation first = Observation::all_unmeasured(Cause::kTimeout);
  must(store.save(run, std::vector<SurveyedName>{{1, first}, {2, all_absent()}, {1, all_absent()}, {3, all_absent()}}, {}));
  must(store.finish_run(run, 1));
  RawDatabase raw(path_);
  EXPECT_EQ(raw.rows("SELECT count(*) FROM unmeasured"), std::vector<std::string>{"0"});
  EXPECT_EQ(raw.rows("SELECT surveyed FROM run"), std::vector<std::string>{"3"});
}

TEST_F(ReviewStoreTest, AViewOfTheUsersOwnSurvivesTheMigration) {
  {
    std::ifstream file(DAUTH_SCHEMA_1);
    const std::string schema((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    RawDatabase raw(path_);
    raw.execute(schema + "PRAGMA application_id = 0x64617574; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;"
      "CREATE VIEW mine AS SELECT domain FROM domain_finding WHERE spf = 1;");
  }
  auto opened = Store::open(path_.string(), OpenMode::kExisting);
  EXPECT_TRUE(opened) << opened.error().message;
}
}  // namespace
}  // namespace dauth::data

// Opening: ours, others', damaged, and files that may not be read or written.
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

class StoreOpenTest : public StoreTest {
 protected:
  StoreOpenTest() { is_checked_ = false; }

  std::optional<Kind> kind_of(OpenMode mode) {
    auto store = Store::open(path_.string(), mode);
    if (store) return std::nullopt;
    EXPECT_FALSE(store.error().message.empty());
    for (const char c : store.error().message) EXPECT_TRUE(c >= ' ' && c <= '~') << store.error().message;
    return store.error().kind;
  }

  void write(std::string_view text) { dauth::testing::write_file(path_, text); }
  std::string contents() { return dauth::testing::read_file(path_); }
};

// Root may read and write everything, so for what permissions forbid these tests act as nobody.
class AsNobody {
 public:
  AsNobody() {
    if (geteuid() == 0) is_set_ = seteuid(65534) == 0;
  }
  AsNobody(const AsNobody&) = delete;
  AsNobody& operator=(const AsNobody&) = delete;
  ~AsNobody() {
    if (is_set_ && seteuid(0) != 0) std::abort();
  }

 private:
  bool is_set_ = false;
};

constexpr OpenMode kAllModes[] = {OpenMode::kCreate, OpenMode::kExisting, OpenMode::kReadOnly};

TEST_F(StoreOpenTest, AFileThatIsNotThereIsMadeOnlyWhereAskedFor) {
  EXPECT_EQ(kind_of(OpenMode::kExisting), Kind::kNotFound);
  EXPECT_EQ(kind_of(OpenMode::kReadOnly), Kind::kNotFound);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(kind_of(OpenMode::kCreate), std::nullopt);
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), std::nullopt);
}

TEST_F(StoreOpenTest, NoFolderNoName) {
  path_ = directory_.file("none") / "survey.db";
  EXPECT_EQ(kind_of(OpenMode::kCreate), Kind::kNotFound);
  path_ = "";
  EXPECT_EQ(kind_of(OpenMode::kCreate), Kind::kNotFound);
}

TEST_F(StoreOpenTest, NamesThatSqliteWouldTakeForSomethingElseAreFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory_.path());
  path_ = ":memory:";
  EXPECT_EQ(kind_of(OpenMode::kCreate), std::nullopt);
  path_ = "file:x?mode=memory";
  EXPECT_EQ(kind_of(OpenMode::kCreate), std::nullopt);
  EXPECT_TRUE(std::filesystem::exists(":memory:"));
  EXPECT_TRUE(std::filesystem::exists("file:x?mode=memory"));
  std::filesystem::current_path(before);
}

TEST_F(StoreOpenTest, AnEmptyFileBecomesADatabase) {
  write("");
  EXPECT_EQ(kind_of(OpenMode::kExisting), Kind::kNotOurs);
  EXPECT_EQ(kind_of(OpenMode::kReadOnly), Kind::kNotOurs);
  EXPECT_EQ(kind_of(OpenMode::kCreate), std::nullopt);
  EXPECT_EQ(kind_of(OpenMode::kReadOnly), std::nullopt);
}

TEST_F(StoreOpenTest, AFolderIsNoDatabase) {
  path_ = directory_.path();
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNotOurs);
}

TEST_F(StoreOpenTest, ADeviceIsNoDatabase) {
  path_ = "/dev/null";
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNotOurs);
}

TEST_F(StoreOpenTest, OtherFilesAreLeftAsTheyAre) {
  for (const std::string& text :
       {std::string("a list\nof names\n"), std::string(5000, 'x'), std::string("x")}) {
    write(text);
    for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNotOurs);
    EXPECT_TRUE(contents() == text);
  }
}

TEST_F(StoreOpenTest, DatabasesOfOthersAreLeftAsTheyAre) {
  RawDatabase(path_).execute("CREATE TABLE run (id INTEGER PRIMARY KEY)");
  const std::string before = contents();
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNotOurs);
  EXPECT_TRUE(contents() == before);
  RawDatabase(path_).execute("PRAGMA application_id = 1234");
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNotOurs);
}

TEST_F(StoreOpenTest, AnEmptyDatabaseOfAnotherProgramIsNotTaken) {
  RawDatabase(path_).execute("PRAGMA application_id = 1234");
  EXPECT_EQ(kind_of(OpenMode::kCreate), Kind::kNotOurs);
}

TEST_F(StoreOpenTest, ANewerVersionIsLeftAsItIs) {
  open();
  RawDatabase(path_).execute("PRAGMA user_version = 99");
  for (const OpenMode mode : kAllModes) EXPECT_EQ(kind_of(mode), Kind::kNewer);
  EXPECT_EQ(RawDatabase(path_).rows("PRAGMA user_version"), std::vector<std::string>{"99"});
}

TEST_F(StoreOpenTest, ADatabaseWithoutItsTablesIsDamaged) {
  open();
  RawDatabase(path_).execute("PRAGMA foreign_keys = OFF; DROP TABLE run_list; DROP TABLE run_resolver");
  auto store = Store::open(path_.string(), OpenMode::kExisting);
  ASSERT_TRUE(store);
  const auto begun = store->begin_run(settings(Month(2026, 11)));
  ASSERT_TRUE(begun) << "no list and no resolver are given";
  const auto runs = store->runs();
  ASSERT_FALSE(runs);
  EXPECT_EQ(runs.error().kind, Kind::kCorrupt);
}

TEST_F(StoreOpenTest, DamageInTheMiddleIsTold) {
  {
    Store store = open();
    listed_run(store, Month(2026, 11), many_names(2000));
  }
  const auto size = std::filesystem::file_size(path_);
  {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    // All but the schema: the tables of metrics and causes go, too.
    for (std::uintmax_t at = std::uintmax_t{40} * 4096; at + 4096 <= size; at += 4096) {
      file.seekp(static_cast<std::streamoff>(at));
      file << std::string(512, '\xa5');
    }
  }
  Store store = open(OpenMode::kExisting);
  const auto planned = store.names_to_survey(1, 0, 5000);
  ASSERT_FALSE(planned);
  EXPECT_EQ(planned.error().kind, Kind::kCorrupt);
  EXPECT_TRUE(store.runs()) << "what is sound can still be read";
}

TEST_F(StoreOpenTest, AFileCutShortIsTold) {
  {
    Store store = open();
    listed_run(store, Month(2026, 11), many_names(2000));
  }
  std::filesystem::resize_file(path_, 4096 * 3);
  auto store = Store::open(path_.string(), OpenMode::kReadOnly);
  if (store) {
    const auto runs = store->names_to_survey(1, 0, 5000);
    ASSERT_FALSE(runs);
    EXPECT_EQ(runs.error().kind, Kind::kCorrupt);
  } else {
    EXPECT_EQ(store.error().kind, Kind::kCorrupt);
  }
}

TEST_F(StoreOpenTest, ReadingOnlyWritesNothing) {
  open();
  Store store = open(OpenMode::kReadOnly);
  EXPECT_TRUE(store.runs());
  const auto begun = store.begin_run(settings(Month(2026, 11)));
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind, Kind::kReadOnly);
}

TEST_F(StoreOpenTest, AFileThatMayNotBeWrittenIsReadable) {
  {
    Store store = open();
    const RunId run = listed_run(store, Month(2026, 11), many_names(3));
    survey(store, run, [](const PlannedName&) { return all_absent(); });
    must(store.finish_run(run, 1));
  }
  chmod(path_.c_str(), 0444);
  chmod(directory_.path().c_str(), 0555);
  {
    const AsNobody nobody;
    EXPECT_EQ(kind_of(OpenMode::kExisting), Kind::kReadOnly);
    auto store = Store::open(path_.string(), OpenMode::kReadOnly);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ(must(store->months()).size(), 1U);
  }
  chmod(directory_.path().c_str(), 0755);
}

TEST_F(StoreOpenTest, AFileThatMayNotBeReadIsTold) {
  open();
  chmod(path_.c_str(), 0);
  chmod(directory_.path().c_str(), 0755);
  const AsNobody nobody;
  const auto store = Store::open(path_.string(), OpenMode::kReadOnly);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().kind, Kind::kIo);
  EXPECT_NE(store.error().message.find("Permission denied"), std::string::npos) << store.error().message;
}

}  // namespace
}  // namespace dauth::data

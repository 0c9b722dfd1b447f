// A file that has lost some of its octets: SQLite reads zeros in their place, so what is missing has to be
// noticed by counting, and told before anything is made from the rest.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

const Month kOctober{2026, 10};
const Month kNovember{2026, 11};
constexpr std::size_t kNames = 400;
constexpr std::uintmax_t kPage = 4096;
constexpr OpenMode kAllModes[] = {OpenMode::kCreate, OpenMode::kExisting, OpenMode::kReadOnly};

class StoreDamageTest : public StoreTest {
 protected:
  // Two months of the same names, each with an answer of its own.
  StoreDamageTest() {
    Store store = open();
    for (const Month month : {kOctober, kNovember}) {
      const RunId run = listed_run(store, month, many_names(kNames));
      std::vector<SurveyedName> rows;
      for (const PlannedName& next : must(store.names_to_survey(run, 0, kNames))) {
        SurveyedName row{next.position, all_absent(), {}};
        row.answers.outcomes = "@ TXT answer";
        row.answers.answers.push_back({AnswerPlace::kTxt, 0, "TXT of " + next.name.to_text()});
        rows.push_back(std::move(row));
      }
      must(store.save(run, rows, {}));
      must(store.finish_run(run, 0.3));
    }
    is_checked_ = false;  // damaged on purpose
  }

  StoreResult<void> read_all(Store& store, std::size_t& rows) {
    rows = 0;
    return store.for_each_domain(
        kNovember, [&](const DomainRow&) { return ++rows > 0; }, DomainDetail::kAnswersToo);
  }

  static StoreResult<Rejudgement> rejudge(Store& store, RejudgeMode mode = RejudgeMode::kKeep) {
    return store.rejudge(
        kNovember, 7,
        [](const dns::DomainName&, const StoredAnswers&) -> Result<Observation, std::string> {
          Observation found = all_absent();
          found[Metric::kSpf] = Finding::published();
          return found;
        },
        mode);
  }

  std::vector<std::string> counts() {
    return RawDatabase(path_).rows(
        "SELECT month, metric, count, unmeasured FROM monthly_count WHERE category = 'TOTAL' ORDER BY 1, 2");
  }

  // The leaf pages with rows of the newest month.
  std::vector<std::uintmax_t> leaves_of_observations() {
    std::vector<std::uintmax_t> pages;
    RawDatabase raw(path_);
    for (const std::string& page : raw.rows(
             "SELECT pageno FROM dbstat WHERE name = 'observation' AND pagetype = 'leaf' ORDER BY path")) {
      pages.push_back(std::stoull(page));
    }
    pages.erase(pages.begin(), pages.begin() + static_cast<std::ptrdiff_t>(pages.size() / 2 + 1));
    return pages;
  }

  void zero(std::uintmax_t from, std::uintmax_t length) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(static_cast<std::size_t>(length), '\0');
  }

  std::string contents() { return dauth::testing::read_file(path_); }
  void put_back(const std::string& octets) {
    std::filesystem::remove(path_.string() + "-wal");
    std::filesystem::remove(path_.string() + "-shm");
    dauth::testing::write_file(path_, octets);
  }

  // The error of opening the file, or of the first reading that finds it damaged.
  static void expect_damage(const StoreError& error, std::string_view words) {
    EXPECT_EQ(error.kind, Kind::kCorrupt) << error.message;
    EXPECT_NE(error.message.find("damaged"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find(words), std::string::npos) << error.message;
  }
};

TEST_F(StoreDamageTest, RowsThatAreMissingAreToldAndNothingIsCountedAnew) {
  RawDatabase(path_).execute(
      "DELETE FROM observation WHERE id IN (SELECT id FROM observation ORDER BY id DESC LIMIT 30)");
  const auto before = counts();
  Store store = open(OpenMode::kExisting);
  std::size_t rows = 0;
  const auto exported = read_all(store, rows);
  ASSERT_FALSE(exported) << rows;
  expect_damage(exported.error(), "370 of 400 names of 2026-11");
  for (const RejudgeMode mode : {RejudgeMode::kOnlyTell, RejudgeMode::kKeep}) {
    const auto judged = rejudge(store, mode);
    ASSERT_FALSE(judged);
    expect_damage(judged.error(), "370 of 400 names of 2026-11");
  }
  EXPECT_EQ(counts(), before);
  EXPECT_EQ(RawDatabase(path_).rows("SELECT count(*) FROM domain_finding WHERE spf = 1").at(0), "0");
  const std::vector<Metric> metrics = {Metric::kSpf};
  const auto changes = store.changes(kOctober, kNovember, metrics);
  ASSERT_FALSE(changes);
  expect_damage(changes.error(), "370 of 400 names of 2026-11");
}

TEST_F(StoreDamageTest, NamesThatAreMissingAreToldAndNothingIsCountedAnew) {
  RawDatabase(path_).execute("PRAGMA foreign_keys = OFF; DELETE FROM name WHERE text LIKE 'n1_.co.jp'");
  const auto before = counts();
  Store store = open(OpenMode::kExisting);
  std::size_t rows = 0;
  const auto exported = read_all(store, rows);
  ASSERT_FALSE(exported) << rows;
  expect_damage(exported.error(), "390 of 400 names of 2026-11");
  const auto judged = rejudge(store);
  ASSERT_FALSE(judged);
  expect_damage(judged.error(), "390 of 400 names of 2026-11");
  EXPECT_EQ(counts(), before);
}

TEST_F(StoreDamageTest, RowsThatAreMissingWhenARunIsToEndAreDamage) {
  const Month december{2026, 12};
  Store store = open(OpenMode::kExisting);
  const RunId run = listed_run(store, december, many_names(50));
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  RawDatabase(path_).execute(
      "DELETE FROM observation WHERE id IN (SELECT id FROM observation ORDER BY id DESC LIMIT 20)");
  const auto finished = store.finish_run(run, 0.3);
  ASSERT_FALSE(finished);
  expect_damage(finished.error(), "30 of 50 names of 2026-12");
  EXPECT_EQ(run_of(store, december)->state, RunState::kSurveying);
}

TEST_F(StoreDamageTest, AReaderThatHasEnoughIsNotTold) {
  Store store = open(OpenMode::kReadOnly);
  std::size_t rows = 0;
  EXPECT_TRUE(store.for_each_domain(kNovember, [&](const DomainRow&) { return ++rows < 5; }));
  EXPECT_EQ(rows, 5U);
}

TEST_F(StoreDamageTest, ALeafOfRowsWithoutSomeOfItsOctets) {
  const std::string sound = contents();
  const auto leaves = leaves_of_observations();
  ASSERT_GE(leaves.size(), 2U);
  for (const std::uintmax_t page : leaves) {
    // From here to the end of the page, and a sector alone.
    for (const auto& [from, length] : std::vector<std::pair<std::uintmax_t, std::uintmax_t>>{
             {0, kPage}, {24, kPage - 24}, {512, kPage - 512}, {2048, kPage - 2048}, {0, 512}, {3584, 512}}) {
      put_back(sound);
      const auto before = counts();
      zero((page - 1) * kPage + from, length);
      Store store = open(OpenMode::kExisting);
      std::size_t rows = 0;
      const auto exported = read_all(store, rows);
      EXPECT_FALSE(exported) << "page " << page << " from " << from << ": " << rows << " rows";
      if (!exported) expect_damage(exported.error(), "");
      const std::vector<Metric> metrics = {Metric::kSpf};
      const auto changes = store.changes(kOctober, kNovember, metrics);
      EXPECT_FALSE(changes) << "page " << page << " from " << from;
      if (!changes) expect_damage(changes.error(), "");
      const auto judged = rejudge(store);
      EXPECT_FALSE(judged) << "page " << page << " from " << from;
      if (!judged) expect_damage(judged.error(), "");
      EXPECT_EQ(counts(), before);
    }
  }
}

TEST_F(StoreDamageTest, AFileThatWasCutIsToldWhenItIsOpened) {
  const std::string sound = contents();
  const std::uintmax_t size = sound.size();
  ASSERT_EQ(size % kPage, 0U);
  for (const std::uintmax_t length : {size - 1, size - 512, size - kPage / 2, size - kPage + 24,
                                      size - kPage + 1, size - kPage, size - 3 * kPage - 7, size / 2}) {
    put_back(sound);
    std::filesystem::resize_file(path_, length);
    const std::string cut = contents();
    for (const OpenMode mode : kAllModes) {
      const auto store = Store::open(path_.string(), mode);
      ASSERT_FALSE(store) << length << " of " << size;
      expect_damage(store.error(), "cut short");
      expect_damage(store.error(), std::to_string(length) + " of " + std::to_string(size) + " octets");
    }
    EXPECT_TRUE(contents() == cut) << "it was left as it is";
  }
  put_back(sound);
  for (const OpenMode mode : kAllModes) EXPECT_TRUE(Store::open(path_.string(), mode));
}

TEST_F(StoreDamageTest, ACutFileInAFolderThatMayNotBeWritten) {
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 100);
  chmod(path_.c_str(), 0444);
  chmod(directory_.path().c_str(), 0555);
  const bool is_root = geteuid() == 0;
  ASSERT_TRUE(!is_root || seteuid(65534) == 0);
  const auto store = Store::open(path_.string(), OpenMode::kReadOnly);
  ASSERT_TRUE(!is_root || seteuid(0) == 0);
  chmod(directory_.path().c_str(), 0755);
  ASSERT_FALSE(store);
  expect_damage(store.error(), "cut short");
}

TEST_F(StoreDamageTest, WhatIsStillInTheWalFileIsNotMissing) {
  Store writer = open();
  const Month december{2026, 12};
  const RunId run = listed_run(writer, december, many_names(3000));
  survey(writer, run, [](const PlannedName&) { return all_absent(); });
  ASSERT_GT(std::filesystem::file_size(path_.string() + "-wal"), 0U);
  // As a process that was killed leaves them.
  const auto copy = directory_.file("copy.db");
  std::filesystem::copy_file(path_, copy);
  std::filesystem::copy_file(path_.string() + "-wal", copy.string() + "-wal");
  auto store = Store::open(copy.string(), OpenMode::kReadOnly);
  ASSERT_TRUE(store) << store.error().message;
  EXPECT_EQ(run_of(*store, december)->surveyed, 3000U);
}

TEST_F(StoreDamageTest, AFileThatAnotherProcessWritesIsNeverTakenForACutOne) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // The file grows and shrinks, and each closing takes the -wal file away.
    for (int month = 1; month <= 12; ++month) {
      auto store =
          Store::open(path_.string(), OpenMode::kExisting, {.busy_timeout = std::chrono::minutes(1)});
      if (!store) _exit(1);
      const auto run = store->begin_run(settings(Month(2027, month)));
      if (!run || !store->add_names(*run, many_names(2000)) || !store->finish_list(*run, "f")) _exit(2);
      const auto planned = store->names_to_survey(*run, 0, 2000);
      if (!planned) _exit(3);
      for (const PlannedName& next : *planned) {
        if (!store->save(*run, std::vector<SurveyedName>{{next.position, all_absent()}}, {})) _exit(4);
      }
      if (!store->finish_run(*run, 0.3)) _exit(5);
    }
    _exit(0);
  }
  int opened = 0;
  int status = 0;
  while (waitpid(child, &status, WNOHANG) == 0) {
    const auto store = Store::open(path_.string(), OpenMode::kReadOnly);
    ASSERT_TRUE(store) << store.error().message;
    ++opened;
  }
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_GT(opened, 20);
  is_checked_ = true;
}

}  // namespace
}  // namespace dauth::data

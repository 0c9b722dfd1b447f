// Faults of the storage and of neighbours: full, busy, killed.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

using Kind = StoreError::Kind;

// Bounds the pages of every database that is opened while it lives: the disk is full behind them.
class FullDisk {
 public:
  explicit FullDisk(int pages) {
    limit_ = pages;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&set_limit));
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() { sqlite3_reset_auto_extension(); }

 private:
  static int set_limit(sqlite3* handle, const char**, const void*) {
    const std::string sql = "PRAGMA max_page_count = " + std::to_string(limit_);
    return sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
  }
  static inline int limit_ = 0;
};

class StoreFaultsTest : public StoreTest {};

TEST_F(StoreFaultsTest, AFullDiskLosesNothingCommittedAndCanBeGoneOnWith) {
  RunId run = 0;
  std::uint64_t saved = 0;
  {
    Store store = open();
    run = listed_run(store, Month(2026, 11), many_names(5000));
  }
  const auto pages = static_cast<int>(std::filesystem::file_size(path_) / 4096);
  {
    const FullDisk full(pages + 2);
    Store store = open();
    while (true) {
      std::vector<SurveyedName> rows;
      for (std::uint64_t i = 0; i < 100; ++i) {
        rows.push_back({saved + i + 1, Observation::all_unmeasured(Cause::kServfail)});
      }
      const auto result = store.save(run, rows, {.questions = 100});
      if (!result) {
        EXPECT_EQ(result.error().kind, Kind::kFull);
        EXPECT_EQ(result.error().message, "no room is left for the database");
        break;
      }
      saved += 100;
      ASSERT_LT(saved, 5000U) << "the disk was never full";
    }
    ASSERT_GT(saved, 0U);
    EXPECT_EQ(run_of(store, Month(2026, 11))->surveyed, saved) << "the same store can still be read";
    EXPECT_EQ(store.add_names(run, {}).error().kind, Kind::kConflict) << "and tells other errors apart";
  }
  Store store = open();
  const auto record = run_of(store, Month(2026, 11));
  EXPECT_EQ(record->surveyed, saved);
  EXPECT_EQ(record->figures.questions, saved);
  EXPECT_EQ(must(store.names_to_survey(run, 0, 10'000)).size(), 5000 - saved);
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 1));
}

TEST_F(StoreFaultsTest, AFileThatMayNotGrowIsFull) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    // A real refusal of the system: write(2) fails behind this size.
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{200'000, 200'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    auto store = Store::open(path_.string(), OpenMode::kCreate);
    if (!store) _exit(1);
    const auto run = store->begin_run(settings(Month(2026, 11)));
    if (!run) _exit(2);
    const auto added = store->add_names(*run, many_names(20'000));
    if (added) _exit(3);
    _exit(added.error().kind == Kind::kFull ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  Store store = open();
  EXPECT_EQ(must(store.runs()).size(), 1U) << "what was committed before is there";
}

TEST_F(StoreFaultsTest, AFullDiskWhenCreatingLeavesNoHalfDatabase) {
  {
    const FullDisk full(3);
    const auto store = Store::open(path_.string(), OpenMode::kCreate);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, Kind::kFull);
  }
  EXPECT_TRUE(must(open().runs()).empty());
}

TEST_F(StoreFaultsTest, ABusyDatabaseIsSaidToBe) {
  options_.busy_timeout = std::chrono::milliseconds(1);
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(2));
  RawDatabase other(path_);
  other.execute("BEGIN IMMEDIATE");
  const auto saved = store.save(run, std::vector<SurveyedName>{{1, all_absent()}}, {});
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, Kind::kBusy);
  EXPECT_EQ(must(store.names_to_survey(run, 0, 10)).size(), 2U) << "reading goes on";
  other.execute("COMMIT");
  must(store.save(run, std::vector<SurveyedName>{{1, all_absent()}}, {}));
}

TEST_F(StoreFaultsTest, AReaderSeesOneMomentWhileTheSurveyGoesOn) {
  Store writer = open();
  const RunId october = listed_run(writer, Month(2026, 10), many_names(50));
  survey(writer, october, [](const PlannedName&) { return all_absent(); });
  must(writer.finish_run(october, 1));
  const RunId november = listed_run(writer, Month(2026, 11), many_names(50));

  Store reader = open(OpenMode::kReadOnly);
  std::uint64_t rows = 0;
  must(reader.for_each_domain(Month(2026, 10), [&](const DomainRow&) {
    ++rows;
    must(writer.save(november, std::vector<SurveyedName>{{rows, all_absent()}}, {}));
    return true;
  }));
  EXPECT_EQ(rows, 50U);
  EXPECT_EQ(run_of(reader, Month(2026, 11))->surveyed, 50U);
  must(writer.finish_run(november, 1));
  EXPECT_EQ(must(reader.months()).size(), 2U);
}

TEST_F(StoreFaultsTest, ASinkThatThrowsLeavesTheStoreUsable) {
  Store store = open();
  const RunId run = listed_run(store, Month(2026, 11), many_names(3));
  survey(store, run, [](const PlannedName&) { return all_absent(); });
  must(store.finish_run(run, 1));
  EXPECT_THROW(
      (void)store.for_each_domain(Month(2026, 11), [](const DomainRow&) -> bool { throw std::string(); }),
      std::string);
  EXPECT_TRUE(store.begin_run(settings(Month(2026, 12))));
}

TEST_F(StoreFaultsTest, WhatWasCommittedSurvivesSigkill) {
  RunId run = 0;
  {
    Store store = open();
    run = listed_run(store, Month(2026, 11), many_names(30'000));
  }
  for (int round = 0; round < 5; ++round) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto store = Store::open(path_.string(), OpenMode::kExisting);
      if (!store) _exit(1);
      while (true) {
        const auto planned = store->names_to_survey(run, 0, 50);
        if (!planned || planned->empty()) _exit(2);
        std::vector<SurveyedName> rows;
        for (const PlannedName& next : *planned) rows.push_back({next.position, all_absent()});
        if (!store->save(run, rows, {.questions = 50})) _exit(3);
        const char committed = 'c';
        if (write(pipe_ends[1], &committed, 1) != 1) _exit(4);
      }
    }
    close(pipe_ends[1]);
    Store looking = open();
    const std::uint64_t before = run_of(looking, Month(2026, 11))->surveyed;
    std::uint64_t told = 0;
    std::array<char, 16> told_now{};
    while (told < 20 + static_cast<std::uint64_t>(round) * 7) {
      const ssize_t got = read(pipe_ends[0], told_now.data(), told_now.size());
      ASSERT_GT(got, 0) << "the child ended by itself";
      told += static_cast<std::uint64_t>(got);
    }
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    close(pipe_ends[0]);

    Store store = open();
    const auto record = run_of(store, Month(2026, 11));
    EXPECT_GE(record->surveyed, before) << round;
    EXPECT_GE(record->surveyed, told * 50);
    EXPECT_EQ(record->surveyed % 50, 0U) << "batches are whole";
    EXPECT_EQ(record->figures.questions, record->surveyed);
    EXPECT_EQ(must(store.names_to_survey(run, 0, 100'000)).size(), 30'000 - record->surveyed);
  }
}

}  // namespace
}  // namespace dauth::data

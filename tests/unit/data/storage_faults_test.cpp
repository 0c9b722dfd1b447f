// A survey on storage that fails at each of its operations in turn: nothing that was committed is lost, the
// file stays sound, and the same survey comes to its end when the storage works again.
#include <algorithm>

#include "tests/unit/data/faulty_storage.h"
#include "tests/unit/data/store_fixture.h"

namespace dauth::data {
namespace {

constexpr std::uint64_t kNames = 240;
constexpr std::uint64_t kBatch = 40;
const Month kMonth(2026, 11);

// What the store said was done.
struct Ledger {
  bool began = false;
  std::uint64_t surveyed = 0;
  bool finished = false;
};

struct Storage {
  std::string what;
  StorageFault fault;
  FaultLength length;
};

class StorageFaults : public StoreTest, public ::testing::WithParamInterface<Storage> {
 protected:
  static SurveyedName row(std::uint64_t position) {
    SurveyedName row{position, all_absent(), {}};
    row.observation[Metric::kMx] = Finding::published();
    row.answers.outcomes = "@ TXT nodata, @ MX answer";
    row.answers.answers.push_back(
        {AnswerPlace::kMx, 0, "MX 10 mx" + std::to_string(position % 7) + ".hosting.example."});
    return row;
  }

  // From wherever it stands to its end, or to the first thing that fails.
  StoreResult<void> go_on(Ledger& ledger) {
    auto store = Store::open(path_.string(), OpenMode::kCreate, options_);
    if (!store) return unexpected(store.error());
    const auto runs = store->runs();
    if (!runs) return unexpected(runs.error());
    RunId run = 0;
    bool is_listed = false;
    for (const RunRecord& record : *runs) {
      if (!record.finished.empty()) return {};
      run = record.id;
      is_listed = record.names > 0;
    }
    if (run == 0) {
      const auto begun = store->begin_run(settings(kMonth));
      if (!begun) return unexpected(begun.error());
      run = *begun;
      ledger.began = true;
    }
    if (!is_listed) {
      // As a resumed scan does: names that are there are not listed twice.
      if (const auto added = store->add_names(run, many_names(kNames)); !added)
        return unexpected(added.error());
      if (const auto listed = store->finish_list(run, "fingerprint"); !listed)
        return unexpected(listed.error());
    }
    while (true) {
      const auto planned = store->names_to_survey(run, 0, kBatch);
      if (!planned) return unexpected(planned.error());
      if (planned->empty()) break;
      std::vector<SurveyedName> rows;
      for (const PlannedName& next : *planned) rows.push_back(row(next.position));
      if (const auto saved = store->save(run, rows, {.questions = rows.size()}); !saved)
        return unexpected(saved.error());
      ledger.surveyed += rows.size();
    }
    if (const auto finished = store->finish_run(run, 1); !finished) return unexpected(finished.error());
    ledger.finished = true;
    return {};
  }

  void remove_database() const {
    for (const char* suffix : {"", "-wal", "-shm", "-journal"})
      std::filesystem::remove(path_.string() + suffix);
  }
};

TEST_P(StorageFaults, LoseNothingThatWasCommitted) {
  const auto [what, fault, length] = GetParam();
  std::size_t operations = 0;
  {
    const FaultyStorage storage(fault, 0, length);
    Ledger ledger;
    must(go_on(ledger));
    operations = storage.operations();
  }
  ASSERT_GT(operations, 0U);
  // All of them where they are few, else some 24 spread over the whole.
  const std::size_t stride = std::max<std::size_t>(1, operations / 24);
  std::size_t failed = 0;
  for (std::size_t at = 1; at <= operations; at += stride) {
    SCOPED_TRACE(what + ", operation " + std::to_string(at) + " of " + std::to_string(operations));
    remove_database();
    Ledger ledger;
    {
      const FaultyStorage storage(fault, at, length);
      const auto result = go_on(ledger);
      if (!result) {
        ++failed;
        EXPECT_TRUE(storage.has_failed());
        EXPECT_NE(result.error().message, "");
        EXPECT_NE(result.error().kind, StoreError::Kind::kConflict) << result.error().message;
        if (fault == StorageFault::kNoRoom) {
          EXPECT_EQ(result.error().kind, StoreError::Kind::kFull) << result.error().message;
        }
      }
    }
    if (ledger.began) {
      Store store = open();
      const auto record = run_of(store, kMonth);
      ASSERT_TRUE(record) << "the run that was begun is lost";
      EXPECT_GE(record->surveyed, ledger.surveyed) << "rows that were committed are lost";
      EXPECT_LE(record->surveyed, ledger.surveyed + kBatch) << "rows that nobody saved";
      EXPECT_EQ(record->surveyed, record->figures.questions) << "a batch is whole";
      if (ledger.finished) {
        EXPECT_FALSE(record->finished.empty());
      }
    }
    Ledger rest;
    must(go_on(rest));
    Store store = open();
    const auto record = run_of(store, kMonth);
    EXPECT_FALSE(record->finished.empty());
    EXPECT_EQ(record->surveyed, kNames);
    std::uint64_t rows = 0;
    must(store.for_each_domain(
        kMonth,
        [&](const DomainRow& domain) {
          EXPECT_TRUE(domain.observation[Metric::kMx].is_published());
          EXPECT_EQ(domain.answers.answers.size(), 1U);
          ++rows;
          return true;
        },
        DomainDetail::kAnswersToo));
    EXPECT_EQ(rows, kNames);
    RawDatabase raw(path_);
    ASSERT_EQ(raw.rows("PRAGMA integrity_check"), std::vector<std::string>{"ok"});
  }
  // A log that cannot be cut off stays as long as it is, and nothing is wrong with that.
  if (fault != StorageFault::kTruncateError) {
    EXPECT_GT(failed, 0U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Storages, StorageFaults,
    ::testing::Values(Storage{"FullForAMoment", StorageFault::kNoRoom, FaultLength::kOnce},
                      Storage{"FullForGood", StorageFault::kNoRoom, FaultLength::kForGood},
                      Storage{"WritesFailOnce", StorageFault::kWriteError, FaultLength::kOnce},
                      Storage{"WritesFailForGood", StorageFault::kWriteError, FaultLength::kForGood},
                      Storage{"SyncsFailForGood", StorageFault::kSyncError, FaultLength::kForGood},
                      Storage{"ReadsFailOnce", StorageFault::kReadError, FaultLength::kOnce},
                      Storage{"ReadsFailForGood", StorageFault::kReadError, FaultLength::kForGood},
                      Storage{"TruncatesFailForGood", StorageFault::kTruncateError, FaultLength::kForGood}),
    [](const auto& instance) { return instance.param.what; });

}  // namespace
}  // namespace dauth::data

// The end of a run: its rows are counted once, and the month becomes visible.
#include <fmt/format.h>

#include <array>
#include <map>
#include <unordered_map>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

// Reads the causes of a run's rows beside its rows, both in the order of their ids.
class CauseReader {
 public:
  explicit CauseReader(Cursor& cursor) : cursor_(&cursor) { advance(); }

  // Calls take(cause, bits) for each cause of this row; ids must not go back.
  template <class Take>
  void take(std::int64_t id, Take take) {
    while (more_ && cursor_->integer(0) < id) advance();
    while (more_ && cursor_->integer(0) == id) {
      take(cursor_->integer(1), cursor_->natural(2));
      advance();
    }
  }

 private:
  void advance() { more_ = cursor_->next(); }

  Cursor* cursor_;
  bool more_ = false;
};

struct MetricTally {
  std::uint64_t published = 0;
  std::uint64_t unmeasured = 0;
  std::uint64_t caused = 0;  // of those, for another cause than not_asked
};

struct CategoryTally {
  std::uint64_t registered = 0;
  std::array<MetricTally, kMetricCount> metrics{};
  std::map<std::pair<std::size_t, std::int64_t>, std::uint64_t> causes;  // by metric and cause

  void add(const CategoryTally& other) {
    registered += other.registered;
    for (std::size_t i = 0; i < kMetricCount; ++i) {
      metrics[i].published += other.metrics[i].published;
      metrics[i].unmeasured += other.metrics[i].unmeasured;
      metrics[i].caused += other.metrics[i].caused;
    }
    for (const auto& [key, count] : other.causes) causes[key] += count;
  }
};

// What rows can differ in but for causes. Of millions of rows hardly a few hundred do: equal ones are counted
// first, and their bits only then.
struct RowKind {
  std::int64_t category = 0;
  std::uint64_t measured = 0;
  std::uint64_t published = 0;

  bool operator==(const RowKind&) const = default;
};
struct HashOfRowKind {
  std::size_t operator()(const RowKind& kind) const {
    constexpr std::uint64_t kMultiplier = 0x9e37'79b9'7f4a'7c15;
    std::uint64_t hash = static_cast<std::uint64_t>(kind.category) * kMultiplier;
    hash = (hash ^ kind.measured) * kMultiplier;
    return ((hash ^ hash >> 32 ^ kind.published) * kMultiplier) >> 20;
  }
};
// Lists can bring categories of their own.
constexpr std::size_t kMostRowKinds = 20'000;

}  // namespace

struct Store::Impl::RunTally {
  std::map<std::int64_t, CategoryTally> categories;  // by id
  std::uint64_t rows = 0;
  std::uint64_t failed = 0;  // rows with a lookup failure
  std::uint64_t lost = 0;    // of those, for another cause than a SERVFAIL that persisted
};

Store::Impl::RunTally Store::Impl::tally(const RunPlace& place) {
  static constexpr char kRows[] =
      "SELECT id, category, measured, published FROM observation WHERE id > ?1 AND id <= ?2 ORDER BY id";
  static constexpr char kCauses[] =
      "SELECT observation, cause, metrics FROM unmeasured "
      "WHERE observation > ?1 AND observation <= ?2 ORDER BY observation";

  std::unordered_map<RowKind, std::uint64_t, HashOfRowKind> kinds;
  const std::uint64_t decisive = decisive_metrics();
  RunTally tally;
  const auto count_kinds = [&] {
    for (const auto& [kind, rows] : kinds) {
      CategoryTally& category = tally.categories[kind.category];
      tally.rows += rows;
      category.registered += rows;
      for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
        category.metrics[metric].published += (kind.published >> metric & 1) * rows;
        category.metrics[metric].unmeasured += (~kind.measured >> metric & 1) * rows;
      }
    }
    kinds.clear();
  };
  std::int64_t id = place.first_row;
  auto row = statement(kRows).query(place.first_row, place.last_row());
  auto cause_rows = statement(kCauses).query(place.first_row, place.last_row());
  CauseReader causes(cause_rows);
  while (row.next()) {
    // Where a file has lost its octets SQLite reads rows with the id 0.
    if (row.integer(0) <= id) fail(Kind::kCorrupt, "the database is damaged: rows are out of order");
    id = row.integer(0);
    ++kinds[{row.integer(1), row.natural(2), row.natural(3)}];
    if (kinds.size() >= kMostRowKinds) count_kinds();
    bool has_failed = false;
    bool is_lost = false;
    causes.take(row.integer(0), [&](std::int64_t cause, std::uint64_t metrics) {
      if ((metrics & decisive) != 0 && cause != static_cast<std::int64_t>(Cause::kExcluded)) {
        has_failed = true;
        is_lost |= cause != static_cast<std::int64_t>(Cause::kPersistentServfail);
      }
      CategoryTally& category = tally.categories[row.integer(1)];
      for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
        if (((metrics >> metric) & 1) == 0) continue;
        ++category.metrics[metric].caused;
        ++category.causes[{metric, cause}];
      }
    });
    if (has_failed) ++tally.failed;
    if (is_lost) ++tally.lost;
  }
  count_kinds();
  return tally;
}

void Store::Impl::store_counts(RunId run, const RunTally& tally) {
  static constexpr char kCount[] =
      "INSERT INTO category_count (run, category, metric, count, unmeasured) VALUES (?1, ?2, ?3, ?4, ?5)";
  static constexpr char kCause[] =
      "INSERT INTO cause_count (run, category, metric, cause, count) VALUES (?1, ?2, ?3, ?4, ?5)";

  CategoryTally total;
  for (const auto& [id, category] : tally.categories) total.add(category);
  const auto was_asked = [&](std::size_t metric) {
    // A name on the --exclude list says nothing about the choice of probes.
    const auto excluded = total.causes.find({metric, static_cast<std::int64_t>(Cause::kExcluded)});
    const MetricTally& counted = total.metrics[metric];
    const std::uint64_t told = counted.caused - (excluded == total.causes.end() ? 0 : excluded->second);
    return counted.unmeasured < total.registered || told > 0;
  };
  const auto store = [&](std::int64_t category, const CategoryTally& counted) {
    statement(kCount).run(run, category, kRegisteredMetricId, counted.registered, std::uint64_t{0});
    for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
      if (!was_asked(metric)) continue;
      statement(kCount).run(run, category, std::uint64_t{metric}, counted.metrics[metric].published,
                            counted.metrics[metric].unmeasured);
      const std::uint64_t not_asked = counted.metrics[metric].unmeasured - counted.metrics[metric].caused;
      if (not_asked > 0) {
        statement(kCause).run(run, category, std::uint64_t{metric}, static_cast<int>(Cause::kNotAsked),
                              not_asked);
      }
    }
    for (const auto& [key, count] : counted.causes) {
      if (was_asked(key.first))
        statement(kCause).run(run, category, std::uint64_t{key.first}, key.second, count);
    }
  };
  for (const auto& [id, category] : tally.categories) store(id, category);
  store(category_id(Category::total()), total);
}

void Store::Impl::count_rows(RunId run, const RunPlace& place) {
  static constexpr char kSettings[] =
      "SELECT categories, max_unmeasured, provisional, surveyed, month FROM run WHERE id = ?1";
  static constexpr const char* kForget[] = {"DELETE FROM cause_count WHERE run = ?1",
                                            "DELETE FROM category_count WHERE run = ?1"};
  static constexpr char kUpdate[] =
      "UPDATE run SET surveyed = ?2, unmeasured = ?3, provisional = ?4, persistent_servfail = ?5 WHERE id = "
      "?1";

  std::string categories;
  std::optional<double> max_unmeasured;
  bool provisional = false;
  std::uint64_t saved = 0;
  std::optional<Month> month;
  {
    auto found = statement(kSettings).query(run);
    if (found.next()) {
      categories = found.text(0);
      if (!found.is_null(1)) max_unmeasured = found.real(1);
      provisional = found.integer(2) != 0;
      saved = found.natural(3);
      month = month_of(found.text(4));
    }
  }
  RunTally counted = tally(place);
  const auto names = static_cast<std::uint64_t>(place.names);
  if (month && saved == names) {
    require_all_names(*month, counted.rows, names);
  } else if (counted.rows != names) {
    fail(Kind::kConflict, fmt::format("the list has {} names, but {} were surveyed", names, counted.rows));
  }
  if (categories == "jp") {
    // A type of registration without a name is counted: it has 0 names. An empty cell would say "not
    // measured".
    for (const std::string_view code : jp_category_codes()) {
      if (code == Category::other().code()) continue;  // no type of registration
      static_cast<void>(counted.categories[category_id(*Category::from_text(code))]);
    }
  }
  for (const char* sql : kForget) statement(sql).run(run);
  store_counts(run, counted);
  // Of a month that is older than the limit's being noted, the mark stands.
  if (max_unmeasured)
    provisional = static_cast<double>(counted.lost) > *max_unmeasured * static_cast<double>(names);
  statement(kUpdate).run(run, counted.rows, counted.failed, provisional ? 1 : 0,
                         counted.failed - counted.lost);
}

StoreResult<RunRecord> Store::finish_run(RunId run, double max_unmeasured) {
  static constexpr char kMonth[] = "SELECT month FROM run WHERE id = ?1";
  static constexpr char kUpdate[] =
      "UPDATE run SET state = ?2, finished = ?3, max_unmeasured = ?4 WHERE id = ?1";

  const UncheckedReferences unchecked(*impl_->connection);
  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  std::string month;
  {
    auto found = impl_->statement(kMonth).query(run);
    if (found.next()) month = found.text(0);
  }
  impl_->remove_finished(month);
  impl_->statement(kUpdate).run(run, static_cast<int>(RunState::kComplete), impl_->now(), max_unmeasured);
  impl_->count_rows(run, place);
  impl_->empty_plan(place);
  RunRecord finished;
  for (RunRecord& record : impl_->read_runs()) {
    if (record.id == run) finished = std::move(record);
  }
  auto result = transaction.commit_with(std::move(finished));
  if (!result) {
    impl_->forget_texts();
  } else {
    impl_->shrink();
    impl_->checkpoint();
  }
  return result;
}

void Store::Impl::remove_finished(std::string_view month) {
  static constexpr char kFinished[] = "SELECT id FROM run WHERE month = ?1 AND state >= 2";
  std::optional<RunId> earlier;
  {
    auto found = statement(kFinished).query(month);
    if (found.next()) earlier = found.integer(0);
  }
  if (earlier) remove_run(*earlier);
}

}  // namespace dauth::data

#include "data/store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "data/store_impl.h"

namespace dauth::data {

std::string_view to_text(RunState state) {
  switch (state) {
    case RunState::kListing:
      return "listing";
    case RunState::kSurveying:
      return "surveying";
    case RunState::kComplete:
      return "complete";
    case RunState::kImported:
      return "imported";
  }
  return "";
}

FindingBits bits_of(const Observation& observation) {
  FindingBits bits;
  for (std::size_t metric = 0; metric < kMetricCount; ++metric) {
    const Finding& finding = observation[static_cast<Metric>(metric)];
    const std::uint64_t is_measured = finding.state != FindingState::kUnmeasured ? 1 : 0;
    const std::uint64_t is_published = finding.state == FindingState::kPublished ? 1 : 0;
    const std::uint64_t is_told = finding.cause != Cause::kNotAsked ? 1 : 0;
    bits.measured |= is_measured << metric;
    bits.published |= is_published << metric;
    bits.caused |= (~is_measured & is_told & 1) << metric;
  }
  return bits;
}

namespace {

std::uint64_t metrics_that_make(bool (*has_failure)(const Observation&)) {
  std::uint64_t bits = 0;
  for (const Metric metric : all_metrics()) {
    Observation observation;
    observation[metric] = Finding::unmeasured(Cause::kTimeout);
    if (has_failure(observation)) bits |= bit_of(metric);
  }
  return bits;
}

}  // namespace

std::uint64_t decisive_metrics() {
  return metrics_that_make(has_lookup_failure);
}

std::uint64_t mx_host_metrics() {
  return metrics_that_make(has_mx_host_failure);
}

StoreResult<Store> Store::open(const std::string& path, OpenMode mode, const StoreOptions& options) {
  auto connection = open_database(path, mode, options.busy_timeout);
  if (!connection) return unexpected(std::move(connection).error());
  return Store(std::make_unique<Impl>(std::move(*connection), options));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

void Store::set_interrupt(std::function<bool()> wanted) {
  constexpr int kInstructions = 50'000;  // of SQLite's machine: some milliseconds
  impl_->interrupt = std::move(wanted);
  sqlite3* const handle = impl_->connection->handle();
  if (!impl_->interrupt) return sqlite3_progress_handler(handle, 0, nullptr, nullptr);
  const auto ask = [](void* interrupt) {
    return (*static_cast<std::function<bool()>*>(interrupt))() ? 1 : 0;
  };
  sqlite3_progress_handler(handle, kInstructions, ask, &impl_->interrupt);
}

std::string Store::Impl::now() const {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(options.now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
}

std::int64_t Store::Impl::category_id(const Category& category) {
  if (const auto known = ids_by_code.find(category.code()); known != ids_by_code.end()) return known->second;

  static constexpr char kFind[] = "SELECT id FROM category WHERE code = ?1";
  static constexpr char kInsert[] = "INSERT INTO category (code) VALUES (?1)";
  std::int64_t id = 0;
  {
    auto found = statement(kFind).query(category.code());
    if (found.next()) id = found.integer(0);
  }
  if (id == 0) {
    statement(kInsert).run(category.code());
    id = sqlite3_last_insert_rowid(connection->handle());
  }
  if (ids_by_code.size() >= kKnownCategories) ids_by_code.clear();
  ids_by_code.emplace(category.code(), id);
  return id;
}

Category Store::Impl::category_of(std::int64_t id) {
  if (const auto known = categories_by_id.find(id); known != categories_by_id.end()) return known->second;

  static constexpr char kFind[] = "SELECT code FROM category WHERE id = ?1";
  auto found = statement(kFind).query(id);
  if (!found.next()) {
    fail(Kind::kCorrupt, fmt::format("the database is damaged: there is no category {}", id));
    return Category::other();
  }
  const auto category = Category::from_text(found.text(0));
  if (!category) {
    fail(Kind::kCorrupt, fmt::format("the database is damaged: category {} is none", id));
    return Category::other();
  }
  if (categories_by_id.size() >= kKnownCategories) categories_by_id.clear();
  categories_by_id.emplace(id, *category);
  return *category;
}

RunPlace Store::Impl::place_of(RunId run) {
  static constexpr char kPlace[] =
      "SELECT state, first_row, names, pruned IS NOT NULL FROM run WHERE id = ?1";
  auto found = statement(kPlace).query(run);
  if (!found.next()) {
    fail(Kind::kConflict, fmt::format("the database has no run {}", run));
    return {};
  }
  return {static_cast<RunState>(found.integer(0)), found.integer(3) != 0, found.integer(1), found.integer(2)};
}

std::optional<Store::Impl::SurveyedMonth> Store::Impl::surveyed_month(Month month) {
  static constexpr char kRun[] = "SELECT id, pruned FROM run WHERE month = ?1 AND state = 2";
  std::optional<SurveyedMonth> surveyed;
  std::string pruned;
  {
    auto found = statement(kRun).query(month.to_text());
    if (found.next()) {
      surveyed = {found.integer(0), {}};
      pruned = found.text(1);
    }
  }
  if (!surveyed) {
    fail(Kind::kConflict, fmt::format("{} has no surveyed domains", month.to_text()));
  } else if (!pruned.empty()) {
    fail(Kind::kConflict,
         fmt::format("the domains of {} were dropped by 'dauth prune' on {}; only its counts are kept",
                     month.to_text(), pruned));
    surveyed.reset();
  } else {
    surveyed->place = place_of(surveyed->run);
  }
  return surveyed;
}

void Store::Impl::require_all_names(Month month, std::uint64_t found, std::uint64_t names) {
  if (found == names) return;
  fail(Kind::kCorrupt,
       fmt::format("the database is damaged: it holds {} of {} names of {}; restore the back-up", found,
                   names, month.to_text()));
}

RunPlace Store::Impl::require_state(RunId run, RunState state) {
  const RunPlace place = place_of(run);
  if (place.state != state) {
    fail(Kind::kConflict, fmt::format("run {} is {}, not {}", run, to_text(place.state), to_text(state)));
  }
  return place;
}

// Where no other run has rows in the table, all of it goes: SQLite then gives back its pages and looks at no
// row.
void Store::Impl::empty_listed(RunId run) {
  static constexpr char kOthers[] =
      "SELECT EXISTS (SELECT 1 FROM listed WHERE run < ?1) OR EXISTS (SELECT 1 FROM listed WHERE run > ?1)";
  static constexpr char kDelete[] = "DELETE FROM listed WHERE run = ?1";
  static constexpr char kDeleteAll[] = "DELETE FROM listed";
  bool is_alone = false;
  {
    auto others = statement(kOthers).query(run);
    is_alone = others.next() && others.integer(0) == 0;
  }
  is_alone ? statement(kDeleteAll).run() : statement(kDelete).run(run);
}

void Store::Impl::empty_plan(const RunPlace& place) {
  static constexpr char kOthers[] =
      "SELECT EXISTS (SELECT 1 FROM plan WHERE id <= ?1) OR EXISTS (SELECT 1 FROM plan WHERE id > ?2)";
  static constexpr char kDelete[] = "DELETE FROM plan WHERE id > ?1 AND id <= ?2";
  static constexpr char kDeleteAll[] = "DELETE FROM plan";
  bool is_alone = false;
  {
    auto others = statement(kOthers).query(place.first_row, place.last_row());
    is_alone = others.next() && others.integer(0) == 0;
  }
  is_alone ? statement(kDeleteAll).run() : statement(kDelete).run(place.first_row, place.last_row());
}

void Store::Impl::remove_rows(std::int64_t after, std::int64_t last) {
  static constexpr const char* kDelete[] = {
      "DELETE FROM unmeasured WHERE observation > ?1 AND observation <= ?2",
      "DELETE FROM further_answer WHERE observation > ?1 AND observation <= ?2",
      "DELETE FROM observation WHERE id > ?1 AND id <= ?2"};
  for (const char* sql : kDelete) statement(sql).run(after, last);
}

void Store::Impl::remove_run(RunId run) {
  static constexpr const char* kDeletes[] = {
      "DELETE FROM rejected_line WHERE run = ?1",  "DELETE FROM cause_count WHERE run = ?1",
      "DELETE FROM category_count WHERE run = ?1", "DELETE FROM run_list WHERE run = ?1",
      "DELETE FROM run_resolver WHERE run = ?1",   "DELETE FROM run WHERE id = ?1"};
  const RunPlace place = place_of(run);
  remove_rows(place.first_row, place.last_row());
  empty_plan(place);
  empty_listed(run);
  for (const char* sql : kDeletes) statement(sql).run(run);
}

void Store::Impl::shrink() {
  // In steps, so that readers and a signal have their turn. A database from before version 3 does not know
  // this; its free pages are used by the next month.
  std::int64_t free_pages = connection->integer("PRAGMA freelist_count");
  while (free_pages > 0 && !connection->failed()) {
    connection->execute("PRAGMA incremental_vacuum(4000)");
    const std::int64_t left = connection->integer("PRAGMA freelist_count");
    if (left >= free_pages) break;
    free_pages = left;
  }
  // Nothing was lost where it did not succeed.
  static_cast<void>(connection->status());
}

void Store::Impl::checkpoint() {
  // A reader in the middle of a report keeps the -wal file; the next commit's checkpoint makes up for it.
  sqlite3_wal_checkpoint_v2(connection->handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace dauth::data

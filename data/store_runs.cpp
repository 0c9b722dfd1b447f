// Runs: begun, abandoned, listed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

constexpr char kSelectRuns[] =
    "SELECT id, month, state, provisional, started, finished, list_fingerprint, names, duplicates, rejected, "
    "categories, probes, wildcard_types, in_flight, queries_per_second, timeout_ms, tries, seed, "
    "tool_version, rules_version, suffix_list_version, surveyed, unmeasured, questions, retries, timeouts, "
    "tcp_questions, run_ms, persistent_servfail, judged, exclude, pruned FROM run WHERE state >= ?1 "
    "ORDER BY month, id";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

RunRecord record_of(const Cursor& row, Month month) {
  RunRecord record;
  record.id = row.integer(0);
  record.settings.month = month;
  record.state = static_cast<RunState>(row.integer(2));
  record.provisional = row.integer(3) != 0;
  record.started = row.text(4);
  record.finished = row.text(5);
  record.list_fingerprint = row.text(6);
  record.names = row.natural(7);
  record.duplicates = row.natural(8);
  record.rejected = row.natural(9);
  record.settings.categories = row.text(10);
  record.settings.probes = row.text(11);
  record.settings.wildcard_types = row.text(12);
  record.settings.in_flight = row.natural(13);
  record.settings.queries_per_second = row.real(14);
  record.settings.timeout_ms = row.natural(15);
  record.settings.tries = row.natural(16);
  record.settings.seed = row.natural(17);
  record.settings.tool_version = row.text(18);
  record.settings.rules_version = static_cast<std::uint32_t>(row.integer(19));
  record.settings.suffix_list_version = row.text(20);
  record.surveyed = row.natural(21);
  record.unmeasured = row.natural(22);
  record.figures.questions = row.natural(23);
  record.figures.retries = row.natural(24);
  record.figures.timeouts = row.natural(25);
  record.figures.tcp_questions = row.natural(26);
  record.figures.run_milliseconds = row.natural(27);
  record.persistent_servfail = row.natural(28);
  record.judged = row.text(29);
  record.settings.exclude = lines_of(row.text(30));
  record.pruned = row.text(31);
  return record;
}

std::vector<std::string> texts(Cursor cursor) {
  std::vector<std::string> found;
  while (cursor.next()) found.emplace_back(cursor.text(0));
  return found;
}

}  // namespace

void Store::Impl::complete_record(RunRecord& record) {
  static constexpr char kLists[] = "SELECT source FROM run_list WHERE run = ?1 ORDER BY ordinal";
  static constexpr char kResolvers[] =
      "SELECT address, queries_per_second FROM run_resolver WHERE run = ?1 ORDER BY ordinal";
  static constexpr char kFailed[] =
      "SELECT count(DISTINCT observation) FROM unmeasured "
      "WHERE observation > ?1 AND observation <= ?2 AND (metrics & ?3) <> 0 AND cause NOT IN (?4, ?5)";
  static constexpr char kExcluded[] =
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM category_count WHERE run = ?1 AND metric = 0) "
      "THEN (SELECT sum(count) FROM cause_count JOIN category ON category.id = category "
      "WHERE run = ?1 AND metric = 0 AND cause = ?2 AND code = 'TOTAL') ELSE ?3 END";
  static constexpr char kExcludedSoFar[] =
      "SELECT count(*) FROM unmeasured WHERE observation > ?1 AND observation <= ?2 AND cause = ?3 "
      "AND metrics & 1";  // a name that is asked may have an MX host that is not
  record.settings.lists = texts(statement(kLists).query(record.id));
  {
    auto resolver = statement(kResolvers).query(record.id);
    while (resolver.next()) {
      record.settings.resolvers.emplace_back(resolver.text(0));
      record.settings.resolver_rates.push_back(resolver.real(1));
    }
  }
  if (record.state == RunState::kComplete) {
    // Whatever was asked, `exists` was; without a count of it nothing was asked of any name.
    auto found = statement(kExcluded).query(record.id, static_cast<int>(Cause::kExcluded), record.names);
    if (found.next()) record.excluded = found.natural(0);
  }
  if (record.state == RunState::kSurveying) {
    const RunPlace place = place_of(record.id);
    const auto failed_unless = [&](Cause cause) -> std::uint64_t {
      auto failed = statement(kFailed).query(place.first_row, place.last_row(), decisive_metrics(),
                                             static_cast<int>(Cause::kExcluded), static_cast<int>(cause));
      return failed.next() ? failed.natural(0) : 0;
    };
    record.unmeasured = failed_unless(Cause::kExcluded);
    record.persistent_servfail = record.unmeasured - failed_unless(Cause::kPersistentServfail);
    auto excluded = statement(kExcludedSoFar)
                        .query(place.first_row, place.last_row(), static_cast<int>(Cause::kExcluded));
    if (excluded.next()) record.excluded = excluded.natural(0);
  }
}

std::vector<RunRecord> Store::Impl::read_runs(RunState from) {
  std::vector<RunRecord> records;
  {
    auto row = statement(kSelectRuns).query(static_cast<int>(from));
    while (row.next()) {
      const auto month = Month::from_text(row.text(1));
      if (!month) {
        fail(Kind::kCorrupt, fmt::format("the database is damaged: run {} has no month", row.integer(0)));
        break;
      }
      records.push_back(record_of(row, *month));
    }
  }
  for (RunRecord& record : records) complete_record(record);
  return records;
}

std::optional<RunRecord> Store::Impl::require_surveyed(Month month) {
  const auto surveyed = surveyed_month(month);
  if (!surveyed) return std::nullopt;
  for (RunRecord& record : read_runs(RunState::kComplete)) {
    if (record.id == surveyed->run) return std::move(record);
  }
  return std::nullopt;
}

StoreResult<std::vector<RunRecord>> Store::runs() {
  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  auto records = impl_->read_runs();
  return transaction.commit_with(std::move(records));
}

StoreResult<void> Store::note_exclude(RunId run, std::span<const std::string> files) {
  static constexpr char kSelect[] = "SELECT exclude FROM run WHERE id = ?1";
  static constexpr char kUpdate[] = "UPDATE run SET exclude = ?2 WHERE id = ?1";
  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  impl_->require_state(run, RunState::kSurveying);
  std::vector<std::string> all;
  {
    auto found = impl_->statement(kSelect).query(run);
    if (found.next()) all = lines_of(found.text(0));
  }
  for (const std::string& file : files) {
    if (std::find(all.begin(), all.end(), file) == all.end()) all.push_back(file);
  }
  impl_->statement(kUpdate).run(run, fmt::format("{}", fmt::join(all, "\n")));
  return transaction.commit();
}

StoreResult<RunId> Store::begin_run(const RunSettings& settings) {
  static constexpr char kUnfinished[] = "SELECT id FROM run WHERE month = ?1 AND state < 2";
  static constexpr char kInsert[] =
      "INSERT INTO run (month, state, started, categories, probes, wildcard_types, in_flight, "
      "queries_per_second, timeout_ms, tries, seed, tool_version, rules_version, suffix_list_version, "
      "exclude) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
  static constexpr char kInsertResolver[] =
      "INSERT INTO run_resolver (run, ordinal, address, queries_per_second) VALUES (?1, ?2, ?3, ?4)";

  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  const std::string month = settings.month.to_text();
  {
    auto unfinished = impl_->statement(kUnfinished).query(month);
    if (unfinished.next()) {
      impl_->fail(StoreError::Kind::kConflict,
                  fmt::format("run {} of {} is not finished", unfinished.integer(0), month));
    }
  }
  impl_->statement(kInsert).run(
      month, static_cast<int>(RunState::kListing), impl_->now(), settings.categories, settings.probes,
      settings.wildcard_types, settings.in_flight, settings.queries_per_second, settings.timeout_ms,
      settings.tries, settings.seed, settings.tool_version, settings.rules_version,
      settings.suffix_list_version, fmt::format("{}", fmt::join(settings.exclude, "\n")));
  const RunId run = sqlite3_last_insert_rowid(impl_->connection->handle());
  impl_->insert_lists(run, settings.lists);
  for (std::size_t i = 0; i < settings.resolvers.size(); ++i) {
    const double rate = i < settings.resolver_rates.size() ? settings.resolver_rates[i] : 0;
    impl_->statement(kInsertResolver).run(run, std::uint64_t{i} + 1, settings.resolvers[i], rate);
  }
  return transaction.commit_with(run);
}

void Store::Impl::insert_lists(RunId run, std::span<const std::string> sources) {
  static constexpr char kInsertList[] = "INSERT INTO run_list (run, ordinal, source) VALUES (?1, ?2, ?3)";
  std::int64_t ordinal = 0;
  for (const std::string& source : sources) statement(kInsertList).run(run, ++ordinal, source);
}

StoreResult<void> Store::abandon_run(RunId run) {
  const UncheckedReferences unchecked(*impl_->connection);
  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  const RunState state = impl_->place_of(run).state;
  if (state != RunState::kListing && state != RunState::kSurveying) {
    impl_->fail(StoreError::Kind::kConflict, fmt::format("run {} is finished", run));
  }
  impl_->remove_run(run);
  return transaction.commit();
}

}  // namespace dauth::data

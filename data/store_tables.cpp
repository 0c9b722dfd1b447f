// What tables and exports are made from, and the months that others counted.
#include <fmt/format.h>

#include <map>

#include "data/store_impl.h"

namespace dauth::data {

StoreResult<std::vector<MonthState>> Store::months() {
  static constexpr char kSelect[] =
      "SELECT month, state, provisional, rejected, rejected + names + duplicates FROM run WHERE state >= 2 "
      "ORDER BY month";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  std::vector<MonthState> states;
  {
    auto row = impl_->statement(kSelect).query();
    while (row.next()) {
      const auto month = impl_->month_of(row.text(0));
      if (!month) break;
      const auto state = static_cast<RunState>(row.integer(1));
      states.push_back(MonthState{*month, state == RunState::kImported, row.integer(2) != 0, true,
                                  ListLines{row.natural(3), row.natural(4)}});
    }
  }
  return transaction.commit_with(std::move(states));
}

StoreResult<std::vector<CountRow>> Store::counts(std::optional<Month> from, std::optional<Month> to) {
  static constexpr char kSelect[] =
      "SELECT run.month, category_count.category, metric.name, category_count.count, "
      "category_count.unmeasured "
      "FROM run JOIN category_count ON category_count.run = run.id "
      "JOIN category ON category.id = category_count.category JOIN metric ON metric.id = "
      "category_count.metric "
      "WHERE run.state >= 2 AND run.month >= ?1 AND run.month <= ?2 "
      "ORDER BY run.month, category.code, category_count.metric";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  std::vector<CountRow> rows;
  {
    const std::string first = from ? from->to_text() : "0000-01";
    const std::string last = to ? to->to_text() : "9999-12";
    auto row = impl_->statement(kSelect).query(first, last);
    while (row.next()) {
      const auto month = impl_->month_of(row.text(0));
      if (!month) break;
      CountRow count{
          *month, impl_->category_of(row.integer(1)), std::string(row.text(2)), row.natural(3), {}};
      if (!row.is_null(4)) count.unmeasured = row.natural(4);
      rows.push_back(std::move(count));
    }
  }
  return transaction.commit_with(std::move(rows));
}

std::optional<Month> Store::Impl::month_of(std::string_view text) {
  const auto month = Month::from_text(text);
  if (!month) fail(Kind::kCorrupt, "the database is damaged: a run has no month");
  return month;
}

StoreResult<void> Store::for_each_domain(Month month, const std::function<bool(const DomainRow&)>& sink,
                                         DomainDetail detail) {
  static constexpr char kSeed[] = "SELECT seed FROM run WHERE id = ?1";
  // Sorted with the ids of the texts, which are looked up behind the sorting.
  static constexpr char kSelect[] =
      "SELECT name.text, observation.id, observation.category, domainkeys_evidence, measured, published, "
      "operator, outcomes, txt, mx, dmarc FROM observation JOIN name ON name.id = observation.name "
      "WHERE observation.id > ?1 AND observation.id <= ?2 ORDER BY name.text";
  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const auto surveyed = impl_->surveyed_month(month);
  if (!surveyed) return transaction.commit();
  std::uint64_t seed = 0;
  {
    auto found = impl_->statement(kSeed).query(surveyed->run);
    if (found.next()) seed = found.natural(0);
  }
  std::uint64_t met = 0;
  bool has_enough = false;
  {
    auto row = impl_->statement(kSelect).query(surveyed->place.first_row, surveyed->place.last_row());
    while (!has_enough && row.next()) {
      ++met;
      DomainRow domain{
          std::string(row.text(0)), impl_->category_of(row.integer(2)),
          impl_->read_observation(row.integer(1), row.integer(3), {row.natural(4), row.natural(5)})};
      domain.seed = seed;
      if (!row.is_null(6)) domain.name_server_operator = impl_->operator_of(row.integer(6));
      if (detail == DomainDetail::kAnswersToo) {
        domain.answers = impl_->read_answers(row.integer(1), {.outcomes = row.integer(7),
                                                              .txt = row.integer(8),
                                                              .mx = row.integer(9),
                                                              .dmarc = row.integer(10)});
      }
      if (impl_->connection->failed()) break;
      has_enough = !sink(domain);
    }
  }
  if (!has_enough && !impl_->connection->failed()) {
    impl_->require_all_names(month, met, static_cast<std::uint64_t>(surveyed->place.names));
  }
  return transaction.commit();
}

Observation Store::Impl::read_observation(std::int64_t id, std::int64_t evidence, const FindingBits& bits) {
  static constexpr char kCauses[] = "SELECT cause, metrics FROM unmeasured WHERE observation = ?1";
  Observation observation;
  observation.domainkeys_evidence = static_cast<DomainkeysEvidence>(evidence);
  bool has_unmeasured = false;
  for (const Metric metric : all_metrics()) {
    Finding& finding = observation[metric];
    finding = {bits.state_of(metric), Cause::kNone};
    if (!finding.is_unmeasured()) continue;
    finding.cause = Cause::kNotAsked;
    has_unmeasured = true;
  }
  if (has_unmeasured) read_causes(statement(kCauses).query(id), observation);
  return observation;
}

void Store::Impl::read_causes(Cursor row, Observation& observation) {
  while (row.next()) {
    const auto cause = cause_from_number(row.integer(0));
    for (const Metric metric : all_metrics()) {
      Finding& finding = observation[metric];
      if (cause && finding.is_unmeasured() && (row.natural(1) & bit_of(metric)) != 0) finding.cause = *cause;
    }
  }
}

StoreResult<void> Store::import_counts(std::span<const CountRow> rows, const std::string& source,
                                       bool replace) {
  std::map<Month, std::vector<const CountRow*>> by_month;
  for (const CountRow& row : rows) by_month[row.month].push_back(&row);

  const UncheckedReferences unchecked(*impl_->connection);
  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  for (const auto& [month, counts] : by_month) impl_->import_month(month, counts, source, replace);
  auto result = transaction.commit();
  if (!result) {
    impl_->forget_texts();
  } else {
    impl_->checkpoint();
  }
  return result;
}

void Store::Impl::import_month(Month month, std::span<const CountRow* const> counts,
                               const std::string& source, bool replace) {
  static constexpr char kFinished[] = "SELECT state FROM run WHERE month = ?1 AND state >= 2";
  static constexpr char kRun[] = "INSERT INTO run (month, state, started, finished) VALUES (?1, ?2, ?3, ?3)";
  static constexpr char kMetric[] = "SELECT id FROM metric WHERE name = ?1";
  static constexpr char kCount[] =
      "INSERT INTO category_count (run, category, metric, count, unmeasured) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT DO NOTHING";

  const std::string name = month.to_text();
  if (!replace) {
    auto there = statement(kFinished).query(name);
    if (there.next()) {
      const bool is_imported = there.integer(0) == static_cast<int>(RunState::kImported);
      fail(Kind::kConflict, fmt::format("{} was {} before", name, is_imported ? "imported" : "surveyed"));
      return;
    }
  }
  remove_finished(name);
  statement(kRun).run(name, static_cast<int>(RunState::kImported), now());
  const RunId run = sqlite3_last_insert_rowid(connection->handle());
  insert_lists(run, {&source, 1});
  for (const CountRow* row : counts) {
    std::int64_t metric = -1;
    {
      auto found = statement(kMetric).query(row->metric);
      if (found.next()) metric = found.integer(0);
    }
    if (metric < 0) {
      fail(Kind::kConflict, fmt::format("{} has a count of an unknown metric", name));
      return;
    }
    if (statement(kCount).run(run, category_id(row->category), metric, row->count, row->unmeasured) != 1) {
      fail(Kind::kConflict,
           fmt::format("{} has two counts of {} in {}", name, row->metric, row->category.code()));
      return;
    }
  }
}

}  // namespace dauth::data

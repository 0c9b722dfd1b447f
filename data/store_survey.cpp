// The survey: names handed out, rows taken in. save() is on the hot path: every domain passes through it.
#include <fmt/format.h>

#include <array>
#include <bit>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

// The unmeasured findings of one row as bits by cause; those that were not asked are left out.
class CauseBits {
 public:
  explicit CauseBits(const Observation& observation) {
    for (const Metric metric : all_metrics()) {
      const Finding& finding = observation[metric];
      if (!finding.is_unmeasured() || finding.cause == Cause::kNotAsked) continue;
      any_ = true;
      bits_.at(static_cast<std::size_t>(finding.cause)) |= bit_of(metric);
    }
  }

  // Calls write(cause, bits) for each cause.
  template <class Write>
  void for_each(Write write) const {
    if (!any_) return;
    for (std::size_t cause = 0; cause < bits_.size(); ++cause) {
      if (bits_[cause] != 0) write(static_cast<std::int64_t>(cause), bits_[cause]);
    }
  }

 private:
  bool any_ = false;
  std::array<std::uint64_t, 32> bits_{};
};

// Name and category of planned rows. Rows come in nearly in the order in which they were handed out, so the
// next one is mostly a step away and seldom a search.
class PlanReader {
 public:
  explicit PlanReader(Statement& from_row) : from_row_(&from_row) {}

  // True where the plan has this row; name() and category() are then its own.
  bool find(std::int64_t id) {
    constexpr std::int64_t kSteps = 8;  // as long as a search
    if (!cursor_ || id < current_ || id > current_ + kSteps) {
      cursor_.reset();  // the statement can be bound only when it is at rest
      cursor_.emplace(from_row_->query(id));
      advance();
    }
    while (has_row_ && current_ < id) advance();
    return has_row_ && current_ == id;
  }

  std::int64_t name() const { return cursor_->integer(1); }
  std::int64_t category() const { return cursor_->integer(2); }

 private:
  void advance() {
    has_row_ = cursor_->next();
    if (has_row_) current_ = cursor_->integer(0);
  }

  Statement* from_row_;
  std::optional<Cursor> cursor_;
  bool has_row_ = false;
  std::int64_t current_ = 0;
};

// Binds the parameters of the row's statement anew only where a value has changed: domains are much alike,
// and SQLite keeps what was bound.
class RowBinder {
 public:
  explicit RowBinder(Statement& statement) : statement_(&statement) { bound_.fill(-1); }

  void bind(std::int64_t id, std::int64_t name, std::int64_t category, const Observation& observation) {
    statement_->bind(1, id);
    statement_->bind(2, name);
    bind_small(0, category);
    bind_small(1, static_cast<std::int64_t>(observation.domainkeys_evidence));
    std::size_t slot = 2;
    for (const Metric metric : all_metrics()) {
      bind_small(slot++, static_cast<std::int64_t>(observation[metric].state));
    }
  }

 private:
  void bind_small(std::size_t slot, std::int64_t value) {
    if (bound_[slot] == value) return;
    bound_[slot] = value;
    statement_->bind(static_cast<int>(slot) + 3, value);
  }

  Statement* statement_;
  std::array<std::int64_t, kMetricCount + 2> bound_{};
};

}  // namespace

std::vector<PlannedName> Store::Impl::read_planned(
    const RunPlace& place, Cursor row, const std::function<void(const Cursor&, PlannedName&)>& read_more) {
  std::vector<PlannedName> names;
  while (row.next()) {
    const std::int64_t position = row.integer(0) - place.first_row;
    auto name = dns::DomainName::from_text(row.text(1));
    if (!name) {
      fail(Kind::kCorrupt, fmt::format("the database is damaged: the name at position {} is none", position));
      break;
    }
    names.push_back(
        PlannedName{static_cast<std::uint64_t>(position), std::move(*name), category_of(row.integer(2))});
    if (read_more) read_more(row, names.back());
  }
  return names;
}

StoreResult<std::vector<PlannedName>> Store::names_to_survey(RunId run, std::uint64_t after_position,
                                                             std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT plan.id, plan.text, plan.category FROM plan LEFT JOIN observation ON observation.id = plan.id "
      "WHERE plan.id > ?1 AND plan.id <= ?2 AND observation.id IS NULL ORDER BY plan.id LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  auto names = impl_->read_planned(
      place,
      impl_->statement(kSelect).query(place.row_of(after_position), place.last_row(), std::uint64_t{limit}));
  return transaction.commit_with(std::move(names));
}

StoreResult<std::vector<PlannedName>> Store::names_that_failed(RunId run, std::uint64_t after_position,
                                                               std::size_t limit) {
  // No two causes of a row share a metric, so the sum of their bits is their union.
  static constexpr char kSelect[] =
      "SELECT plan.id, plan.text, plan.category, sum(unmeasured.metrics & ?4), "
      "max(unmeasured.cause IN (?6, ?7)) FROM unmeasured JOIN plan ON plan.id = unmeasured.observation "
      "WHERE unmeasured.observation > ?1 AND unmeasured.observation <= ?2 AND (unmeasured.metrics & ?4) <> 0 "
      "AND unmeasured.cause <> ?5 GROUP BY unmeasured.observation ORDER BY unmeasured.observation LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  auto row = impl_->statement(kSelect).query(
      place.row_of(after_position), place.last_row(), std::uint64_t{limit}, decisive_metrics(),
      static_cast<int>(Cause::kExcluded), static_cast<int>(Cause::kServfail),
      static_cast<int>(Cause::kPersistentServfail));
  auto names = impl_->read_planned(place, std::move(row), [](const Cursor& found, PlannedName& name) {
    name.failures = static_cast<std::uint32_t>(std::popcount(found.natural(3)));
    name.servfail = found.integer(4) != 0;
  });
  return transaction.commit_with(std::move(names));
}

StoreResult<std::vector<dns::DomainName>> Store::names_measured(RunId run, std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT plan.id, plan.text, plan.category FROM observation JOIN plan ON plan.id = observation.id "
      "WHERE observation.id > ?1 AND observation.id <= ?2 AND observation.\"exists\" = 1 AND NOT EXISTS "
      "(SELECT 1 FROM unmeasured WHERE unmeasured.observation = observation.id) "
      "ORDER BY observation.id LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  std::vector<dns::DomainName> names;
  for (PlannedName& planned : impl_->read_planned(
           place, impl_->statement(kSelect).query(place.first_row, place.last_row(), std::uint64_t{limit}))) {
    names.push_back(std::move(planned.name));
  }
  return transaction.commit_with(std::move(names));
}

StoreResult<void> Store::save(RunId run, std::span<const SurveyedName> rows, const RunFigures& added) {
  // Name and category come from the plan, so a row cannot be put under another name.
  static constexpr char kPlanFrom[] = "SELECT id, name, category FROM plan WHERE id >= ?1 ORDER BY id";
  static constexpr char kInsert[] =
      "INSERT INTO observation (id, name, category, domainkeys_evidence, " DAUTH_METRIC_COLUMNS
      ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, "
      "?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35) ON CONFLICT DO NOTHING";
  static_assert(kMetricCount == 31, "a parameter and a column for each metric");
  static constexpr char kDeleteCauses[] = "DELETE FROM unmeasured WHERE observation = ?1";
  static constexpr char kDelete[] = "DELETE FROM observation WHERE id = ?1";
  static constexpr char kInsertCause[] =
      "INSERT INTO unmeasured (observation, cause, metrics) VALUES (?1, ?2, ?3)";
  static constexpr char kAdd[] =
      "UPDATE run SET surveyed = surveyed + ?2, questions = questions + ?3, retries = retries + ?4, "
      "timeouts = timeouts + ?5, tcp_questions = tcp_questions + ?6, run_ms = run_ms + ?7 WHERE id = ?1";

  Connection& connection = *impl_->connection;
  const UncheckedReferences unchecked(connection);
  Transaction transaction(connection, Transaction::Kind::kWrite);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  Statement& insert = impl_->statement(kInsert);
  Statement& insert_cause = impl_->statement(kInsertCause);
  RowBinder binder(insert);
  PlanReader plan(impl_->statement(kPlanFrom));
  std::uint64_t first_time = 0;
  for (const SurveyedName& row : rows) {
    const std::int64_t id = place.row_of(row.position);
    if (row.position == 0 || row.position > static_cast<std::uint64_t>(place.names) || !plan.find(id)) {
      impl_->fail(StoreError::Kind::kConflict,
                  fmt::format("run {} has no name at position {}", run, row.position));
      break;
    }
    binder.bind(id, plan.name(), plan.category(), row.observation);
    if (insert.run_bound() == 1) {
      ++first_time;
    } else {
      impl_->statement(kDeleteCauses).run(id);
      impl_->statement(kDelete).run(id);
      insert.run_bound();
    }
    CauseBits(row.observation).for_each([&](std::int64_t cause, std::uint64_t metrics) {
      insert_cause.run(id, cause, metrics);
    });
  }
  impl_->statement(kAdd).run(run, first_time, added.questions, added.retries, added.timeouts,
                             added.tcp_questions, added.run_milliseconds);
  return transaction.commit();
}

}  // namespace dauth::data

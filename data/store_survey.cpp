// The survey: names handed out, rows taken in. save() is on the hot path: every domain passes through it.
#include <fmt/format.h>

#include <array>
#include <bit>

#include "data/store_impl.h"
#include "data/store_rows.h"

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

// Name, category and operator of planned rows. Rows come in nearly in the order in which they were handed
// out, so the next one is mostly a step away and seldom a search.
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
  std::int64_t name_server_operator() const { return cursor_->integer(3); }

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

class ObservationRows final : public GivenRows {
 public:
  void reserve(std::size_t rows) { rows_.reserve(rows); }
  void add(std::int64_t id, const PlanReader& plan, const Observation& observation,
           const AnswerIds& answers) {
    const FindingBits bits = bits_of(observation);
    rows_.push_back({id, plan.name(), plan.category(),
                     static_cast<std::int64_t>(observation.domainkeys_evidence),
                     static_cast<std::int64_t>(bits.measured), static_cast<std::int64_t>(bits.published),
                     plan.name_server_operator(), answers.outcomes, answers.txt, answers.mx, answers.dmarc});
  }

  std::size_t size() const override { return rows_.size(); }
  bool is_text(int) const override { return false; }
  int first_reference() const override { return 6; }
  std::string_view text(std::size_t, int) const override { return {}; }
  std::int64_t integer(std::size_t row, int column) const override {
    return rows_[row][static_cast<std::size_t>(column)];
  }

 private:
  std::vector<std::array<std::int64_t, 11>> rows_;
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
  // Names are handed out in their order, so behind the last row there is none that has one: unless the run is
  // gone on with, that is all of them, and no row need be looked for.
  static constexpr char kLastRow[] = "SELECT max(id) FROM observation WHERE id > ?1 AND id <= ?2";
  static constexpr char kSelectAll[] =
      "SELECT id, text, category FROM plan WHERE id > ?1 AND id <= ?2 ORDER BY id LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  const std::int64_t after = place.row_of(after_position);
  bool none_has_a_row = false;
  {
    auto last = impl_->statement(kLastRow).query(after, place.last_row());
    none_has_a_row = last.next() && last.is_null(0);
  }
  auto names = impl_->read_planned(place, impl_->statement(none_has_a_row ? kSelectAll : kSelect)
                                              .query(after, place.last_row(), std::uint64_t{limit}));
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
      place.row_of(after_position), place.last_row(), std::uint64_t{limit},
      decisive_metrics() | mx_host_metrics(), static_cast<int>(Cause::kExcluded),
      static_cast<int>(Cause::kServfail), static_cast<int>(Cause::kPersistentServfail));
  auto names = impl_->read_planned(place, std::move(row), [](const Cursor& found, PlannedName& name) {
    name.failures = static_cast<std::uint32_t>(std::popcount(found.natural(3) & decisive_metrics()));
    name.mx_host_failure = (found.natural(3) & mx_host_metrics()) != 0;
    name.servfail = found.integer(4) != 0;
  });
  return transaction.commit_with(std::move(names));
}

StoreResult<std::uint64_t> Store::count_names_that_failed(RunId run) {
  static constexpr char kCount[] =
      "SELECT count(DISTINCT observation) FROM unmeasured "
      "WHERE observation > ?1 AND observation <= ?2 AND (metrics & ?3) <> 0 AND cause <> ?4";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  std::uint64_t names = 0;
  {
    auto found = impl_->statement(kCount).query(place.first_row, place.last_row(),
                                                decisive_metrics() | mx_host_metrics(),
                                                static_cast<int>(Cause::kExcluded));
    if (found.next()) names = found.natural(0);
  }
  return transaction.commit_with(names);
}

StoreResult<std::vector<dns::DomainName>> Store::names_measured(RunId run, std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT plan.id, plan.text, plan.category FROM observation JOIN plan ON plan.id = observation.id "
      "WHERE observation.id > ?1 AND observation.id <= ?2 AND (observation.published & 1) = 1 AND NOT EXISTS "
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
  static constexpr char kPlanFrom[] =
      "SELECT id, name, category, operator FROM plan WHERE id >= ?1 ORDER BY id";
  static constexpr char kInsert[] =
      "INSERT INTO observation (id, name, category, domainkeys_evidence, measured, published, operator, "
      "outcomes, txt, mx, dmarc) SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, "
      "c9, c10 FROM given_rows WHERE true ON CONFLICT DO NOTHING";
  // Only where a name was surveyed before, in the second pass.
  static constexpr char kReplace[] =
      "INSERT INTO observation (id, name, category, domainkeys_evidence, measured, published, outcomes, txt, "
      "mx, dmarc) SELECT c0, c1, c2, c3, c4, c5, c7, c8, c9, c10 "
      "FROM given_rows WHERE true ON CONFLICT DO UPDATE SET "
      "domainkeys_evidence = excluded.domainkeys_evidence, measured = excluded.measured, "
      "published = excluded.published, outcomes = excluded.outcomes, txt = excluded.txt, mx = excluded.mx, "
      "dmarc = excluded.dmarc";
  static constexpr char kDeleteCauses[] = "DELETE FROM unmeasured WHERE observation = ?1";
  static constexpr char kDeleteFurther[] = "DELETE FROM further_answer WHERE observation = ?1";
  static constexpr char kInsertFurther[] =
      "INSERT INTO further_answer (observation, ordinal, answer) VALUES (?1, ?2, ?3)";
  static constexpr char kAdd[] =
      "UPDATE run SET surveyed = surveyed + ?2, questions = questions + ?3, retries = retries + ?4, "
      "timeouts = timeouts + ?5, tcp_questions = tcp_questions + ?6, run_ms = run_ms + ?7 WHERE id = ?1";

  Connection& connection = *impl_->connection;
  const UncheckedReferences unchecked(connection);
  Transaction transaction(connection, Transaction::Kind::kWrite);
  const RunPlace place = impl_->require_state(run, RunState::kSurveying);
  ObservationRows given;
  given.reserve(rows.size());
  struct FurtherRow {
    std::int64_t id;
    std::uint32_t ordinal;
    std::int64_t answer;
  };
  std::vector<FurtherRow> further;
  const auto answer_ids = [&](std::int64_t id, const StoredAnswers& answers) {
    AnswerIds ids;
    ids.outcomes = impl_->outcomes_id(answers.outcomes);
    for (const StoredAnswers::Answer& answer : answers.answers) {
      const std::int64_t text = impl_->answer_id(answer.text);
      switch (answer.place) {
        case AnswerPlace::kTxt:
          ids.txt = text;
          break;
        case AnswerPlace::kMx:
          ids.mx = text;
          break;
        case AnswerPlace::kDmarc:
          ids.dmarc = text;
          break;
        case AnswerPlace::kFurther:
          further.push_back({id, answer.ordinal, text});
          break;
      }
    }
    return ids;
  };
  {
    // Ends before the commit: SQLite makes no checkpoint while a statement of the connection is being read.
    PlanReader plan(impl_->statement(kPlanFrom));
    for (const SurveyedName& row : rows) {
      const std::int64_t id = place.row_of(row.position);
      if (row.position == 0 || row.position > static_cast<std::uint64_t>(place.names) || !plan.find(id)) {
        impl_->fail(StoreError::Kind::kConflict,
                    fmt::format("run {} has no name at position {}", run, row.position));
        break;
      }
      given.add(id, plan, row.observation, answer_ids(id, row.answers));
    }
  }
  const std::int64_t first_time = run_over(connection, impl_->statement(kInsert), given);
  const bool some_again = static_cast<std::size_t>(first_time) < given.size();
  if (some_again) run_over(connection, impl_->statement(kReplace), given);
  for (const SurveyedName& row : rows) {
    const std::int64_t id = place.row_of(row.position);
    if (some_again) {
      impl_->statement(kDeleteCauses).run(id);
      impl_->statement(kDeleteFurther).run(id);
    }
    impl_->insert_causes(id, row.observation);
  }
  for (const FurtherRow& row : further) impl_->statement(kInsertFurther).run(row.id, row.ordinal, row.answer);
  impl_->statement(kAdd).run(run, first_time, added.questions, added.retries, added.timeouts,
                             added.tcp_questions, added.run_milliseconds);
  auto result = transaction.commit();
  if (!result) impl_->forget_texts();
  return result;
}

void Store::Impl::insert_causes(std::int64_t id, const Observation& observation) {
  static constexpr char kInsert[] =
      "INSERT INTO unmeasured (observation, cause, metrics) VALUES (?1, ?2, ?3)";
  CauseBits(observation).for_each([&](std::int64_t cause, std::uint64_t metrics) {
    statement(kInsert).run(id, cause, metrics);
  });
}

}  // namespace dauth::data

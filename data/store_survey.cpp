// The survey: names handed out, rows taken in. save() is on the hot path: every domain passes through it.
#include <fmt/format.h>

#include <array>

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

}  // namespace

std::vector<PlannedName> Store::Impl::read_planned(Cursor row) {
  std::vector<PlannedName> names;
  while (row.next()) {
    auto name = dns::DomainName::from_text(row.text(1));
    if (!name) {
      fail(Kind::kCorrupt,
           fmt::format("the database is damaged: the name at position {} is none", row.integer(0)));
      break;
    }
    names.push_back(PlannedName{row.natural(0), std::move(*name), category_of(row.integer(2))});
  }
  return names;
}

StoreResult<std::vector<PlannedName>> Store::names_to_survey(RunId run, std::uint64_t after_position,
                                                             std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT plan.position, plan.text, plan.category FROM plan "
      "LEFT JOIN observation AS done ON done.run = plan.run AND done.position = plan.position "
      "WHERE plan.run = ?1 AND plan.position > ?2 AND done.run IS NULL ORDER BY plan.position LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  impl_->require_state(run, RunState::kSurveying);
  auto names =
      impl_->read_planned(impl_->statement(kSelect).query(run, after_position, std::uint64_t{limit}));
  return transaction.commit_with(std::move(names));
}

StoreResult<std::vector<PlannedName>> Store::names_that_failed(RunId run, std::uint64_t after_position,
                                                               std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT plan.position, plan.text, plan.category FROM unmeasured "
      "JOIN plan ON plan.run = unmeasured.run AND plan.position = unmeasured.position "
      "WHERE unmeasured.run = ?1 AND unmeasured.position > ?2 AND (unmeasured.metrics & ?4) <> 0 "
      "AND unmeasured.cause <> ?5 GROUP BY unmeasured.position ORDER BY unmeasured.position LIMIT ?3";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  impl_->require_state(run, RunState::kSurveying);
  auto names = impl_->read_planned(impl_->statement(kSelect).query(
      run, after_position, std::uint64_t{limit}, decisive_metrics(), static_cast<int>(Cause::kExcluded)));
  return transaction.commit_with(std::move(names));
}

StoreResult<void> Store::save(RunId run, std::span<const SurveyedName> rows, const RunFigures& added) {
  // Name and category come from the plan, so a row cannot be put under another name.
  static constexpr char kInsert[] =
      "INSERT INTO observation (run, position, name, category, domainkeys_evidence, " DAUTH_METRIC_COLUMNS
      ") SELECT run, position, name, category, "
      "?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, "
      "?24, "
      "?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34 "
      "FROM plan WHERE run = ?1 AND position = ?2 ON CONFLICT DO NOTHING";
  static_assert(kMetricCount == 31, "a parameter and a column for each metric");
  static constexpr char kDeleteCauses[] = "DELETE FROM unmeasured WHERE run = ?1 AND position = ?2";
  static constexpr char kDelete[] = "DELETE FROM observation WHERE run = ?1 AND position = ?2";
  static constexpr char kInsertCause[] =
      "INSERT INTO unmeasured (run, position, cause, metrics) VALUES (?1, ?2, ?3, ?4)";
  static constexpr char kAdd[] =
      "UPDATE run SET surveyed = surveyed + ?2, questions = questions + ?3, retries = retries + ?4, "
      "timeouts = timeouts + ?5, tcp_questions = tcp_questions + ?6, run_ms = run_ms + ?7 WHERE id = ?1";

  Connection& connection = *impl_->connection;
  const UncheckedReferences unchecked(connection);
  Transaction transaction(connection, Transaction::Kind::kWrite);
  impl_->require_state(run, RunState::kSurveying);
  Statement& insert = impl_->statement(kInsert);
  Statement& insert_cause = impl_->statement(kInsertCause);
  insert.bind(1, run);
  std::uint64_t first_time = 0;
  for (const SurveyedName& row : rows) {
    const auto position = static_cast<std::int64_t>(row.position);
    insert.bind(2, position);
    insert.bind(3, static_cast<std::int64_t>(row.observation.domainkeys_evidence));
    int parameter = 4;
    for (const Metric metric : all_metrics()) {
      insert.bind(parameter++, static_cast<std::int64_t>(row.observation[metric].state));
    }
    if (insert.run_bound() == 1) {
      ++first_time;
    } else {
      impl_->statement(kDeleteCauses).run(run, position);
      impl_->statement(kDelete).run(run, position);
      if (insert.run_bound() != 1) {
        impl_->fail(StoreError::Kind::kConflict,
                    fmt::format("run {} has no name at position {}", run, position));
        break;
      }
    }
    CauseBits(row.observation).for_each([&](std::int64_t cause, std::uint64_t metrics) {
      insert_cause.run(run, position, cause, metrics);
    });
  }
  impl_->statement(kAdd).run(run, first_time, added.questions, added.retries, added.timeouts,
                             added.tcp_questions, added.run_milliseconds);
  return transaction.commit();
}

}  // namespace dauth::data

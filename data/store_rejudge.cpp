// A month judged again: other rules, the same answers.
#include <fmt/format.h>

#include <map>
#include <tuple>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

constexpr std::uint64_t kPage = 2000;  // rows in memory at a time

// What became of the findings of all rows, by metric and the states before and after.
class Changes {
 public:
  // True where the rows differ in anything, a cause or the DomainKeys evidence included.
  bool note(const std::string& domain, const Observation& before, const Observation& after) {
    if (before == after) return false;
    for (const Metric metric : all_metrics()) {
      const FindingState from = before[metric].state;
      const FindingState to = after[metric].state;
      if (from == to) continue;
      Rejudgement::Change& change = changes_[{metric, from, to}];
      change.metric = metric;
      change.before = from;
      change.after = to;
      ++change.names;
      if (change.examples.size() < Rejudgement::kExamples) change.examples.push_back(domain);
    }
    return true;
  }

  std::vector<Rejudgement::Change> take() {
    std::vector<Rejudgement::Change> all;
    for (auto& [key, change] : changes_) all.push_back(std::move(change));
    return all;
  }

 private:
  std::map<std::tuple<Metric, FindingState, FindingState>, Rejudgement::Change> changes_;
};

struct JudgedRow {
  std::int64_t id = 0;
  std::string domain;
  Observation before;
  AnswerIds answers;
};

// Rows behind `after`, a page of them: a statement that is being read would see the rows that it has changed.
std::vector<JudgedRow> read_page(Store::Impl& store, std::int64_t after, std::int64_t last) {
  static constexpr char kSelect[] =
      "SELECT observation.id, name.text, domainkeys_evidence, measured, published, outcomes, txt, mx, dmarc "
      "FROM observation JOIN name ON name.id = observation.name "
      "WHERE observation.id > ?1 AND observation.id <= ?2 ORDER BY observation.id LIMIT ?3";
  std::vector<JudgedRow> rows;
  auto row = store.statement(kSelect).query(after, last, kPage);
  while (row.next()) {
    rows.push_back({row.integer(0), std::string(row.text(1)),
                    store.read_observation(row.integer(0), row.integer(2), {row.natural(3), row.natural(4)}),
                    AnswerIds{row.integer(5), row.integer(6), row.integer(7), row.integer(8)}});
  }
  return rows;
}

void replace_findings(Store::Impl& store, std::int64_t id, const Observation& found) {
  static constexpr char kUpdate[] =
      "UPDATE observation SET domainkeys_evidence = ?2, measured = ?3, published = ?4 WHERE id = ?1";
  static constexpr char kDeleteCauses[] = "DELETE FROM unmeasured WHERE observation = ?1";
  const FindingBits bits = bits_of(found);
  store.statement(kUpdate).run(id, static_cast<int>(found.domainkeys_evidence), bits.measured,
                               bits.published);
  store.statement(kDeleteCauses).run(id);
  store.insert_causes(id, found);
}

}  // namespace

StoreResult<Rejudgement> Store::rejudge(Month month, std::uint32_t rules_version, const Judge& judge,
                                        RejudgeMode mode) {
  static constexpr char kRun[] = "SELECT rules_version, provisional FROM run WHERE id = ?1";
  static constexpr char kJudged[] = "UPDATE run SET rules_version = ?2, judged = ?3 WHERE id = ?1";

  Impl& store = *impl_;
  Rejudgement result;
  Changes changes;
  std::uint64_t met = 0;
  std::uint64_t not_kept = 0;  // rows without answers that are to have some
  const UncheckedReferences unchecked(*store.connection);
  Transaction transaction(*store.connection, Transaction::Kind::kWrite);
  const auto surveyed = store.surveyed_month(month);
  if (!surveyed) return transaction.commit_with(std::move(result));
  const auto& [run, place] = *surveyed;
  {
    auto found = store.statement(kRun).query(run);
    if (found.next()) {
      result.rules_version = static_cast<std::uint32_t>(found.integer(0));
      result.was_provisional = found.integer(1) != 0;
    }
  }
  for (std::int64_t after = place.first_row; !store.connection->failed();) {
    const std::vector<JudgedRow> rows = read_page(store, after, place.last_row());
    if (rows.empty()) break;
    for (const JudgedRow& row : rows) {
      // A page that is damaged can lead back to where the reading was before.
      if (row.id <= after)
        store.fail(StoreError::Kind::kCorrupt, "the database is damaged: rows are out of order");
      after = row.id;
      ++met;
      const StoredAnswers answers = store.read_answers(row.id, row.answers);
      const auto domain = dns::DomainName::from_text(row.domain);
      if (!domain) store.fail(StoreError::Kind::kCorrupt, "the database is damaged: a name is none");
      if (store.connection->failed()) break;
      if (answers.outcomes.empty()) {
        const bool excluded = row.before[Metric::kExists] == Finding::unmeasured(Cause::kExcluded);
        ++(excluded ? result.excluded : not_kept);
        continue;
      }
      const auto found = judge(*domain, answers);
      if (!found) {
        store.fail(StoreError::Kind::kCorrupt, "the database is damaged: " + found.error());
        break;
      }
      ++result.judged;
      if (!changes.note(row.domain, row.before, *found)) continue;
      ++result.changed;
      replace_findings(store, row.id, *found);
    }
  }
  if (!store.connection->failed()) {
    store.require_all_names(month, met, static_cast<std::uint64_t>(place.names));
  }
  if (not_kept > 0 && !store.connection->failed()) {
    // Half a month by one version of the rules and half by another is no month.
    store.fail(
        StoreError::Kind::kConflict,
        fmt::format("of {}, {} names were measured without keeping the answers", month.to_text(), not_kept));
  }
  if (!store.connection->failed()) {
    store.count_rows(run, place);
    store.statement(kJudged).run(run, rules_version, store.now());
  }
  for (RunRecord& record : store.read_runs()) {
    if (record.id == run) result.run = std::move(record);
  }
  result.changes = changes.take();
  if (mode == RejudgeMode::kOnlyTell) {
    // Not committed, so all of it is undone.
    store.forget_texts();
    if (auto status = store.connection->status(); !status) return unexpected(std::move(status).error());
    return result;
  }
  auto kept = transaction.commit_with(std::move(result));
  if (kept) {
    store.checkpoint();
  } else {
    store.forget_texts();
  }
  return kept;
}

}  // namespace dauth::data

// The inside of Store, shared by store*.cpp: the connection, the known categories, and what several of the
// store's chapters need.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "data/store_schema.h"
#include "data/store_sqlite.h"

namespace dauth::data {

// The id of 'registered' in the table metric.
inline constexpr std::int64_t kRegisteredMetricId = 255;

inline std::uint64_t bit_of(Metric metric) {
  return std::uint64_t{1} << static_cast<unsigned>(metric);
}

// A row's findings as `observation` keeps them: one bit for each metric.
struct FindingBits {
  std::uint64_t measured = 0;
  std::uint64_t published = 0;  // all of them measured
  // Unmeasured for a cause that is stored: for another one than kNotAsked. Not kept in a row.
  std::uint64_t caused = 0;

  FindingState state_of(Metric metric) const {
    if ((published & bit_of(metric)) != 0) return FindingState::kPublished;
    return (measured & bit_of(metric)) != 0 ? FindingState::kAbsent : FindingState::kUnmeasured;
  }
};
FindingBits bits_of(const Observation& observation);

// The metrics whose failure makes has_lookup_failure() true, as bits. A name has failed where one of them is
// unmeasured for another cause than kExcluded (kNotAsked is never stored).
std::uint64_t decisive_metrics();
// The same of has_mx_host_failure().
std::uint64_t mx_host_metrics();

// How a run stands, and where its rows are in plan and observation.
struct RunPlace {
  RunState state = RunState::kListing;
  bool pruned = false;         // the rows were dropped
  std::int64_t first_row = 0;  // the name at position P has the row first_row + P
  std::int64_t names = 0;

  std::int64_t last_row() const { return first_row + names; }
  // The row of a position; of the last one where there is no such position.
  std::int64_t row_of(std::uint64_t position) const {
    return first_row + static_cast<std::int64_t>(std::min(position, static_cast<std::uint64_t>(names)));
  }
};

// Ids of texts that were met lately, so that the common ones are not looked up for each row. Bounded: emptied
// when it is full.
class KnownTexts {
 public:
  explicit KnownTexts(std::size_t most) : most_(most) {}
  std::optional<std::int64_t> find(const std::string& text) const {
    const auto known = ids_.find(text);
    return known == ids_.end() ? std::nullopt : std::optional(known->second);
  }
  void remember(const std::string& text, std::int64_t id);
  void clear() { ids_.clear(); }

 private:
  std::size_t most_;
  std::unordered_map<std::string, std::int64_t> ids_;
};

// The columns of `observation` that refer to texts; 0 is NULL.
struct AnswerIds {
  std::int64_t outcomes = 0;
  std::int64_t txt = 0;
  std::int64_t mx = 0;
  std::int64_t dmarc = 0;
};

struct Store::Impl {
  using Kind = StoreError::Kind;

  Impl(std::unique_ptr<Connection> opened, StoreOptions given)
      : connection(std::move(opened)), options(std::move(given)) {}

  Statement& statement(const char* sql) { return connection->statement(sql); }
  void fail(Kind kind, std::string message) { connection->fail(store_error(kind, std::move(message))); }

  // "2026-11-01T02:00:00Z"
  std::string now() const;

  // The id of a category, made when it is new. Inside a write transaction only.
  std::int64_t category_id(const Category& category);
  Category category_of(std::int64_t id);
  // The id of a text that rows share, made when it is new; 0 for an empty one. Inside a write transaction
  // only.
  std::int64_t outcomes_id(const std::string& text);
  std::int64_t answer_id(const std::string& text);
  std::int64_t operator_id(const std::string& domain);
  // Removes an answer that nothing refers to. Inside a write transaction only.
  void remove_answer(std::int64_t id, const std::string& text);
  std::int64_t text_id(KnownTexts& known, const char* find, const char* insert, const std::string& text);
  std::string text_of(const char* select, std::int64_t id);
  const std::string& operator_of(std::int64_t id);
  // The answers of a row of `observation`.
  StoredAnswers read_answers(std::int64_t row, const AnswerIds& ids);
  // After a transaction that may have made categories or texts was rolled back.
  void forget_texts() {
    ids_by_code.clear();
    categories_by_id.clear();
    known_outcomes.clear();
    known_answers.clear();
    known_operators.clear();
    outcomes_by_id.clear();
    operators_by_id.clear();
  }

  // Where the rows of a month's survey are; fails the connection with kConflict where there are none.
  struct SurveyedMonth {
    RunId run = 0;
    RunPlace place;
  };
  std::optional<SurveyedMonth> surveyed_month(Month month);

  // Reads how a run stands; fails the connection with kConflict where there is no such run.
  RunPlace place_of(RunId run);
  // The same; fails the connection also where the run is in another state.
  RunPlace require_state(RunId run, RunState state);

  // Those in this state or a later one.
  std::vector<RunRecord> read_runs(RunState from = RunState::kListing);
  // The record of a surveyed_month().
  std::optional<RunRecord> require_surveyed(Month month);
  // Adds what stands in tables of its own, and the failures of a run that is not finished.
  void complete_record(RunRecord& record);
  void insert_lists(RunId run, std::span<const std::string> sources);

  // `read_more` takes what stands in the row behind id, text and category.
  std::vector<PlannedName> read_planned(
      const RunPlace& place, Cursor row,
      const std::function<void(const Cursor&, PlannedName&)>& read_more = {});
  // Sets the causes of the unmeasured findings; what has no row stays as it is.
  void read_causes(Cursor row, Observation& observation);
  // The observation of a row with these columns, causes and all.
  Observation read_observation(std::int64_t id, std::int64_t evidence, const FindingBits& bits);
  // Writes the causes of the unmeasured findings of a row that has none yet.
  void insert_causes(std::int64_t id, const Observation& observation);
  // Fails the connection with kCorrupt where `found` is not the number of names that the month has: SQLite
  // reads zeros where a file has lost its octets, and then says nothing of the rows that were there.
  void require_all_names(Month month, std::uint64_t found, std::uint64_t names);
  // Fails the connection where the text is no month.
  std::optional<Month> month_of(std::string_view text);

  struct RunTally;
  RunTally tally(const RunPlace& place);
  void store_counts(RunId run, const RunTally& tally);
  // Counts the rows of a run, stores the counts in the place of earlier ones, and notes in the run what was
  // lost. Fails the connection with kConflict where the rows do not add up to the list.
  void count_rows(RunId run, const RunPlace& place);
  // One month of an import.
  void import_month(Month month, std::span<const CountRow* const> counts, const std::string& source,
                    bool replace);
  // Removes the finished run of a month, where there is one. Inside a write transaction only.
  void remove_finished(std::string_view month);

  // Empty the tables of what belongs to this run: of the list while it is read, and of the survey's order.
  // Without checks of references; inside a write transaction only.
  void empty_listed(RunId run);
  void empty_plan(const RunPlace& place);

  // Removes the rows behind `after` up to `last`, with their causes and further answers. Inside a write
  // transaction only.
  void remove_rows(std::int64_t after, std::int64_t last);
  // Removes a run and everything that belongs to it. Inside a write transaction only.
  void remove_run(RunId run);

  // Gives free pages at the end of the file back to the file system, as far as other processes allow.
  void shrink();

  // Forces what was committed to the disk and shortens the -wal file, as far as other readers allow.
  void checkpoint();

  std::function<bool()> interrupt;  // of set_interrupt(); outlives the connection
  std::unique_ptr<Connection> connection;
  StoreOptions options;
  // Lists can bring categories of their own, so both are emptied when they grow beyond kKnownCategories.
  static constexpr std::size_t kKnownCategories = 10'000;
  std::unordered_map<std::string, std::int64_t> ids_by_code;
  std::unordered_map<std::int64_t, Category> categories_by_id;
  // Some MiB at most, however many texts the database holds.
  static constexpr std::size_t kKnownOutcomes = 4'000;
  KnownTexts known_outcomes{kKnownOutcomes};
  KnownTexts known_answers{16'000};
  static constexpr std::size_t kKnownOperators = 8'000;
  KnownTexts known_operators{kKnownOperators};
  std::unordered_map<std::int64_t, std::string> outcomes_by_id;
  std::unordered_map<std::int64_t, std::string> operators_by_id;
};

}  // namespace dauth::data

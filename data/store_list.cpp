// The list: names taken in, each once, and put into the order of the survey.
//
// Memory does not grow with the list: the database finds what it has already, and the order is made by
// SQLite's sorter, which spills to temporary files.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "data/keyed_hash.h"
#include "data/store_impl.h"
#include "data/store_rows.h"
#include "resolver/dns/ascii_case.h"

namespace dauth::data {
namespace {

constexpr std::size_t kRejectedLength = 200;

// survey_order(seed, name): a keyed hash, so that the order is the same for the same seed and list whatever
// else the database holds, and nobody can place a name by its spelling.
void survey_order(sqlite3_context* context, int, sqlite3_value** values) {
  const auto seed = static_cast<std::uint64_t>(sqlite3_value_int64(values[0]));
  const auto* octets = static_cast<const char*>(sqlite3_value_blob(values[1]));
  const auto length = static_cast<std::size_t>(sqlite3_value_bytes(values[1]));
  const std::uint64_t hash = keyed_hash({seed, 0}, octets == nullptr ? "" : std::string_view(octets, length));
  sqlite3_result_int64(context, static_cast<std::int64_t>(hash));
}

// Names as given, one row each, with their texts in one buffer.
class ListedRows final : public GivenRows {
 public:
  struct Row {
    std::uint64_t start = 0;  // the first octets of the text, which decide most comparisons
    std::size_t begin = 0;    // of the text in the buffer
    std::size_t length = 0;
    std::size_t mention = 0;  // its place in the list
    std::int64_t category = 0;
    std::int64_t name_server_operator = 0;  // 0: none
  };

  explicit ListedRows(std::span<const ListedName> names) {
    rows_.reserve(names.size());
    for (const ListedName& listed : names) {
      std::string text = listed.name.to_text();
      std::transform(text.begin(), text.end(), text.begin(),
                     [](char c) { return static_cast<char>(dns::to_lower(static_cast<std::uint8_t>(c))); });
      rows_.push_back({start_of(text), texts_.size(), text.size(), rows_.size(), 0, 0});
      texts_ += text;
    }
  }

  // In the order of the index, so that neighbours share its pages; of one name mentioned twice the first
  // mention stays.
  void sort() {
    const auto before = [this](const Row& a, const Row& b) {
      if (a.start != b.start) return a.start < b.start;
      const int order = text_of(a).compare(text_of(b));
      return order != 0 ? order < 0 : a.mention < b.mention;
    };
    const auto same = [this](const Row& a, const Row& b) { return text_of(a) == text_of(b); };
    std::sort(rows_.begin(), rows_.end(), before);
    rows_.erase(std::unique(rows_.begin(), rows_.end(), same), rows_.end());
  }
  std::vector<Row>& rows() { return rows_; }

  std::size_t size() const override { return rows_.size(); }
  bool is_text(int column) const override { return column == 0; }
  int first_reference() const override { return 2; }
  std::string_view text(std::size_t row, int) const override { return text_of(rows_[row]); }
  std::int64_t integer(std::size_t row, int column) const override {
    return column == 1 ? rows_[row].category : rows_[row].name_server_operator;
  }

 private:
  static std::uint64_t start_of(std::string_view text) {
    std::uint64_t start = 0;
    for (std::size_t i = 0; i < sizeof start; ++i)
      start = start << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
    return start;
  }
  std::string_view text_of(const Row& row) const {
    return std::string_view(texts_).substr(row.begin, row.length);
  }

  std::string texts_;
  std::vector<Row> rows_;
};

// Names in the survey's order on their way into the plan.
class PlanRows final : public GivenRows {
 public:
  static constexpr std::size_t kMost = 2000;

  void add(std::int64_t id, const Cursor& listed) {
    const std::string_view text = listed.text(2);
    rows_.push_back(
        {id, listed.integer(0), listed.integer(1), texts_.size(), text.size(), listed.integer(3)});
    texts_ += text;
  }
  void clear() {
    rows_.clear();
    texts_.clear();
  }

  std::size_t size() const override { return rows_.size(); }
  bool is_text(int column) const override { return column == 3; }
  int first_reference() const override { return 4; }
  std::string_view text(std::size_t row, int) const override {
    return std::string_view(texts_).substr(rows_[row].begin, rows_[row].length);
  }
  std::int64_t integer(std::size_t row, int column) const override {
    const Row& found = rows_[row];
    return column == 0   ? found.id
           : column == 1 ? found.name
           : column == 2 ? found.category
                         : found.name_server_operator;
  }

 private:
  struct Row {
    std::int64_t id = 0;
    std::int64_t name = 0;
    std::int64_t category = 0;
    std::size_t begin = 0;  // of the text in the buffer
    std::size_t length = 0;
    std::int64_t name_server_operator = 0;  // 0: none
  };
  std::string texts_;
  std::vector<Row> rows_;
};

}  // namespace

StoreResult<std::uint64_t> Store::add_names(RunId run, std::span<const ListedName> names) {
  // The names that are new, and then all of them as listed; of a name listed twice the first stands.
  static constexpr char kInsertNames[] =
      "INSERT INTO name (text) SELECT c0 FROM given_rows WHERE true ON CONFLICT DO NOTHING";
  static constexpr char kLastName[] = "SELECT coalesce(max(id), 0) FROM name";
  static constexpr char kInsertNewlyListed[] =
      "INSERT INTO listed (run, name, category, operator) SELECT ?1, ?2 + rowid, c1, c2 FROM given_rows";
  static constexpr char kInsertListed[] =
      "INSERT INTO listed (run, name, category, operator) "
      "SELECT ?1, name.id, given_rows.c1, given_rows.c2 FROM given_rows CROSS JOIN name ON "
      "name.text = given_rows.c0 "
      "WHERE true ON CONFLICT DO NOTHING";
  static constexpr char kAddDuplicates[] = "UPDATE run SET duplicates = duplicates + ?2 WHERE id = ?1";

  ListedRows given(names);
  given.sort();

  // Names, run and categories are looked up or made here: checking that they exist would only cost.
  Connection& connection = *impl_->connection;
  const UncheckedReferences unchecked(connection);
  Transaction transaction(connection, Transaction::Kind::kWrite);
  impl_->require_state(run, RunState::kListing);
  for (ListedRows::Row& row : given.rows()) {
    const Category& category = names[row.mention].category;
    if (category == Category::total()) {
      impl_->fail(StoreError::Kind::kConflict, "TOTAL is no category that a name can be in");
      break;
    }
    row.category = impl_->category_id(category);
    row.name_server_operator = impl_->operator_id(names[row.mention].name_server_operator);
  }
  const auto last_name = [&] {
    auto last = impl_->statement(kLastName).query();
    return last.next() ? last.integer(0) : std::int64_t{0};
  };
  const std::int64_t before = last_name();
  const std::int64_t new_names = run_over(connection, impl_->statement(kInsertNames), given);
  const auto count = static_cast<std::int64_t>(given.size());
  std::int64_t added = 0;
  // Behind the largest id there is no next one: SQLite then takes any that is free.
  const bool has_next_ids = before >= 0 && before <= std::numeric_limits<std::int64_t>::max() - count;
  if (new_names == count && has_next_ids && last_name() == before + count) {
    // All were new, and have the next ids in their order: none need be looked up.
    added = run_over(connection, impl_->statement(kInsertNewlyListed), given, run, before + 1);
  } else {
    added = run_over(connection, impl_->statement(kInsertListed), given, run);
  }
  impl_->statement(kAddDuplicates).run(run, static_cast<std::int64_t>(names.size()) - added);
  auto result = transaction.commit_with(static_cast<std::uint64_t>(added));
  if (!result) impl_->forget_texts();
  return result;
}

StoreResult<void> Store::add_rejected(RunId run, std::span<const RejectedLine> lines) {
  static constexpr char kInsert[] =
      "INSERT INTO rejected_line (run, ordinal, source, line, reason, content) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6)";
  static constexpr char kCount[] = "SELECT rejected FROM run WHERE id = ?1";
  static constexpr char kSetCount[] = "UPDATE run SET rejected = ?2 WHERE id = ?1";

  Transaction transaction(*impl_->connection, Transaction::Kind::kWrite);
  impl_->require_state(run, RunState::kListing);
  std::int64_t ordinal = 0;
  {
    auto count = impl_->statement(kCount).query(run);
    if (count.next()) ordinal = count.integer(0);
  }
  for (const RejectedLine& line : lines) {
    const auto content = std::string_view(line.text).substr(0, kRejectedLength);
    impl_->statement(kInsert).run(run, ++ordinal, line.source, line.line, line.reason, Blob{content});
  }
  impl_->statement(kSetCount).run(run, ordinal);
  return transaction.commit();
}

StoreResult<void> Store::finish_list(RunId run, const std::string& fingerprint) {
  static constexpr char kSeed[] = "SELECT seed FROM run WHERE id = ?1";
  static constexpr char kInOrder[] =
      "SELECT listed.name, listed.category, name.text, listed.operator FROM listed JOIN name ON name.id = "
      "listed.name "
      "WHERE listed.run = ?1 ORDER BY survey_order(?2, name.text), listed.name";
  static constexpr char kInsert[] =
      "INSERT INTO plan (id, name, category, text, operator) "
      "SELECT c0, c1, c2, c3, c4 FROM given_rows";
  static constexpr char kLastRow[] = "SELECT coalesce(max(first_row + names), 0) FROM run";
  static constexpr char kUpdate[] =
      "UPDATE run SET state = ?2, names = ?3, first_row = ?4, list_fingerprint = ?5 WHERE id = ?1";

  Connection& connection = *impl_->connection;
  const int registered = sqlite3_create_function_v2(connection.handle(), "survey_order", 2,
                                                    SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
                                                    nullptr, &survey_order, nullptr, nullptr, nullptr);
  if (registered != SQLITE_OK) connection.fail(registered);

  // Rows are copied within the file, so checking their references again would only cost.
  const UncheckedReferences unchecked(connection);
  Transaction transaction(connection, Transaction::Kind::kWrite);
  impl_->require_state(run, RunState::kListing);
  std::int64_t seed = 0;
  {
    auto found = impl_->statement(kSeed).query(run);
    if (found.next()) seed = found.integer(0);
  }
  std::int64_t first_row = 0;
  {
    auto last = impl_->statement(kLastRow).query();
    if (last.next()) first_row = last.integer(0);
  }
  std::int64_t position = 0;
  {
    PlanRows rows;
    const auto insert = [&] {
      run_over(connection, impl_->statement(kInsert), rows);
      rows.clear();
    };
    auto name = impl_->statement(kInOrder).query(run, seed);
    while (name.next()) {
      rows.add(first_row + ++position, name);
      if (rows.size() == PlanRows::kMost) insert();
    }
    insert();
  }
  impl_->empty_listed(run);
  impl_->statement(kUpdate).run(run, static_cast<int>(RunState::kSurveying), position, first_row,
                                fingerprint);
  return transaction.commit();
}

StoreResult<std::vector<RejectedLine>> Store::rejected_lines(RunId run, std::size_t limit) {
  static constexpr char kSelect[] =
      "SELECT source, line, reason, content FROM rejected_line WHERE run = ?1 ORDER BY ordinal LIMIT ?2";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  std::vector<RejectedLine> lines;
  {
    auto row = impl_->statement(kSelect).query(run, std::uint64_t{limit});
    while (row.next()) {
      RejectedLine line;
      line.source = row.text(0);
      line.line = row.natural(1);
      line.reason = row.text(2);
      line.text = row.text(3);
      lines.push_back(std::move(line));
    }
  }
  return transaction.commit_with(std::move(lines));
}

}  // namespace dauth::data

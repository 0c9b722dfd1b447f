// What became of the names between two months: their rows are merged in order of the name.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

enum class Standing : std::uint8_t { kAbsent, kPublished, kUnmeasured, kNotListed };

struct NameRow {
  std::int64_t category = 0;
  std::int64_t name_server_operator = 0;  // 0: the list said none
  FindingBits bits;
};

// The rows of a month in order of the name's number.
class NameReader {
 public:
  NameReader(Connection& connection, const RunPlace& place)
      : statement_(connection, kSelect), cursor_(statement_.query(place.first_row, place.last_row())) {
    advance();
  }

  bool is_at(std::int64_t name) const { return more_ && name_ == name; }
  bool at_end() const { return !more_; }
  std::int64_t name() const { return name_; }
  // Rows of a name each; one without a name, or of a name that was met before, is none.
  std::uint64_t names() const { return names_; }

  NameRow take() {
    const NameRow row{cursor_.integer(1), cursor_.integer(2), {cursor_.natural(3), cursor_.natural(4)}};
    advance();
    return row;
  }

 private:
  // Without an index on it: SQLite's sorter takes no more memory than the page cache, and spills to a file.
  static constexpr char kSelect[] =
      "SELECT name, category, operator, measured, published FROM observation "
      "WHERE id > ?1 AND id <= ?2 ORDER BY name";

  void advance() {
    more_ = cursor_.next();
    if (!more_) return;
    const std::int64_t before = std::exchange(name_, cursor_.integer(0));
    if (name_ > before) ++names_;
  }

  Statement statement_;
  Cursor cursor_;
  bool more_ = false;
  std::int64_t name_ = 0;
  std::uint64_t names_ = 0;
};

// Names that began and ceased, by operator. There can be as many operators as names, so what does not fit
// into memory goes on in a table of the connection's own, which SQLite keeps outside the database.
class OperatorCounter {
 public:
  explicit OperatorCounter(Store::Impl& store) : store_(&store) {
    store.connection->execute(
        "CREATE TEMP TABLE IF NOT EXISTS operator_change (metric INTEGER NOT NULL, operator INTEGER NOT "
        "NULL, "
        "began INTEGER NOT NULL, ceased INTEGER NOT NULL, PRIMARY KEY (metric, operator)) "
        "STRICT, WITHOUT ROWID; DELETE FROM temp.operator_change");
  }

  void began(std::size_t metric, std::int64_t name_server_operator) {
    ++count_of(metric, name_server_operator).began;
  }
  void ceased(std::size_t metric, std::int64_t name_server_operator) {
    ++count_of(metric, name_server_operator).ceased;
  }

  // Those of a metric that moved most; equal ones by name.
  std::vector<MonthChanges::OperatorMoves> largest(std::size_t metric, std::string_view name) {
    static constexpr char kLargest[] =
        "SELECT ifnull(name_server_operator.domain, ''), began, ceased FROM temp.operator_change AS change "
        "LEFT JOIN name_server_operator ON name_server_operator.id = change.operator "
        "WHERE change.metric = ?1 ORDER BY began + ceased DESC, 1 LIMIT ?2";
    flush();
    std::vector<MonthChanges::OperatorMoves> found;
    auto row =
        store_->statement(kLargest).query(std::uint64_t{metric}, std::uint64_t{MonthChanges::kOperators});
    while (row.next()) {
      found.push_back({std::string(name), std::string(row.text(0)), row.natural(1), row.natural(2)});
    }
    return found;
  }

  void clear() { store_->connection->execute("DELETE FROM temp.operator_change"); }

 private:
  static constexpr std::size_t kInMemory = 100'000;
  static constexpr std::size_t kMetricRoom = 64;  // metrics are bits of one number

  struct Count {
    std::uint64_t began = 0;
    std::uint64_t ceased = 0;
  };

  Count& count_of(std::size_t metric, std::int64_t name_server_operator) {
    if (counts_.size() >= kInMemory) flush();
    return counts_[static_cast<std::uint64_t>(name_server_operator) * kMetricRoom + metric];
  }

  void flush() {
    static constexpr char kAdd[] =
        "INSERT INTO temp.operator_change (metric, operator, began, ceased) VALUES (?1, ?2, ?3, ?4) "
        "ON CONFLICT (metric, operator) DO UPDATE SET began = began + excluded.began, "
        "ceased = ceased + excluded.ceased";
    for (const auto& [key, count] : counts_) {
      store_->statement(kAdd).run(key % kMetricRoom, key / kMetricRoom, count.began, count.ceased);
    }
    counts_.clear();
  }

  Store::Impl* store_;
  std::unordered_map<std::uint64_t, Count> counts_;
};

using Moves = MonthChanges::Moves;

class ChangeCounter {
 public:
  ChangeCounter(Store::Impl& store, std::vector<Metric> metrics)
      : metrics_(std::move(metrics)), operators_(store) {}

  void add_category(std::int64_t category) { static_cast<void>(counts_of(category)); }

  // A name of both months, or of one.
  void add(const NameRow* older, const NameRow* newer) {
    // References stay good while other categories come in (std::map).
    std::vector<Moves>& then = counts_of(older != nullptr ? older->category : newer->category);
    std::vector<Moves>& now = counts_of(newer != nullptr ? newer->category : older->category);
    const auto listed = [](const NameRow* row) {
      return row == nullptr ? Standing::kNotListed : Standing::kPublished;
    };
    count(listed(older), listed(newer), then[0], now[0]);
    for (std::size_t i = 0; i < metrics_.size(); ++i) {
      const Standing before = standing(older, metrics_[i]);
      const Standing after = standing(newer, metrics_[i]);
      count(before, after, then[i + 1], now[i + 1]);
      if (has_begun(before, after)) operators_.began(i, operator_of(older, newer));
      if (has_ceased(before, after)) operators_.ceased(i, operator_of(older, newer));
    }
  }

  const std::map<std::int64_t, std::vector<Moves>>& categories() const { return categories_; }
  const std::vector<Metric>& metrics() const { return metrics_; }
  OperatorCounter& operators() { return operators_; }

 private:
  static Standing standing(const NameRow* row, Metric metric) {
    if (row == nullptr) return Standing::kNotListed;
    switch (row->bits.state_of(metric)) {
      case FindingState::kAbsent:
        return Standing::kAbsent;
      case FindingState::kPublished:
        return Standing::kPublished;
      case FindingState::kUnmeasured:
        break;
    }
    return Standing::kUnmeasured;
  }

  static bool has_begun(Standing before, Standing after) {
    return after == Standing::kPublished && (before == Standing::kAbsent || before == Standing::kNotListed);
  }
  static bool has_ceased(Standing before, Standing after) {
    return before == Standing::kPublished && after == Standing::kAbsent;
  }

  static std::int64_t operator_of(const NameRow* older, const NameRow* newer) {
    if (newer != nullptr && newer->name_server_operator != 0) return newer->name_server_operator;
    return older != nullptr ? older->name_server_operator : 0;
  }

  // `then` and `now` are the counts of the name's category in either month, the same where it is the same.
  static void count(Standing before, Standing after, Moves& then, Moves& now) {
    if (before == Standing::kPublished) ++then.before;
    if (after == Standing::kPublished) ++now.after;
    if (before == Standing::kUnmeasured || after == Standing::kUnmeasured) ++now.unmeasured;
    if (has_begun(before, after)) ++now.began;
    if (after == Standing::kPublished && before == Standing::kNotListed) ++now.newly_listed;
    if (after == Standing::kPublished && before == Standing::kUnmeasured) ++now.was_unmeasured;
    if (before != Standing::kPublished) return;
    switch (after) {
      case Standing::kAbsent:
        ++then.ceased;
        break;
      case Standing::kNotListed:
        ++then.left;
        break;
      case Standing::kUnmeasured:
        ++then.became_unmeasured;
        break;
      case Standing::kPublished:
        if (&then == &now) break;
        ++then.moved_out;
        ++now.moved_in;
        break;
    }
  }

  std::vector<Moves>& counts_of(std::int64_t category) {
    auto& counts = categories_[category];
    if (counts.empty()) counts.resize(metrics_.size() + 1);
    return counts;
  }

  std::vector<Metric> metrics_;
  // By category's number; in each, the names listed, then a metric each.
  std::map<std::int64_t, std::vector<Moves>> categories_;
  OperatorCounter operators_;
};

void add_to(Moves& sum, const Moves& moves) {
  for (const auto member :
       {&Moves::before, &Moves::began, &Moves::newly_listed, &Moves::ceased, &Moves::left,
        &Moves::became_unmeasured, &Moves::was_unmeasured, &Moves::after, &Moves::unmeasured}) {
    sum.*member += moves.*member;
  }
}

void merge(NameReader& older, NameReader& newer, ChangeCounter& counter) {
  while (!older.at_end() || !newer.at_end()) {
    const std::int64_t name = older.at_end()   ? newer.name()
                              : newer.at_end() ? older.name()
                                               : std::min(older.name(), newer.name());
    std::optional<NameRow> then;
    std::optional<NameRow> now;
    if (older.is_at(name)) then = older.take();
    if (newer.is_at(name)) now = newer.take();
    counter.add(then ? &*then : nullptr, now ? &*now : nullptr);
  }
}

void add_rows(Store::Impl& store, const ChangeCounter& counter, std::size_t place, std::string_view metric,
              std::vector<MonthChanges::Row>& rows) {
  const std::size_t first = rows.size();
  Moves total;
  for (const auto& [category, counts] : counter.categories()) {
    rows.push_back({std::string(metric), store.category_of(category), counts[place]});
    add_to(total, counts[place]);
  }
  rows.push_back({std::string(metric), Category::total(), total});
  std::sort(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(),
            [](const MonthChanges::Row& a, const MonthChanges::Row& b) { return a.category < b.category; });
}

bool was_asked(Store::Impl& store, RunId run, Metric metric) {
  static constexpr char kCounted[] = "SELECT 1 FROM category_count WHERE run = ?1 AND metric = ?2 LIMIT 1";
  auto found = store.statement(kCounted).query(run, static_cast<std::int64_t>(metric));
  return found.next();
}

}  // namespace

StoreResult<MonthChanges> Store::changes(Month older, Month newer, std::span<const Metric> metrics) {
  // Also categories without a name: they have 0.
  static constexpr char kCategories[] =
      "SELECT DISTINCT category.id FROM category_count JOIN category ON category.id = "
      "category_count.category "
      "WHERE run IN (?1, ?2) AND category.code <> ?3";

  Impl& store = *impl_;
  MonthChanges changes;
  Transaction transaction(*store.connection, Transaction::Kind::kRead);
  if (!(older < newer)) {
    store.fail(StoreError::Kind::kConflict,
               fmt::format("{} does not lie before {}", older.to_text(), newer.to_text()));
  }
  auto older_run = store.require_surveyed(older);
  auto newer_run = store.require_surveyed(newer);
  if (store.connection->failed() || !older_run || !newer_run) {
    return transaction.commit_with(std::move(changes));
  }
  changes.older = std::move(*older_run);
  changes.newer = std::move(*newer_run);

  std::vector<Metric> asked;
  for (const Metric metric : metrics) {
    if (was_asked(store, changes.older.id, metric) && was_asked(store, changes.newer.id, metric)) {
      asked.push_back(metric);
    } else {
      changes.not_asked.emplace_back(to_text(metric));
    }
  }
  ChangeCounter counter(store, std::move(asked));
  {
    auto row =
        store.statement(kCategories).query(changes.older.id, changes.newer.id, Category::total().code());
    while (row.next()) counter.add_category(row.integer(0));
  }
  const auto require_all = [&](const NameReader& reader, const RunRecord& run) {
    if (!store.connection->failed()) store.require_all_names(run.settings.month, reader.names(), run.names);
  };
  {
    NameReader then(*store.connection, store.place_of(changes.older.id));
    NameReader now(*store.connection, store.place_of(changes.newer.id));
    merge(then, now, counter);
    require_all(then, changes.older);
    require_all(now, changes.newer);
  }
  add_rows(store, counter, 0, kRegisteredMetric, changes.rows);
  for (std::size_t i = 0; i < counter.metrics().size(); ++i) {
    const std::string_view metric = to_text(counter.metrics()[i]);
    add_rows(store, counter, i + 1, metric, changes.rows);
    for (auto& moves : counter.operators().largest(i, metric)) changes.operators.push_back(std::move(moves));
  }
  counter.operators().clear();
  return transaction.commit_with(std::move(changes));
}

}  // namespace dauth::data

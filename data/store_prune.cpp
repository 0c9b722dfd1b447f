// Old months lose their detail: rows first, then the names and texts that were theirs alone.
//
// Which texts are still referred to is a bit for each id, for a window of ids at a time: memory stays the
// same however large the database is.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "data/store_impl.h"

namespace dauth::data {
namespace {

constexpr std::int64_t kRowsAtOnce = 20'000;
constexpr std::size_t kTextsAtOnce = 10'000;
constexpr std::size_t kOctetsAtOnce = std::size_t{4} << 20;  // a hostile answer is long
constexpr std::int64_t kWindow = std::int64_t{1} << 25;      // ids; 4 MiB of bits

// Rows of `observation` that count as gone: from `first` on, up to `last`.
struct RowRange {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

// A kind of text that rows refer to.
struct TextKind {
  // The row of `observation` that refers (0 for another table's), and up to three ids.
  const char* references;
  const char* page;    // id and text from ?1 to ?2
  const char* last;    // the largest id
  const char* remove;  // by id; nullptr for answers, whose digest goes too
  std::uint64_t Pruning::* removed;
};

constexpr TextKind kTextKinds[] = {
    {"SELECT id, name, NULL, NULL FROM observation UNION ALL SELECT 0, name, NULL, NULL FROM plan UNION ALL "
     "SELECT 0, name, NULL, NULL FROM listed",
     "SELECT id, text FROM name WHERE id >= ?1 AND id <= ?2 ORDER BY id", "SELECT max(id) FROM name",
     "DELETE FROM name WHERE id = ?1", &Pruning::names},
    {"SELECT id, txt, mx, dmarc FROM observation UNION ALL SELECT observation, answer, NULL, NULL FROM "
     "further_answer",
     "SELECT id, text FROM answer WHERE id >= ?1 AND id <= ?2 ORDER BY id", "SELECT max(id) FROM answer",
     nullptr, &Pruning::answers},
    {"SELECT id, outcomes, NULL, NULL FROM observation",
     "SELECT id, text FROM outcomes WHERE id >= ?1 AND id <= ?2 ORDER BY id", "SELECT max(id) FROM outcomes",
     "DELETE FROM outcomes WHERE id = ?1", &Pruning::outcomes},
    {"SELECT id, operator, NULL, NULL FROM observation UNION ALL SELECT 0, operator, NULL, NULL FROM plan "
     "UNION ALL SELECT 0, operator, NULL, NULL FROM listed",
     "SELECT id, domain FROM name_server_operator WHERE id >= ?1 AND id <= ?2 ORDER BY id",
     "SELECT max(id) FROM name_server_operator", "DELETE FROM name_server_operator WHERE id = ?1",
     &Pruning::operators},
};

// The ids of one window that some row refers to.
class IdsInUse {
 public:
  explicit IdsInUse(std::int64_t first) : first_(first), bits_(static_cast<std::size_t>(kWindow), false) {}

  void note(std::int64_t id) {
    if (id >= first_ && id < first_ + kWindow) bits_[static_cast<std::size_t>(id - first_)] = true;
  }
  // For ids of the window.
  bool has(std::int64_t id) const { return bits_[static_cast<std::size_t>(id - first_)]; }

 private:
  std::int64_t first_;
  std::vector<bool> bits_;
};

bool is_gone(std::int64_t row, const std::vector<RowRange>& gone) {
  return std::any_of(gone.begin(), gone.end(),
                     [row](const RowRange& range) { return row >= range.first && row <= range.last; });
}

struct Text {
  std::string text;
  std::int64_t id = 0;

  friend auto operator<=>(const Text&, const Text&) = default;
};

class Pruner {
 public:
  Pruner(Store::Impl& store, PruneMode mode, const Store::PruneWatch& watch)
      : store_(store), mode_(mode), watch_(watch) {}

  StoreResult<Pruning> prune(std::size_t keep) {
    result_.file_shrinks = store_.connection->integer("PRAGMA auto_vacuum") != 0;
    std::vector<std::pair<Month, RunId>> months = surveyed_months();
    const std::size_t old = months.size() - std::min(keep, months.size());
    for (std::size_t i = old; i < months.size(); ++i) result_.kept.push_back(months[i].first);
    months.erase(months.begin() + static_cast<std::ptrdiff_t>(old), months.end());
    for (const auto& [month, run] : months) {
      if (auto done = drop_detail(month, run); !done) return unexpected(std::move(done).error());
    }
    for (const TextKind& kind : kTextKinds) {
      if (auto done = drop_texts(kind); !done) return unexpected(std::move(done).error());
    }
    if (auto status = store_.connection->status(); !status) return unexpected(std::move(status).error());
    return std::move(result_);
  }

 private:
  void tell(PruneStep step) const {
    if (watch_) watch_(step);
  }

  // Those whose detail may be there or not, oldest first.
  std::vector<std::pair<Month, RunId>> surveyed_months() {
    static constexpr char kSelect[] = "SELECT month, id FROM run WHERE state = 2 ORDER BY month";
    std::vector<std::pair<Month, RunId>> months;
    auto row = store_.statement(kSelect).query();
    while (row.next()) {
      const auto month = store_.month_of(row.text(0));
      if (!month) break;
      months.emplace_back(*month, row.integer(1));
    }
    return months;
  }

  StoreResult<void> drop_detail(Month month, RunId run) {
    static constexpr char kDeleteRejected[] = "DELETE FROM rejected_line WHERE run = ?1";
    static constexpr char kMark[] = "UPDATE run SET pruned = ?2 WHERE id = ?1";

    if (mode_ == PruneMode::kOnlyTell) {
      const RunPlace place = store_.place_of(run);
      if (!place.pruned) {
        result_.months.push_back({month, static_cast<std::uint64_t>(place.names)});
        gone_.push_back({place.first_row + 1, place.last_row()});
      }
      return store_.connection->status();
    }
    const UncheckedReferences unchecked(*store_.connection);
    Transaction transaction(*store_.connection, Transaction::Kind::kWrite);
    const RunPlace place = store_.require_state(run, RunState::kComplete);
    if (place.pruned) return transaction.commit();
    for (std::int64_t after = place.first_row; after < place.last_row(); after += kRowsAtOnce) {
      const std::int64_t last = std::min(after + kRowsAtOnce, place.last_row());
      store_.remove_rows(after, last);
      if (store_.connection->failed()) break;
      tell(PruneStep::kSomeRows);
    }
    store_.statement(kDeleteRejected).run(run);
    store_.statement(kMark).run(run, store_.now());
    auto done = transaction.commit();
    if (done) {
      result_.months.push_back({month, static_cast<std::uint64_t>(place.names)});
      tell(PruneStep::kMonthCommitted);
    }
    return done;
  }

  // The ids are looked for and removed in one transaction: nobody can refer to one of them meanwhile.
  StoreResult<void> drop_texts(const TextKind& kind) {
    const bool only_tell = mode_ == PruneMode::kOnlyTell;
    const UncheckedReferences unchecked(*store_.connection);
    Transaction transaction(*store_.connection,
                            only_tell ? Transaction::Kind::kRead : Transaction::Kind::kWrite);
    std::int64_t last = 0;
    {
      auto found = store_.statement(kind.last).query();
      if (found.next()) last = found.integer(0);
    }
    for (std::int64_t first = 1; first <= last && !store_.connection->failed(); first += kWindow)
      drop_window(kind, first, std::min(last, first + kWindow - 1));
    auto done = transaction.commit();
    store_.forget_texts();
    if (done && !only_tell) tell(PruneStep::kTextsCommitted);
    return done;
  }

  void drop_window(const TextKind& kind, std::int64_t first, std::int64_t last) {
    IdsInUse in_use(first);
    {
      auto row = store_.statement(kind.references).query();
      while (row.next()) {
        if (is_gone(row.integer(0), gone_)) continue;
        for (const int column : {1, 2, 3}) in_use.note(row.integer(column));
      }
    }
    for (std::int64_t from = first; !store_.connection->failed();) {
      std::vector<Text> unused;
      std::size_t octets = 0;
      bool more = true;
      {
        auto row = store_.statement(kind.page).query(from, last);
        while (unused.size() < kTextsAtOnce && octets < kOctetsAtOnce && (more = row.next())) {
          from = row.integer(0) + 1;
          if (in_use.has(row.integer(0))) continue;
          unused.push_back({std::string(row.text(1)), row.integer(0)});
          octets += unused.back().text.size();
        }
      }
      if (store_.connection->failed()) break;
      remove(kind, std::move(unused));
      if (!more) break;
    }
  }

  void remove(const TextKind& kind, std::vector<Text> unused) {
    result_.*kind.removed += unused.size();
    if (mode_ == PruneMode::kOnlyTell || unused.empty()) return;
    std::sort(unused.begin(), unused.end());  // neighbours share the pages of an index
    for (const Text& text : unused) {
      if (kind.remove == nullptr) {
        store_.remove_answer(text.id, text.text);
      } else {
        store_.statement(kind.remove).run(text.id);
      }
    }
    if (!store_.connection->failed()) tell(PruneStep::kSomeTexts);
  }

  Store::Impl& store_;
  PruneMode mode_;
  const Store::PruneWatch& watch_;
  Pruning result_;
  std::vector<RowRange> gone_;  // of months that only would be dropped
};

}  // namespace

StoreResult<Pruning> Store::prune(std::size_t keep, PruneMode mode, const PruneWatch& watch) {
  auto result = Pruner(*impl_, mode, watch).prune(keep);
  if (result && mode == PruneMode::kDrop) {
    impl_->checkpoint();
    impl_->shrink();
    impl_->checkpoint();
  }
  return result;
}

}  // namespace dauth::data

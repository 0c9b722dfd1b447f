// What the finished months were measured with, and what they failed at.
#include <algorithm>

#include "data/store_impl.h"

namespace dauth::data {

StoreResult<std::vector<MonthQuality>> Store::quality(std::optional<Month> from, std::optional<Month> to) {
  static constexpr char kCauses[] =
      "SELECT metric.name, cause_count.cause, cause_count.count FROM cause_count "
      "JOIN metric ON metric.id = cause_count.metric "
      "WHERE run = ?1 AND category = ?2 ORDER BY cause_count.metric, cause_count.cause";
  static constexpr char kTotal[] = "SELECT id FROM category WHERE code = ?1";

  Transaction transaction(*impl_->connection, Transaction::Kind::kRead);
  std::int64_t total = -1;
  {
    auto found = impl_->statement(kTotal).query(Category::total().code());
    if (found.next()) total = found.integer(0);
  }
  std::vector<MonthQuality> months;
  for (RunRecord& record : impl_->read_runs(RunState::kComplete)) {
    const Month month = record.settings.month;
    if ((from && month < *from) || (to && *to < month)) continue;
    MonthQuality quality;
    quality.run = std::move(record);
    auto row = impl_->statement(kCauses).query(quality.run.id, total);
    while (row.next()) {
      const auto cause = cause_from_number(row.integer(1));
      if (!cause) continue;  // of a newer dauth that this file has met
      // An excluded name has the cause in every finding; one that is asked may have an MX host that is not.
      if (*cause == Cause::kExcluded && row.text(0) == to_text(Metric::kExists))
        quality.excluded = row.natural(2);
      quality.unmeasured.push_back({std::string(row.text(0)), *cause, row.natural(2)});
    }
    months.push_back(std::move(quality));
  }
  return transaction.commit_with(std::move(months));
}

}  // namespace dauth::data

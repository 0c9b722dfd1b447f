#include "report/policy_tables.h"

#include <fmt/format.h>

#include <array>
#include <functional>

#include "report/cells.h"
#include "report/labels.h"

namespace dauth::report {
namespace {

constexpr std::array<std::string_view, 9> kSpfRecord = {"spf_record",      "spf_all_fail", "spf_all_softfail",
                                                        "spf_all_neutral", "spf_all_pass", "spf_redirect",
                                                        "spf_no_all",      "spf_multiple", "spf_invalid"};
constexpr std::array<std::string_view, 6> kSpfUse = {"mx",      "spf",        "spf_with_mx",
                                                     "spf_txt", "spf_type99", "sender_id"};
constexpr std::array<std::string_view, 15> kSpfMetrics = {
    "mx",           "spf",          "spf_txt",      "spf_type99",       "spf_record",
    "spf_multiple", "spf_invalid",  "spf_all_fail", "spf_all_softfail", "spf_all_neutral",
    "spf_all_pass", "spf_redirect", "spf_no_all",   "spf_with_mx",      "sender_id"};
constexpr std::array<std::string_view, 10> kDmarcMetrics = {
    "mx",           "dmarc",     "dmarc_with_mx", "dmarc_none",     "dmarc_quarantine",
    "dmarc_reject", "dmarc_rua", "dmarc_testing", "dmarc_multiple", "dmarc_invalid"};

// Type 99 without a TXT record is what `spf` has more than `spf_txt`, since a name has SPF by either of them;
// no further count has to be kept. Where TXT is unmeasured, so far as is known.
std::optional<std::uint64_t> type99_alone(const SurveyCounts& counts, data::Month month,
                                          std::string_view category) {
  const data::CountRow* spf = counts.find(month, "spf", category);
  const data::CountRow* txt = counts.find(month, "spf_txt", category);
  const data::CountRow* type99 = counts.find(month, "spf_type99", category);
  if (spf == nullptr || txt == nullptr || type99 == nullptr) return std::nullopt;
  // Counts of others may not fit together.
  if (spf->count < txt->count || type99->count < spf->count - txt->count) return std::nullopt;
  return spf->count - txt->count;
}

using CellOf = std::function<std::string(data::Month, std::string_view category)>;

struct PolicyColumn {
  std::string heading;
  CellOf cell;
};

struct Block {
  std::string title;
  std::vector<PolicyColumn> columns;
};

class Blocks {
 public:
  // `is_counted` tells which metrics have a column.
  Blocks(const SurveyCounts& counts, Language language, std::function<bool(std::string_view)> is_counted)
      : counts_(&counts), language_(language), is_counted_(std::move(is_counted)) {}

  std::vector<Block> of(PolicyKind kind) {
    if (kind == PolicyKind::kDmarc) return {{"", metric_columns(kDmarcMetrics)}};
    std::vector<Block> blocks = {{std::string(label(Label::kSpfAll, language_)), metric_columns(kSpfRecord)},
                                 {std::string(label(Label::kSpfUse, language_)), metric_columns(kSpfUse)}};
    if (is_counted_("spf") && is_counted_("spf_txt") && is_counted_("spf_type99")) {
      add_type99(blocks.back().columns);
    }
    return blocks;
  }

 private:
  std::vector<PolicyColumn> metric_columns(std::span<const std::string_view> metrics) const {
    std::vector<PolicyColumn> columns;
    for (const std::string_view metric : metrics) {
      if (!is_counted_(metric)) continue;
      columns.push_back({metric_label(metric, language_),
                         [counts = counts_, metric](data::Month month, std::string_view category) {
                           return count_cell(counts->find(month, metric, category));
                         }});
    }
    return columns;
  }

  void add_type99(std::vector<PolicyColumn>& columns) const {
    columns.push_back({std::string(label(Label::kType99Alone, language_)),
                       [counts = counts_](data::Month month, std::string_view category) {
                         const auto alone = type99_alone(*counts, month, category);
                         return alone ? std::to_string(*alone) : "";
                       }});
    columns.push_back({std::string(label(Label::kType99Beside, language_)),
                       [counts = counts_](data::Month month, std::string_view category) {
                         const auto alone = type99_alone(*counts, month, category);
                         if (!alone) return std::string();
                         return std::to_string(counts->find(month, "spf_type99", category)->count - *alone);
                       }});
  }

  const SurveyCounts* counts_;
  Language language_;
  std::function<bool(std::string_view)> is_counted_;
};

Table empty_table(const Block& block, Label first, Language language) {
  Table table;
  table.title = block.title;
  table.columns.push_back({std::string(label(first, language)), Align::kLeft});
  for (const PolicyColumn& column : block.columns) table.columns.push_back({column.heading});
  return table;
}

std::vector<std::string> cells_of(const Block& block, data::Month month, std::string_view category) {
  std::vector<std::string> cells;
  for (const PolicyColumn& column : block.columns) cells.push_back(column.cell(month, category));
  return cells;
}

void add_notes(Document& document, PolicyKind kind, const std::vector<data::MonthState>& months,
               Language language) {
  if (kind == PolicyKind::kSpf) {
    document.notes.emplace_back(label(Label::kNoteSpfAll, language));
    document.notes.emplace_back(label(Label::kNoteType99, language));
  } else {
    document.notes.emplace_back(label(Label::kNoteDmarc, language));
  }
  add_mark_notes(document.notes, months, language);
  add_cell_notes(document.notes, document.tables, language);
}

}  // namespace

std::span<const std::string_view> policy_metrics(PolicyKind kind) {
  if (kind == PolicyKind::kSpf) return kSpfMetrics;
  return kDmarcMetrics;
}

Document policy_by_month(const SurveyCounts& counts, PolicyKind kind, std::string_view category,
                         Language language) {
  Document document;
  document.title = filled_label(kind == PolicyKind::kSpf ? Label::kSpfTitle : Label::kDmarcTitle, language,
                                category_label(category, language));
  if (counts.months().empty()) {
    document.notes.emplace_back(label(Label::kNoCounts, language));
    return document;
  }
  Blocks blocks(counts, language,
                [&](std::string_view metric) { return has_counts(counts, metric, category); });
  for (const Block& block : blocks.of(kind)) {
    if (block.columns.empty()) continue;
    Table table = empty_table(block, Label::kMonth, language);
    add_month_rows(table, counts.months(),
                   [&](const data::MonthState& state) { return cells_of(block, state.month, category); });
    document.tables.push_back(std::move(table));
  }
  add_notes(document, kind, counts.months(), language);
  return document;
}

Document policy_by_category(const SurveyCounts& counts, PolicyKind kind, Language language) {
  Document document;
  const Label title = kind == PolicyKind::kSpf ? Label::kSpfMonthTitle : Label::kDmarcMonthTitle;
  if (counts.months().empty()) {
    document.title = label(Label::kAdoptionTitle, language);
    document.notes.emplace_back(label(Label::kNoCounts, language));
    return document;
  }
  const data::MonthState state = counts.months().back();
  document.title = filled_label(title, language, month_cell(state));
  Blocks blocks(counts, language,
                [&](std::string_view metric) { return has_counts(counts, state.month, metric); });
  for (const Block& block : blocks.of(kind)) {
    if (block.columns.empty()) continue;
    Table table = empty_table(block, Label::kCategory, language);
    for (const std::string& category : counts.categories_of(state.month)) {
      std::vector<std::string> row = {category_label(category, language)};
      for (std::string& cell : cells_of(block, state.month, category)) row.push_back(std::move(cell));
      table.rows.push_back(std::move(row));
    }
    document.tables.push_back(std::move(table));
  }
  add_notes(document, kind, {state}, language);
  return document;
}

}  // namespace dauth::report

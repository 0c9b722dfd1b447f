#include "report/adoption_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "report/cells.h"
#include "report/labels.h"

namespace dauth::report {
namespace {

constexpr std::string_view kSpf = "spf";
constexpr std::string_view kMx = "mx";
constexpr std::string_view kPolicy = "domainkeys_policy";
constexpr std::string_view kSubdomain = "domainkeys_subdomain";
constexpr std::array kMetrics = {kSpf, kPolicy, kSubdomain, data::kRegisteredMetric, kMx};

std::vector<std::string_view> shown_categories(PrefectureColumn prefecture) {
  std::vector<std::string_view> codes = {"AD", "AC", "CO", "GO", "OR", "NE", "GR", "ED", "GEOGRAPHIC"};
  if (prefecture == PrefectureColumn::kShown) codes.emplace_back("PREFECTURE");
  codes.emplace_back("GENERAL");
  codes.emplace_back("TOTAL");
  return codes;
}

std::string plain_cell(const SurveyCounts& counts, data::Month month, std::string_view metric,
                       std::string_view category) {
  const data::CountRow* row = counts.find(month, metric, category);
  return row == nullptr ? "" : std::to_string(row->count);
}

std::string domainkeys_cell(const SurveyCounts& counts, data::Month month, std::string_view category) {
  const data::CountRow* policy = counts.find(month, kPolicy, category);
  const data::CountRow* subdomain = counts.find(month, kSubdomain, category);
  const std::string policy_text = policy == nullptr ? "" : std::to_string(policy->count);
  if (subdomain == nullptr) return policy_text;
  if (subdomain->count == 0 && (policy == nullptr || policy->count == 0)) return "0";
  return fmt::format("{}({})", policy_text, subdomain->count);
}

template <class Cell>
Table block(std::string_view title, const SurveyCounts& counts, Language language,
            PrefectureColumn prefecture, Cell cell) {
  const auto categories = shown_categories(prefecture);
  Table table;
  table.title = title;
  table.columns.push_back({std::string(label(Label::kMonth, language)), Align::kLeft});
  for (const std::string_view code : categories) table.columns.push_back({category_label(code, language)});
  add_month_rows(table, counts.months(), [&](const data::MonthState& state) {
    std::vector<std::string> cells;
    for (const std::string_view code : categories) cells.push_back(cell(state.month, code));
    return cells;
  });
  return table;
}

std::vector<std::string> notes_of(const SurveyCounts& counts, const std::vector<Table>& tables,
                                  Language language) {
  std::vector<std::string> notes;
  const auto add = [&](Label note) { notes.emplace_back(label(note, language)); };
  const auto& months = counts.months();
  add(Label::kNoteDomainkeysCell);
  add(Label::kNoteTotal);
  add_mark_notes(notes, months, language);
  add_cell_notes(notes, tables, language);
  const bool has_unmeasured = std::any_of(months.begin(), months.end(), [&](const data::MonthState& state) {
    return std::any_of(kMetrics.begin(), kMetrics.end(), [&](std::string_view metric) {
      const data::CountRow* total = counts.find(state.month, metric, "TOTAL");
      return total != nullptr && total->unmeasured.value_or(0) > 0;
    });
  });
  if (has_unmeasured) add(Label::kNoteLowerBound);
  return notes;
}

}  // namespace

std::span<const std::string_view> adoption_metrics() {
  return kMetrics;
}

Document adoption_document(const SurveyCounts& counts, Language language, PrefectureColumn prefecture) {
  Document document;
  document.title = label(Label::kAdoptionTitle, language);
  if (counts.months().empty()) {
    document.notes.emplace_back(label(Label::kNoCounts, language));
    return document;
  }
  const auto plain = [&](Label title, std::string_view metric) {
    document.tables.push_back(block(label(title, language), counts, language, prefecture,
                                    [&](data::Month month, std::string_view category) {
                                      return plain_cell(counts, month, metric, category);
                                    }));
  };
  plain(Label::kSpf, kSpf);
  document.tables.push_back(block(label(Label::kDomainkeys, language), counts, language, prefecture,
                                  [&](data::Month month, std::string_view category) {
                                    return domainkeys_cell(counts, month, category);
                                  }));
  plain(Label::kRegistered, data::kRegisteredMetric);
  plain(Label::kMx, kMx);
  document.notes = notes_of(counts, document.tables, language);
  return document;
}

}  // namespace dauth::report

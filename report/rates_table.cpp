#include "report/rates_table.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "report/cells.h"
#include "report/labels.h"
#include "report/tidy_csv.h"

namespace dauth::report {
namespace {

constexpr std::string_view kMx = "mx";
constexpr std::array<std::string_view, 11> kOfMx = {
    "spf",         "spf_with_mx", "spf_record",    "sender_id", "domainkeys_subdomain", "domainkeys_policy",
    "dkim_policy", "dmarc",       "dmarc_with_mx", "mx_ipv6",   "mx_no_address"};
constexpr std::array<std::string_view, 9> kOfRegistered = {
    "mx",          "null_mx", "spf", "spf_record", "sender_id", "domainkeys_subdomain", "domainkeys_policy",
    "dkim_policy", "dmarc"};

struct Denominator {
  std::string_view metric;
  std::span<const std::string_view> numerators;
  Label title;
};

constexpr std::array<Denominator, 2> kDenominators = {{
    {kMx, kOfMx, Label::kShareOfMx},
    {data::kRegisteredMetric, kOfRegistered, Label::kShareOfRegistered},
}};

Table rate_table(const SurveyCounts& counts, const Denominator& denominator, std::string_view category,
                 Language language) {
  Table table;
  table.title = label(denominator.title, language);
  table.columns.push_back({std::string(label(Label::kMonth, language)), Align::kLeft});
  table.columns.push_back({metric_label(denominator.metric, language)});
  std::vector<std::string_view> metrics;
  for (const std::string_view metric : denominator.numerators) {
    if (!has_counts(counts, metric, category)) continue;
    metrics.push_back(metric);
    table.columns.push_back({metric_label(metric, language)});
  }
  add_month_rows(table, counts.months(), [&](const data::MonthState& state) {
    const data::CountRow* divisor = counts.find(state.month, denominator.metric, category);
    std::vector<std::string> cells = {count_cell(divisor)};
    for (const std::string_view metric : metrics) {
      cells.push_back(rate_cell(counts.find(state.month, metric, category), divisor));
    }
    return cells;
  });
  return table;
}

}  // namespace

Document rates_document(const SurveyCounts& counts, std::string_view category, Language language) {
  Document document;
  document.title =
      fmt::format(fmt::runtime(label(Label::kRatesTitle, language)), category_label(category, language));
  if (counts.months().empty()) {
    document.notes.emplace_back(label(Label::kNoCounts, language));
    return document;
  }
  for (const Denominator& denominator : kDenominators) {
    document.tables.push_back(rate_table(counts, denominator, category, language));
  }
  document.notes.emplace_back(label(Label::kNoteRateDenominators, language));
  if (has_counts(counts, "spf_with_mx", category)) {
    document.notes.emplace_back(label(Label::kNoteWithMx, language));
  }
  if (has_counts(counts, "mx_ipv6", category))
    document.notes.emplace_back(label(Label::kNoteMxHosts, language));
  add_mark_notes(document.notes, counts.months(), language);
  add_cell_notes(document.notes, document.tables, language);
  return document;
}

void add_tidy_rates(TidyWriter& writer, const SurveyCounts& counts, std::string_view category) {
  for (const data::MonthState& state : counts.months()) {
    for (const Denominator& denominator : kDenominators) {
      for (const std::string_view metric : denominator.numerators) {
        const data::CountRow* row = counts.find(state.month, metric, category);
        if (row != nullptr) add_tidy_count(writer, counts, *row, denominator.metric);
      }
    }
  }
}

}  // namespace dauth::report

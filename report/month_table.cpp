#include "report/month_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "report/cells.h"
#include "report/labels.h"

namespace dauth::report {
namespace {

constexpr std::array<std::string_view, 13> kCounted = {"registered",
                                                       "mx",
                                                       "null_mx",
                                                       "mx_ipv6",
                                                       "mx_no_address",
                                                       "spf",
                                                       "spf_record",
                                                       "spf_type99",
                                                       "sender_id",
                                                       "domainkeys_subdomain",
                                                       "domainkeys_policy",
                                                       "dkim_policy",
                                                       "dmarc"};
constexpr std::array<std::string_view, 3> kRated = {"spf", "domainkeys_subdomain", "dmarc"};
constexpr std::string_view kMxIpv6 = "mx_ipv6";  // against `mx` alone: of others it says nothing

bool contains(const Table& table, std::string_view part) {
  return std::any_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
    return std::any_of(std::next(row.begin()), row.end(),
                       [&](const std::string& cell) { return cell.find(part) != std::string::npos; });
  });
}

Table empty_table(Label title, Language language) {
  Table table;
  table.title = label(title, language);
  table.columns.push_back({std::string(label(Label::kCategory, language)), Align::kLeft});
  return table;
}

Table count_table(const SurveyCounts& counts, data::Month month, Language language) {
  Table table = empty_table(Label::kNamesByCategory, language);
  std::vector<std::string_view> metrics;
  for (const std::string_view metric : kCounted) {
    if (!has_counts(counts, month, metric)) continue;
    metrics.push_back(metric);
    table.columns.push_back({metric_label(metric, language)});
  }
  for (const std::string& category : counts.categories_of(month)) {
    std::vector<std::string> row = {category_label(category, language)};
    for (const std::string_view metric : metrics)
      row.push_back(count_cell(counts.find(month, metric, category)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table rate_table(const SurveyCounts& counts, data::Month month, Language language) {
  struct Rate {
    std::string_view metric;
    std::string_view denominator;
  };
  Table table = empty_table(Label::kRates, language);
  std::vector<Rate> rates;
  const auto add = [&](std::string_view metric, Label form, std::string_view denominator) {
    if (!has_counts(counts, month, metric) || !has_counts(counts, month, denominator)) return;
    rates.push_back({metric, denominator});
    table.columns.push_back(
        {fmt::format(fmt::runtime(label(form, language)), metric_label(metric, language))});
  };
  for (const std::string_view metric : kRated) add(metric, Label::kOfMx, "mx");
  add(kMxIpv6, Label::kOfMx, "mx");
  add("mx", Label::kOfRegistered, data::kRegisteredMetric);
  for (const std::string_view metric : kRated) add(metric, Label::kOfRegistered, data::kRegisteredMetric);
  for (const std::string& category : counts.categories_of(month)) {
    std::vector<std::string> row = {category_label(category, language)};
    for (const Rate& rate : rates) {
      row.push_back(rate_cell(counts.find(month, rate.metric, category),
                              counts.find(month, rate.denominator, category)));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

Document month_document(const SurveyCounts& counts, Language language) {
  Document document;
  const auto add_note = [&](Label note) { document.notes.emplace_back(label(note, language)); };
  if (counts.months().empty()) {
    document.title = label(Label::kAdoptionTitle, language);
    add_note(Label::kNoCounts);
    return document;
  }
  const data::MonthState state = counts.months().back();
  const data::Month month = state.month;
  document.title = fmt::format(fmt::runtime(label(Label::kMonthTitle, language)), month.to_text());
  if (state.provisional) document.title += " p";
  if (state.imported) document.title += " i";

  Table names = count_table(counts, month, language);
  Table rates = rate_table(counts, month, language);
  const bool has_unmeasured = contains(names, "?");
  const bool has_rates = rates.columns.size() > 1;
  document.tables.push_back(std::move(names));
  if (has_rates) document.tables.push_back(std::move(rates));

  if (state.provisional) add_note(Label::kNoteProvisional);
  if (state.imported) add_note(Label::kNoteImported);
  if (has_unmeasured) add_note(Label::kNoteUnmeasuredCell);
  if (has_rates) add_note(Label::kNoteRates);
  if (has_counts(counts, month, kMxIpv6)) add_note(Label::kNoteMxHosts);
  if (has_rates && has_unmeasured) add_note(Label::kNoteRateRange);
  return document;
}

}  // namespace dauth::report

#include "report/report.h"

#include <algorithm>
#include <array>

#include "report/changes_table.h"
#include "report/html_page.h"
#include "report/json.h"
#include "report/markdown.h"
#include "report/month_table.h"
#include "report/policy_tables.h"
#include "report/quality_table.h"
#include "report/rates_table.h"
#include "report/svg_chart.h"
#include "report/tidy_csv.h"

namespace dauth::report {
namespace {

template <class Value>
struct Word {
  Value value;
  std::string_view text;
};

constexpr std::array kTables = {
    Word<TableKind>{TableKind::kAdoption, "adoption"}, Word<TableKind>{TableKind::kMonth, "month"},
    Word<TableKind>{TableKind::kRates, "rates"},       Word<TableKind>{TableKind::kSpf, "spf"},
    Word<TableKind>{TableKind::kDmarc, "dmarc"},       Word<TableKind>{TableKind::kQuality, "quality"},
    Word<TableKind>{TableKind::kChanges, "changes"},
};
constexpr std::array kFormats = {
    Word<Format>{Format::kMarkdown, "markdown"}, Word<Format>{Format::kCsv, "csv"},
    Word<Format>{Format::kJson, "json"},         Word<Format>{Format::kHtml, "html"},
    Word<Format>{Format::kSvg, "svg"},
};

template <class Words>
auto value_of(const Words& words, std::string_view text) -> std::optional<decltype(words[0].value)> {
  for (const auto& word : words) {
    if (word.text == text) return word.value;
  }
  return std::nullopt;
}

template <class Words>
std::vector<std::string> texts_of(const Words& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.emplace_back(word.text);
  return texts;
}

Report begin_report(const ReportRequest& request) {
  Report report;
  report.table = request.table;
  report.language = request.language;
  report.columns = tidy_count_columns();
  return report;
}

void show_all_months(Report& report, const SurveyCounts& counts) {
  report.months = counts.months();
  report.gaps_among = counts.months();
}

void show_newest_month(Report& report, const SurveyCounts& counts) {
  if (!counts.months().empty()) report.months = {counts.months().back()};
}

// Rows of the months that the report shows.
void add_counts(Report& report, const SurveyCounts& counts, std::span<const std::string_view> metrics,
                std::string category) {
  report.add_rows = [&counts, months = report.months, metrics,
                     category = std::move(category)](TidyWriter& writer) {
    add_tidy_counts(writer, counts, {.months = months, .metrics = metrics, .category = category});
  };
}

void make_policy_report(Report& report, const SurveyCounts& counts, const ReportRequest& request,
                        PolicyKind kind) {
  if (request.layout == Layout::kOneMonth) {
    show_newest_month(report, counts);
    report.document = policy_by_category(counts, kind, request.language);
    add_counts(report, counts, policy_metrics(kind), "");
    return;
  }
  show_all_months(report, counts);
  report.document = policy_by_month(counts, kind, request.category, request.language);
  add_counts(report, counts, policy_metrics(kind), request.category);
}

ChartData no_charts() {
  return ChartData(SurveyCounts({}, {}));
}

}  // namespace

std::optional<TableKind> table_kind_from_text(std::string_view text) {
  return value_of(kTables, text);
}

std::string_view to_text(TableKind table) {
  for (const auto& word : kTables) {
    if (word.value == table) return word.text;
  }
  return "";
}

std::vector<std::string> table_words() {
  return texts_of(kTables);
}

std::optional<Format> format_from_text(std::string_view text) {
  return value_of(kFormats, text);
}

std::vector<std::string> format_words() {
  return texts_of(kFormats);
}

bool has_charts(Format format) {
  return format == Format::kHtml || format == Format::kSvg;
}

void add_charts(Report& report, const SurveyCounts& counts, const ReportRequest& request) {
  if (!has_charts(request.format)) return;
  const ChartData& charts = report.charts.emplace(counts);
  const auto& codes = charts.categories();
  const auto shown = std::find(codes.begin(), codes.end(), request.category);
  report.chart_category =
      shown == codes.end() ? charts.first_shown() : static_cast<std::size_t>(shown - codes.begin());
}

Report make_report(const SurveyCounts& counts, const ReportRequest& request) {
  Report report = begin_report(request);
  add_charts(report, counts, request);
  switch (request.table) {
    case TableKind::kAdoption:
      show_all_months(report, counts);
      report.document = adoption_document(counts, request.language, request.prefecture);
      add_counts(report, counts, adoption_metrics(), "");
      return report;
    case TableKind::kRates:
      show_all_months(report, counts);
      report.document = rates_document(counts, request.category, request.language);
      report.add_rows = [&counts, category = request.category](TidyWriter& writer) {
        add_tidy_rates(writer, counts, category);
      };
      return report;
    case TableKind::kSpf:
      make_policy_report(report, counts, request, PolicyKind::kSpf);
      return report;
    case TableKind::kDmarc:
      make_policy_report(report, counts, request, PolicyKind::kDmarc);
      return report;
    case TableKind::kMonth:
    case TableKind::kQuality:
    case TableKind::kChanges:
      break;
  }
  show_newest_month(report, counts);
  report.document = month_document(counts, request.language);
  add_counts(report, counts, {}, "");
  return report;
}

Report make_report(const std::vector<data::MonthQuality>& months, const ReportRequest& request) {
  Report report = begin_report(request);
  const bool is_one = request.layout == Layout::kOneMonth;
  const auto shown = std::span(months).last(is_one ? std::min<std::size_t>(1, months.size()) : months.size());
  report.months = states_of({shown.begin(), shown.end()});
  if (!is_one) report.gaps_among = report.months;
  report.document =
      is_one ? quality_month_document(months, request.language) : quality_document(months, request.language);
  report.columns = tidy_quality_columns();
  report.add_rows = [shown](TidyWriter& writer) { add_tidy_quality(writer, shown); };
  return report;
}

Report make_report(const data::MonthChanges& changes, const ReportRequest& request) {
  Report report = begin_report(request);
  for (const data::RunRecord* run : {&changes.older, &changes.newer}) {
    report.months.push_back({run->settings.month, false, run->provisional, true});
  }
  report.document = changes_document(changes, request.language);
  report.columns = tidy_changes_columns();
  report.add_rows = [&changes](TidyWriter& writer) { add_tidy_changes(writer, changes); };
  return report;
}

std::string render(const Report& report, Format format) {
  switch (format) {
    case Format::kMarkdown:
      return to_markdown(report.document);
    case Format::kJson:
      return to_json(report);
    case Format::kHtml:
      return to_html(report.document, report.charts ? *report.charts : no_charts(), report.language);
    case Format::kSvg:
      return to_svg(report.charts ? *report.charts : no_charts(), report.chart_category, report.language);
    case Format::kCsv:
      break;
  }
  std::string out;
  TidyWriter writer(TidyForm::kCsv, report.columns, out);
  report.add_rows(writer);
  return out;
}

}  // namespace dauth::report

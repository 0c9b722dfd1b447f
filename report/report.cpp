#include "report/report.h"

#include "report/html_page.h"
#include "report/markdown.h"
#include "report/month_table.h"
#include "report/svg_chart.h"
#include "report/tidy_csv.h"

namespace dauth::report {
namespace {

Document document_of(const SurveyCounts& counts, const ReportRequest& request) {
  switch (request.table) {
    case TableKind::kAdoption:
      return adoption_document(counts, request.language, request.prefecture);
    case TableKind::kMonth:
      break;
  }
  return month_document(counts, request.language);
}

std::string csv_of(const SurveyCounts& counts, TableKind table) {
  switch (table) {
    case TableKind::kAdoption:
      return to_tidy_csv(counts, counts.months(), adoption_metrics());
    case TableKind::kMonth:
      break;
  }
  const auto& months = counts.months();
  return to_tidy_csv(counts, std::span(months).last(months.empty() ? 0 : 1), {});
}

}  // namespace

std::optional<TableKind> table_kind_from_text(std::string_view text) {
  if (text == "adoption") return TableKind::kAdoption;
  if (text == "month") return TableKind::kMonth;
  return std::nullopt;
}

std::optional<Format> format_from_text(std::string_view text) {
  if (text == "markdown") return Format::kMarkdown;
  if (text == "csv") return Format::kCsv;
  if (text == "html") return Format::kHtml;
  if (text == "svg") return Format::kSvg;
  return std::nullopt;
}

std::string render_report(const SurveyCounts& counts, const ReportRequest& request) {
  switch (request.format) {
    case Format::kMarkdown:
      return to_markdown(document_of(counts, request));
    case Format::kHtml:
      return to_html(document_of(counts, request), ChartData(counts), request.language);
    case Format::kSvg: {
      const ChartData data(counts);
      return to_svg(data, data.first_shown(), request.language);
    }
    case Format::kCsv:
      break;
  }
  return csv_of(counts, request.table);
}

}  // namespace dauth::report

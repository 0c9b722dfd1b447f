// make_report and render: a table of the survey in a format and a language; all that commands need.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/month.h"
#include "report/adoption_table.h"
#include "report/chart_data.h"
#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"
#include "report/tidy.h"

namespace dauth::report {

enum class TableKind : std::uint8_t { kAdoption, kMonth, kRates, kSpf, kDmarc, kQuality, kChanges };
enum class Format : std::uint8_t { kMarkdown, kCsv, kJson, kHtml, kSvg };

// From the words of the command line: "adoption", "month", ...; "markdown", "csv", "json", "html", "svg".
std::optional<TableKind> table_kind_from_text(std::string_view text);
std::string_view to_text(TableKind table);
// All words, in the order in which they are offered.
std::vector<std::string> table_words();
std::optional<Format> format_from_text(std::string_view text);
std::vector<std::string> format_words();

// What stands down in spf, dmarc and quality: the months, or what the newest one consists of (categories;
// findings in quality). The other tables have one form.
enum class Layout : std::uint8_t { kMonths, kOneMonth };

struct ReportRequest {
  TableKind table = TableKind::kAdoption;
  Format format = Format::kMarkdown;
  Language language = Language::kEnglish;
  PrefectureColumn prefecture = PrefectureColumn::kLeftOut;
  Layout layout = Layout::kMonths;
  std::string category = "TOTAL";  // of rates, and of spf and dmarc with months down
};

// A table before any format: what people read, and the same as rows for programs. Borrows what it was made
// of.
struct Report {
  TableKind table = TableKind::kAdoption;
  Language language = Language::kEnglish;
  Document document;
  std::vector<data::MonthState> months;      // those shown, oldest first
  std::vector<data::MonthState> gaps_among;  // the same where it is a series; empty where not
  std::span<const std::string_view> columns;
  std::function<void(TidyWriter&)> add_rows;
  // For html and svg.
  std::optional<ChartData> charts;
  std::size_t chart_category = 0;  // of the drawing; its index in `charts`
};

// The charts that stand beside a table: of all months in `counts`. make_report(SurveyCounts) does it by
// itself.
void add_charts(Report& report, const SurveyCounts& counts, const ReportRequest& request);
// Whether charts are drawn in this format.
bool has_charts(Format format);

// All months in `counts` for adoption and rates, and for spf and dmarc with months down; the newest of them
// else. Where there are no counts the document says so. Not for quality and changes.
Report make_report(const SurveyCounts& counts, const ReportRequest& request);
// quality
Report make_report(const std::vector<data::MonthQuality>& months, const ReportRequest& request);
// changes
Report make_report(const data::MonthChanges& changes, const ReportRequest& request);

// The whole text, with its last line's end.
std::string render(const Report& report, Format format);

template <class Source>
std::string render_report(const Source& source, const ReportRequest& request) {
  return render(make_report(source, request), request.format);
}

}  // namespace dauth::report

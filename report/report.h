// render_report: a table of the survey in a format and a language; the one call that commands need.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "data/month.h"
#include "report/adoption_table.h"
#include "report/language.h"
#include "report/survey_counts.h"

namespace dauth::report {

enum class TableKind : std::uint8_t { kAdoption, kMonth };
enum class Format : std::uint8_t { kMarkdown, kCsv, kHtml, kSvg };

// From the words of the command line: "adoption", "month"; "markdown", "csv", "html", "svg".
std::optional<TableKind> table_kind_from_text(std::string_view text);
std::optional<Format> format_from_text(std::string_view text);

struct ReportRequest {
  TableKind table = TableKind::kAdoption;
  Format format = Format::kMarkdown;
  Language language = Language::kEnglish;
  PrefectureColumn prefecture = PrefectureColumn::kLeftOut;
};

// The table of all months in `counts` for adoption, of the newest of them for month. The whole text, with its
// last line's end; a table that says so where there are no counts.
std::string render_report(const SurveyCounts& counts, const ReportRequest& request);

}  // namespace dauth::report

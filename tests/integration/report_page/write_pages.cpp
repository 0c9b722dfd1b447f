// Writes the pages and drawings that the browser is to show.
//
//     write-report-pages DIRECTORY
//
// survey.LANG.html and survey.LANG.svg: imported, provisional and measured months with gaps between;
// hostile.html: text that wants out; long.html: ten years of months; empty.html: no month.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "report/adoption_table.h"
#include "report/html_page.h"
#include "report/report.h"
#include "tests/unit/report/counts_fixture.h"

namespace {

using namespace dauth;
using data::Month;

void count_all(report::CountsBuilder& builder, std::string_view category, std::uint64_t names,
               std::optional<std::uint64_t> unmeasured) {
  builder.count(category, "registered", names, unmeasured ? std::optional<std::uint64_t>(0) : std::nullopt)
      .count(category, "mx", names * 4 / 5, unmeasured)
      .count(category, "spf", names / 2, unmeasured)
      .count(category, "domainkeys_subdomain", names / 5, unmeasured)
      .count(category, "domainkeys_policy", names / 10, unmeasured);
  if (unmeasured) builder.count(category, "dmarc", names / 4, unmeasured);
}

report::SurveyCounts survey() {
  report::CountsBuilder builder;
  const auto month = [&](std::uint64_t names, std::optional<std::uint64_t> unmeasured) {
    count_all(builder, "AD", names / 10, unmeasured ? std::optional<std::uint64_t>(0) : std::nullopt);
    count_all(builder, "GENERAL", names * 9 / 10, unmeasured);
    count_all(builder, "TOTAL", names, unmeasured);
  };
  for (int i = 10; i <= 12; ++i) {
    builder.imported(Month(2005, i));
    month(1000 + 37 * static_cast<std::uint64_t>(i), std::nullopt);
  }
  builder.measured(Month(2026, 8));
  month(2000, 0);
  builder.provisional(Month(2026, 10));
  month(2100, 150);
  builder.measured(Month(2026, 11));
  month(2200, 20);
  // A category that came late, and was never asked for DMARC.
  builder.count("LG", "registered", 50, 0).count("LG", "mx", 40, 0).count("LG", "spf", 20, 0);
  return builder.build();
}

report::SurveyCounts ten_years() {
  report::CountsBuilder builder;
  for (int i = 0; i < 120; ++i) {
    builder.measured(Month(2017 + i / 12, i % 12 + 1));
    count_all(builder, "TOTAL", 1000 + static_cast<std::uint64_t>(i), 10);
    count_all(builder, std::string(253, 'x'), 10, 0);
  }
  return builder.build();
}

report::Document hostile() {
  const std::string text = std::string("</title></script></style>--><script>window.acted=1</script>") +
                           "<img src='http://127.0.0.1:9/x' onerror='window.acted=1'> \"onfocus=\"acted=1 " +
                           "=HYPERLINK(1) \x1b[31m" + std::string("\0", 1) +
                           "\xff\u202ertl\u2028 ]]> &lt;b&gt;";
  report::Document document;
  document.title = text;
  document.tables.push_back({text, {{text, report::Align::kLeft}, {text}}, {{text, text}}});
  document.notes = {text};
  return document;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write-report-pages DIRECTORY\n", stderr);
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  using report::Format;
  using report::Language;
  for (const auto language : {Language::kEnglish, Language::kJapanese}) {
    const std::string name = language == Language::kEnglish ? "survey.en" : "survey.ja";
    write(directory / (name + ".html"),
          report::render_report(survey(), {.format = Format::kHtml, .language = language}));
    write(directory / (name + ".svg"),
          report::render_report(survey(), {.format = Format::kSvg, .language = language}));
  }
  write(directory / "long.html", report::render_report(ten_years(), {.format = Format::kHtml}));
  write(directory / "long.svg", report::render_report(ten_years(), {.format = Format::kSvg}));
  write(directory / "hostile.html",
        report::to_html(hostile(), report::ChartData(survey()), Language::kEnglish));
  write(directory / "empty.html",
        report::render_report(report::CountsBuilder().build(), {.format = Format::kHtml}));
  return 0;
}

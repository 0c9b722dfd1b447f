#include "report/html_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "report/html_escape.h"
#include "report/labels.h"
#include "report/page_assets.h"
#include "report/page_labels.h"
#include "report/svg_chart.h"

namespace dauth::report {
namespace {

template <class... Values>
void append(std::string& out, fmt::format_string<Values...> form, Values&&... values) {
  fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
}

// JSON's [a,b,c] of a range, each by `write(element)`.
template <class Range, class Write>
void append_list(std::string& out, const Range& range, Write write) {
  out += '[';
  bool is_first = true;
  for (const auto& element : range) {
    if (!is_first) out += ',';
    is_first = false;
    write(element);
  }
  out += ']';
}

std::string number_or_null(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : "null";
}

void append_points(std::string& out, const ChartData& data) {
  out += '[';
  for (std::size_t category = 0; category < data.categories().size(); ++category) {
    out += category == 0 ? "\n[" : ",\n[";
    for (std::size_t measure = 0; measure < data.measures().size(); ++measure) {
      out += measure == 0 ? "[" : ",\n [";
      for (std::size_t slot = 0; slot < data.slots().size(); ++slot) {
        if (slot > 0) out += ',';
        const auto& point = data.at(category, measure, slot);
        if (!point) {
          out += "null";
          continue;
        }
        append(out, "[{},{},{},{}]", point->count, number_or_null(point->unmeasured),
               number_or_null(point->mx), number_or_null(point->registered));
      }
      out += ']';
    }
    out += ']';
  }
  out += ']';
}

void append_head(std::string& out, const Document& document, bool has_charts, Language language) {
  std::string scripts = "'none'";
  if (has_charts) scripts = csp_source(chart_library()) + " " + csp_source(page_script());
  append(out,
         "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; "
         "style-src {}; "
         "base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<title>{}</title>\n<style>{}</style>\n</head>\n",
         language_tag(language), scripts, csp_source(page_style()), markup_text(document.title),
         page_style().text);
}

void append_controls(std::string& out, const ChartData& data, Language language) {
  const auto words = [&](PageLabel which) { return page_label(which, language); };
  append(out,
         "<div class=\"controls\" hidden>\n<label for=\"category\">{}</label>\n<select id=\"category\">\n",
         words(PageLabel::kCategory));
  // The total stands last in tables, and first where one is to be chosen.
  const auto option = [&](std::size_t i) {
    append(out, "<option value=\"{}\"{}>{}</option>\n", i, i == data.first_shown() ? " selected" : "",
           markup_text(category_label(data.categories()[i], language)));
  };
  option(data.first_shown());
  for (std::size_t i = 0; i < data.categories().size(); ++i) {
    if (i != data.first_shown()) option(i);
  }
  append(out,
         "</select>\n<div class=\"choices\" role=\"radiogroup\" aria-labelledby=\"denominator-title\">\n"
         "<span id=\"denominator-title\">{}</span>\n"
         "<label><input type=\"radio\" name=\"denominator\" value=\"mx\" checked> {}</label>\n"
         "<label><input type=\"radio\" name=\"denominator\" value=\"registered\"> {}</label>\n"
         "</div>\n</div>\n",
         words(PageLabel::kDenominator), words(PageLabel::kOfMx), words(PageLabel::kOfRegistered));
}

void append_chart_notes(std::string& out, const ChartData& data, Language language) {
  const auto any_slot = [&](auto holds) {
    return std::any_of(data.slots().begin(), data.slots().end(), holds);
  };
  const auto note = [&](PageLabel which) { append(out, "<li>{}</li>\n", page_label(which, language)); };
  out += "<ul class=\"notes\">\n";
  note(PageLabel::kNoteLine);
  note(PageLabel::kNoteBound);
  if (any_slot([](const ChartSlot& slot) { return slot.imported; })) note(PageLabel::kNoteImported);
  if (any_slot([](const ChartSlot& slot) { return slot.provisional; })) note(PageLabel::kNoteProvisional);
  if (any_slot([](const ChartSlot& slot) { return slot.is_gap; })) note(PageLabel::kNoteGap);
  out += "</ul>\n";
}

// Filled and shown by the script; without it there is the drawing.
void append_charts(std::string& out, const ChartData& data, Language language) {
  const auto words = [&](PageLabel which) { return page_label(which, language); };
  append(out, "<section id=\"charts\" aria-labelledby=\"charts-title\">\n<h2 id=\"charts-title\">{}</h2>\n",
         words(PageLabel::kCharts));
  append(out, "<noscript>\n<p>{}</p>\n{}</noscript>\n", words(PageLabel::kNoScript),
         svg_element(data, data.first_shown(), language));
  append_controls(out, data, language);
  out += "<div class=\"scripted\" hidden>\n<h3 id=\"shown-category\"></h3>\n<div class=\"grid\">\n";
  for (std::size_t i = 0; i < data.measures().size(); ++i) {
    append(out,
           "<figure><figcaption id=\"chart-{0}-title\"></figcaption>"
           "<p class=\"none\" hidden>{1}</p>"
           "<div class=\"plot\"><canvas id=\"chart-{0}\" role=\"img\" tabindex=\"0\" "
           "aria-labelledby=\"chart-{0}-title\" aria-describedby=\"keys\"></canvas></div></figure>\n",
           i, words(PageLabel::kNoCounts));
  }
  append(out,
         "</div>\n<p id=\"keys\" class=\"unseen\">{}</p>\n<p id=\"spoken\" class=\"unseen\" "
         "aria-live=\"polite\"></p>\n",
         words(PageLabel::kKeys));
  append_chart_notes(out, data, language);
  append(out,
         "<details id=\"figures\"><summary>{0}</summary>\n"
         "<div class=\"scroll\" role=\"region\" aria-label=\"{0}\" tabindex=\"0\"><table><caption></caption>"
         "<thead></thead><tbody></tbody></table></div></details>\n</div>\n</section>\n",
         words(PageLabel::kFigures));
}

void append_table(std::string& out, const Table& table, std::string_view fallback_title) {
  const std::string title = markup_text(table.title.empty() ? fallback_title : table.title);
  append(out,
         "<div class=\"scroll\" role=\"region\" aria-label=\"{0}\" "
         "tabindex=\"0\">\n<table>\n<caption>{0}</caption>\n"
         "<thead>\n<tr>",
         title);
  const auto is_right = [&](std::size_t i) { return table.columns[i].align == Align::kRight; };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    append(out, "<th scope=\"col\"{}>{}</th>", is_right(i) ? " class=\"n\"" : "",
           markup_text(table.columns[i].heading));
  }
  out += "</tr>\n</thead>\n<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < table.columns.size() && i < row.size(); ++i) {
      const std::string_view tag = i == 0 ? "th" : "td";
      append(out, "<{}{}{}>{}</{}>", tag, i == 0 ? " scope=\"row\"" : "", is_right(i) ? " class=\"n\"" : "",
             markup_text(row[i]), tag);
    }
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n</div>\n";
}

void append_notes(std::string& out, const Document& document) {
  if (document.notes.empty()) return;
  out += "<ul class=\"notes\">\n";
  for (const std::string& note : document.notes) append(out, "<li>{}</li>\n", markup_text(note));
  out += "</ul>\n";
}

}  // namespace

std::string chart_island(const ChartData& data, Language language) {
  const auto words = [&](PageLabel which) { return island_string(page_label(which, language)); };
  std::string out;
  append(out, "{{\"language\":{},\n\"slots\":", island_string(language_tag(language)));
  append_list(out, data.slots(), [&](const ChartSlot& slot) {
    append(out, "{{\"text\":{},\"gap\":{},\"imported\":{},\"provisional\":{}}}", island_string(slot.text()),
           slot.is_gap, slot.imported, slot.provisional);
  });
  out += ",\n\"categories\":";
  append_list(out, data.categories(),
              [&](const std::string& code) { out += island_string(category_label(code, language)); });
  out += ",\n\"measures\":";
  append_list(out, data.measures(), [&](std::string_view metric) {
    const std::string name = metric_label(metric, language);
    const auto of = [&](Label form) { return island_string(filled_label(form, language, name)); };
    append(out, "{{\"metric\":{},\"mx\":{},\"registered\":{}}}", island_string(metric), of(Label::kOfMx),
           of(Label::kOfRegistered));
  });
  out += ",\n\"points\":";
  append_points(out, data);
  append(out, ",\n\"words\":{{\"month\":{},\"imported\":{},\"provisional\":{},\"noCount\":{}}}}}",
         island_string(label(Label::kMonth, language)), words(PageLabel::kImported),
         words(PageLabel::kProvisional), words(PageLabel::kNotMeasured));
  return out;
}

std::string to_html(const Document& document, const ChartData& data, Language language) {
  const bool has_charts = !data.slots().empty() && !data.measures().empty();
  std::string out;
  append_head(out, document, has_charts, language);
  append(out, "<body>\n<main>\n<h1>{}</h1>\n", markup_text(document.title));
  if (has_charts) append_charts(out, data, language);
  out += "<section id=\"tables\">\n";
  for (const Table& table : document.tables) append_table(out, table, document.title);
  append_notes(out, document);
  append(out, "</section>\n</main>\n<footer>{}</footer>\n", page_label(PageLabel::kMadeBy, language));
  if (has_charts) {
    append(out,
           "<!-- The charts are drawn by Chart.js, which stands below. Its licence, as Debian hands it "
           "on:\n\n{}-->\n",
           chart_library_licence());
    append(out, "<script type=\"application/json\" id=\"chart-data\">{}</script>\n",
           chart_island(data, language));
    append(out, "<script>{}</script>\n<script>{}</script>\n", chart_library().text, page_script().text);
  }
  out += "</body>\n</html>\n";
  return out;
}

}  // namespace dauth::report

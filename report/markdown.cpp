#include "report/markdown.h"

#include <algorithm>
#include <cstddef>

#include "report/escape.h"

namespace dauth::report {
namespace {

using Cells = std::vector<std::string>;

Cells escaped(const Cells& cells) {
  Cells out;
  out.reserve(cells.size());
  for (const std::string& cell : cells) out.push_back(markdown_cell(cell));
  return out;
}

void append_row(std::string& out, const Cells& cells, const std::vector<Column>& columns,
                const std::vector<std::size_t>& widths) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string padding(widths[i] - std::min(widths[i], display_width(cells[i])), ' ');
    out += "| ";
    if (columns[i].align == Align::kRight) out += padding;
    out += cells[i];
    if (columns[i].align == Align::kLeft) out += padding;
    out += ' ';
  }
  out += "|\n";
}

void append_table(std::string& out, const Table& table) {
  Cells headings;
  for (const Column& column : table.columns) headings.push_back(markdown_cell(column.heading));
  std::vector<Cells> rows;
  for (const Cells& row : table.rows) rows.push_back(escaped(row));

  constexpr std::size_t kNarrowest = 3;  // room for the rule's "--:"
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    std::size_t width = std::max(kNarrowest, display_width(headings[i]));
    for (const Cells& row : rows) width = std::max(width, display_width(row[i]));
    widths.push_back(width);
  }

  if (!table.title.empty()) out += "## " + markdown_cell(table.title) + "\n\n";
  append_row(out, headings, table.columns, widths);
  Cells rule;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool is_right = table.columns[i].align == Align::kRight;
    rule.push_back(std::string(widths[i] - (is_right ? 1 : 0), '-') + (is_right ? ":" : ""));
  }
  append_row(out, rule, table.columns, widths);
  for (const Cells& row : rows) append_row(out, row, table.columns, widths);
}

}  // namespace

std::string to_markdown(const Document& document) {
  std::string out = "# " + markdown_cell(document.title) + "\n";
  for (const Table& table : document.tables) {
    out += '\n';
    append_table(out, table);
  }
  if (!document.notes.empty()) out += '\n';
  for (const std::string& note : document.notes) out += "- " + markdown_cell(note) + "\n";
  return out;
}

}  // namespace dauth::report

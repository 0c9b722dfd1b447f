// Escapers: hostile text made harmless for each format.
//
// Names, categories and records come from strangers. Whatever octets come in, what goes out is valid UTF-8
// without control characters and cannot leave its cell, act in a terminal or a spreadsheet, or become markup.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dauth::report {

// Text that shows what it holds: control characters and octets that are not UTF-8 as `\xNN`, characters that
// steer the text around them (bidirectional controls, zero-width and other format characters, line and
// paragraph separators, tags, C1 controls) as `\u{NNNN}`. All else stays; a backslash too.
std::string visible_text(std::string_view octets);

// A cell of a Markdown table (GitHub's): visible_text() with markup escaped.
std::string markdown_cell(std::string_view octets);

// A CSV field (RFC 4180): visible_text(), with a leading ' before what a spreadsheet would take for a formula
// (= + - @ at the start, also behind blanks), quoted where it must be.
std::string csv_field(std::string_view octets);

// A JSON string with its quotes (RFC 8259), in ASCII: everything else as \uNNNN, octets that are not UTF-8 as
// U+FFFD.
std::string json_string(std::string_view octets);

// Columns that UTF-8 text takes in a terminal: 2 for wide East Asian characters, 0 for combining marks
// (Unicode's East_Asian_Width, as far as Chinese, Japanese and Korean need it), 1 for others.
std::size_t display_width(std::string_view text);

}  // namespace dauth::report

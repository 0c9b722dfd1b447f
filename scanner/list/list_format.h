// Tells the shape of a list from its first line that is neither blank nor a comment.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "scanner/list/list_reader.h"

namespace dauth::scanner {

struct DetectedFormat {
  ListFormat format = ListFormat::kPlain;
  char separator = ',';  // of kCsv
};

// `start` is what is known of the list's start; with `complete` no more will be. Nothing: it takes more to
// tell. A `wanted` format other than kAuto is taken as given, and only CSV's separator is looked for.
//
// A zone: a directive, or an entry with a known RR type and RDATA. CSV: a comma; a quote at the start; a
// header (csv_list.h); a rank before `;` or a TAB. Else plain names.
std::optional<DetectedFormat> detect_list_format(std::string_view start, bool complete, ListFormat wanted);

// So many octets tell whether a list is text.
constexpr std::size_t kOctetsThatTellText = 4096;

// Why `start`, the list's first kOctetsThatTellText octets or more (fewer where the list is shorter), is no
// text in lines; nothing when it may be.
std::optional<std::string_view> problem_of_first_octets(std::string_view start);

}  // namespace dauth::scanner

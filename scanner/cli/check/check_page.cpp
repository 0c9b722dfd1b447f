#include "scanner/cli/check/check_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "report/escape.h"
#include "report/utf8.h"
#include "scanner/cli/console.h"

namespace dauth::scanner::cli {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kValueColumn = 26;
constexpr std::size_t kDetailIndent = 4;
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";

std::string_view colour_of(Mark mark) {
  switch (mark) {
    case Mark::kPlain:
      return "";
    case Mark::kGood:
      return "\x1b[32m";
    case Mark::kWarning:
      return "\x1b[33m";
    case Mark::kBad:
      return "\x1b[31m";
  }
  return "";
}

std::string_view word_of(Mark mark) {
  switch (mark) {
    case Mark::kPlain:
    case Mark::kGood:
      return "";
    case Mark::kWarning:
      return "warning: ";
    case Mark::kBad:
      return "problem: ";
  }
  return "";
}

// Octets of `text`, printable already, that fill at most `room` columns (one character at least), and how
// many of them are to be printed: a line ends at a blank where it has one, and the blank is dropped.
struct Piece {
  std::size_t printed = 0;
  std::size_t taken = 0;
};

Piece next_piece(std::string_view text, std::size_t room) {
  report::Utf8Reader reader(text);
  std::size_t at = 0;
  std::size_t columns = 0;
  std::size_t blank = 0;
  while (!reader.at_end()) {
    const report::Utf8Character character = reader.next();
    const std::size_t width = report::display_width(character.octets);
    if (character.octets == " " && at > 0) blank = at;
    if (columns + width > room && at > 0) {
      if (blank == 0) return {at, at};
      return {blank, blank + 1};
    }
    at += character.octets.size();
    columns += width;
  }
  return {text.size(), text.size()};
}

}  // namespace

void CheckPage::put(std::size_t indent, std::size_t hanging, std::string_view prefix, std::string_view text,
                    Mark mark) {
  std::string line(indent, ' ');
  line += prefix;
  std::string rest = std::string(word_of(mark)) + printable(text);
  std::string_view left = rest;
  const bool is_coloured = style_.colour == Colour::kYes && mark != Mark::kPlain;
  while (true) {
    const std::size_t column = report::display_width(line);
    const Piece piece =
        next_piece(left, std::max<std::size_t>(style_.width > column ? style_.width - column : 1, 8));
    if (is_coloured) line += colour_of(mark);
    line += left.substr(0, piece.printed);
    if (is_coloured) line += kReset;
    while (line.ends_with(' ')) line.pop_back();
    text_ += line;
    text_ += '\n';
    left.remove_prefix(piece.taken);
    if (left.empty()) return;
    line.assign(hanging, ' ');
  }
}

void CheckPage::heading(std::string_view text) {
  if (!text_.empty()) text_ += '\n';
  if (style_.colour == Colour::kYes) {
    text_ += fmt::format("{}{}{}\n", kBold, printable(text), kReset);
  } else {
    put(0, kIndent, "", text, Mark::kPlain);
  }
}

void CheckPage::fact(std::string_view label, std::string_view value, Mark mark) {
  // A narrow terminal has no room for two columns.
  const std::size_t hanging = style_.width >= 2 * kValueColumn ? kValueColumn : kDetailIndent;
  put(kIndent, hanging, fmt::format("{:<{}}", printable(label), kValueColumn - kIndent), value, mark);
}

void CheckPage::remark(std::string_view text, Mark mark) {
  put(kDetailIndent, kDetailIndent, "", text, mark);
}

void CheckPage::record(std::string_view octets) {
  put(kDetailIndent, kDetailIndent + 1, "", fmt::format("\"{}\"", octets), Mark::kPlain);
}

void CheckPage::item(std::size_t depth, std::string_view text, Mark mark) {
  // Deep trees must not run out of the page.
  const std::size_t indent = kDetailIndent + std::min(2 * depth, style_.width / 2);
  put(indent, indent + 2, "", text, mark);
}

}  // namespace dauth::scanner::cli

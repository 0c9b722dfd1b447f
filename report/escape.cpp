#include "report/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "report/utf8.h"

namespace dauth::report {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(const std::array<Range, N>& ranges, char32_t scalar) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return scalar >= range.first && scalar <= range.last; });
}

// Characters that are not seen themselves but change how others are shown.
constexpr std::array kSteering = {
    Range{0x80, 0x9f},        // C1 controls
    Range{0xad, 0xad},        // soft hyphen
    Range{0x34f, 0x34f},      // combining grapheme joiner
    Range{0x61c, 0x61c},      // Arabic letter mark
    Range{0x115f, 0x1160},    // Hangul fillers
    Range{0x17b4, 0x17b5},    // Khmer inherent vowels
    Range{0x180b, 0x180f},    // Mongolian variation selectors and vowel separator
    Range{0x200b, 0x200f},    // zero-width characters, left-to-right and right-to-left mark
    Range{0x2028, 0x202e},    // line and paragraph separator, bidirectional embeddings and overrides
    Range{0x2060, 0x206f},    // word joiner, bidirectional isolates, deprecated format characters
    Range{0x3164, 0x3164},    // Hangul filler
    Range{0xfe00, 0xfe0f},    // variation selectors
    Range{0xfeff, 0xfeff},    // byte order mark
    Range{0xffa0, 0xffa0},    // half-width Hangul filler
    Range{0xfff0, 0xfffb},    // interlinear annotation
    Range{0xfffe, 0xffff},    // no characters
    Range{0x1d173, 0x1d17a},  // musical format characters
    Range{0xe0000, 0xe0fff},  // tags, variation selectors
};

constexpr std::array kWide = {
    Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},   Range{0x3041, 0x33ff},   Range{0x3400, 0x4dbf},
    Range{0x4e00, 0x9fff},   Range{0xa000, 0xa4cf},   Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff},   Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},   Range{0xffe0, 0xffe6},
    Range{0x1f300, 0x1f64f}, Range{0x1f900, 0x1f9ff}, Range{0x20000, 0x3fffd},
};

constexpr std::array kCombining = {
    Range{0x300, 0x36f},
    Range{0x3099, 0x309a},
    Range{0x20d0, 0x20ff},
    Range{0xfe20, 0xfe2f},
};

// Calls text(scalar, octets) for what can be shown as it is, hidden(scalar) for what steers, broken(octet)
// for controls and for octets that are not UTF-8.
template <class Text, class Hidden, class Broken>
void sort_out(std::string_view octets, Text text, Hidden hidden, Broken broken) {
  for (Utf8Reader reader(octets); !reader.at_end();) {
    const Utf8Character character = reader.next();
    if (!character.scalar || *character.scalar < 0x20 || *character.scalar == 0x7f) {
      broken(static_cast<unsigned char>(character.octets.front()));
    } else if (is_in(kSteering, *character.scalar)) {
      hidden(*character.scalar);
    } else {
      text(*character.scalar, character.octets);
    }
  }
}

}  // namespace

std::string visible_text(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  sort_out(
      octets, [&](char32_t, std::string_view character) { out += character; },
      [&](char32_t scalar) {
        fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}", static_cast<std::uint32_t>(scalar));
      },
      [&](unsigned char octet) { fmt::format_to(std::back_inserter(out), "\\x{:02x}", octet); });
  return out;
}

std::string markdown_cell(std::string_view octets) {
  // ASCII punctuation behind a backslash is always literal (CommonMark 2.4); `<`, `>` and `&` become
  // entities, since some renderers look for tags first. `@` and `://` would make a link of themselves.
  constexpr std::string_view kMarkup = "|`*_[]\\~$@";
  const std::string text = visible_text(octets);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      const bool is_scheme = c == ':' && text.compare(i, 3, "://") == 0;
      if (is_scheme || kMarkup.find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string csv_field(std::string_view octets) {
  std::string text = visible_text(octets);
  // With the full-width forms, which spreadsheets for East Asia take for the same.
  constexpr std::array<std::string_view, 8> kFormulaStarts = {"=",      "+",      "-",      "@",
                                                              "\uff1d", "\uff0b", "\uff0d", "\uff20"};
  const std::string_view start =
      std::string_view(text).substr(std::min(text.find_first_not_of(' '), text.size()));
  if (std::any_of(kFormulaStarts.begin(), kFormulaStarts.end(),
                  [&](std::string_view formula) { return start.starts_with(formula); })) {
    text.insert(0, 1, '\'');
  }
  // A tab or CR at the start, which a spreadsheet passes over before a formula, shows as \x09 and \x0d here.
  if (text.find_first_of(",\"") == std::string::npos && !text.starts_with(' ') && !text.ends_with(' ')) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  quoted += '"';
  return quoted;
}

std::string json_string(std::string_view octets) {
  std::string out = "\"";
  const auto append_unit = [&](std::uint32_t unit) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", unit);
  };
  for (Utf8Reader reader(octets); !reader.at_end();) {
    const Utf8Character character = reader.next();
    const std::uint32_t scalar = character.scalar ? static_cast<std::uint32_t>(*character.scalar) : 0xfffd;
    if (scalar == '"' || scalar == '\\') {
      out += '\\';
      out += static_cast<char>(scalar);
    } else if (scalar >= 0x20 && scalar < 0x7f) {
      out += static_cast<char>(scalar);
    } else if (scalar < 0x10000) {
      append_unit(scalar);
    } else {
      append_unit(0xd800 + ((scalar - 0x10000) >> 10));
      append_unit(0xdc00 + ((scalar - 0x10000) & 0x3ff));
    }
  }
  out += '"';
  return out;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (Utf8Reader reader(text); !reader.at_end();) {
    const Utf8Character character = reader.next();
    const char32_t scalar = character.scalar.value_or(0xfffd);
    // Two combining marks stand among the wide characters.
    if (is_in(kCombining, scalar)) continue;
    width += is_in(kWide, scalar) ? 2 : 1;
  }
  return width;
}

}  // namespace dauth::report

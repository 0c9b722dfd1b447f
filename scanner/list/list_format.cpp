#include "scanner/list/list_format.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "scanner/list/csv_list.h"
#include "scanner/list/list_parser.h"
#include "scanner/list/zone_token.h"

namespace dauth::scanner {
namespace {

bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view next_word(std::string_view& text) {
  text = trimmed(text);
  const std::size_t end = std::min(text.find_first_of(" \t;()"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

bool is_zone_line(std::string_view line) {
  if (line[0] == '$') return true;
  std::string_view rest = line;
  if (line[0] != ' ' && line[0] != '\t') next_word(rest);  // the owner
  for (int before_type = 0; before_type < 3; ++before_type) {
    switch (classify_zone_word(next_word(rest))) {
      case ZoneWord::kTtl:
      case ZoneWord::kClassIn:
      case ZoneWord::kOtherClass:
        continue;
      case ZoneWord::kTypeNs:
      case ZoneWord::kTypeSoa:
      case ZoneWord::kOtherType:
        return !trimmed(rest).empty();
      case ZoneWord::kUnknown:
        return false;
    }
  }
  return false;
}

// Headers of a list with a single column; "name", "host" and "site" are top-level domains as well.
bool is_lone_header(const std::vector<std::string>& fields) {
  static constexpr std::array<std::string_view, 3> kTopLevelDomains = {"name", "host", "site"};
  if (fields.size() != 1 || !read_csv_header(fields)) return false;
  std::string lower(trimmed(fields[0]));
  std::ranges::transform(lower, lower.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return std::ranges::find(kTopLevelDomains, lower) == kTopLevelDomains.end();
}

std::optional<char> csv_separator(std::string_view line) {
  std::vector<std::string> fields;
  for (const char separator : {';', '\t'}) {
    if (line.find(separator) == std::string_view::npos || !split_csv(line, separator, fields)) continue;
    const bool quoted = trimmed(line).starts_with('"') && line.find(',') == std::string_view::npos;
    const bool has_header = fields.size() > 1 && read_csv_header(fields).has_value();
    if (has_header || quoted || is_number(trimmed(fields[0]))) return separator;
  }
  if (line.find(',') != std::string_view::npos || trimmed(line).starts_with('"')) return ',';
  if (split_csv(line, ',', fields) && is_lone_header(fields)) return ',';
  return std::nullopt;
}

DetectedFormat format_of_line(std::string_view line, ListFormat wanted) {
  const std::optional<char> separator = csv_separator(line);
  if (wanted == ListFormat::kCsv) {
    if (separator) return {ListFormat::kCsv, *separator};
    for (const char other : {'\t', ';'}) {
      if (line.find(other) != std::string_view::npos) return {ListFormat::kCsv, other};
    }
    return {ListFormat::kCsv, ','};
  }
  if (is_zone_line(line)) return {ListFormat::kZone, ','};
  if (separator) return {ListFormat::kCsv, *separator};
  return {ListFormat::kPlain, ','};
}

}  // namespace

std::optional<DetectedFormat> detect_list_format(std::string_view start, bool complete, ListFormat wanted) {
  if (wanted == ListFormat::kPlain || wanted == ListFormat::kZone) return DetectedFormat{wanted, ','};
  while (!start.empty()) {
    const std::size_t end = start.find('\n');
    if (end == std::string_view::npos && !complete) return std::nullopt;
    std::string_view line = start.substr(0, end);
    start.remove_prefix(std::min(line.size() + 1, start.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view text = trimmed(line);
    if (text.empty() || text[0] == '#' || text[0] == ';') continue;
    return format_of_line(line, wanted);
  }
  if (!complete) return std::nullopt;
  return DetectedFormat{wanted == ListFormat::kAuto ? ListFormat::kPlain : wanted, ','};
}

std::optional<std::string_view> problem_of_first_octets(std::string_view start) {
  if (start.starts_with("\xff\xfe") || start.starts_with("\xfe\xff")) {
    return "is UTF-16; a list is ASCII or UTF-8";
  }
  if (start.starts_with("\xfd"
                        "7zXZ") ||
      start.starts_with("BZh") || start.starts_with("PK\x03\x04")) {
    return "is packed in a way that is not read (gzip and zstd are); unpack it first";
  }
  if (start.substr(0, kOctetsThatTellText).find('\0') != std::string_view::npos) {
    return "is not a list of names: binary data";
  }
  const std::size_t carriage_return = start.find('\r');
  if (carriage_return != std::string_view::npos && carriage_return + 1 < start.size() &&
      start.find('\n') == std::string_view::npos) {
    return "has lines that end in CR alone; LF and CRLF are read";
  }
  return std::nullopt;
}

}  // namespace dauth::scanner

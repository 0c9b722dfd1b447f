#include "scanner/record/tag_list.h"

#include <algorithm>
#include <set>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kSection = "RFC 6376 section 3.2";

// Behind the FWS (RFC 6376 section 2.8) that stands at `at`: blanks, and line ends with a blank behind them.
std::size_t skip_folding_white_space(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (is_blank(text[at])) {
      ++at;
    } else if (text.substr(at).starts_with("\r\n") && at + 2 < text.size() && is_blank(text[at + 2])) {
      at += 3;
    } else {
      break;
    }
  }
  return at;
}

std::string_view without_white_space_behind(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

Result<std::vector<Tag>, RecordError> parse_tag_list(std::string_view record, TagValues values) {
  std::vector<Tag> tags;
  std::set<std::string_view> names;  // not a search of `tags`: a hostile record holds ten thousand
  std::size_t at = 0;
  const auto error = [&](std::string_view reason) { return unexpected(RecordError{kSection, at, reason}); };

  while (true) {
    at = skip_folding_white_space(record, at);
    // The grammar has no white space behind a semicolon at the end, but everyone reads it.
    if (at == record.size() && !tags.empty()) return tags;

    const std::size_t name_start = at;
    if (at == record.size() || !is_alpha(record[at])) return error("tag name is missing");
    while (at < record.size() && (is_alphanumeric(record[at]) || record[at] == '_')) ++at;
    const std::string_view name = record.substr(name_start, at - name_start);
    at = skip_folding_white_space(record, at);
    if (at == record.size() || record[at] != '=') return error("\"=\" is missing behind a tag name");
    if (!names.insert(name).second) {
      at = name_start;
      return error("tag name twice");
    }
    at = skip_folding_white_space(record, at + 1);

    const std::size_t end = std::min(record.find(';', at), record.size());
    const std::string_view value = without_white_space_behind(record.substr(at, end - at));
    if (values == TagValues::kByGrammar) {
      for (const std::size_t value_end = at + value.size(); at < value_end;) {
        if (is_visible(record[at])) {
          ++at;
          continue;
        }
        const std::size_t behind = skip_folding_white_space(record, at);
        if (behind == at) return error("octet that is not visible ASCII in a value");
        at = behind;
      }
    }
    tags.push_back({name, value, name_start});
    if (end == record.size()) return tags;
    at = end + 1;
  }
}

}  // namespace dauth::scanner

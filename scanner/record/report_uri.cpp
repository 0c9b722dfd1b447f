#include "scanner/record/report_uri.h"

#include <algorithm>
#include <cstddef>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

bool is_hexadecimal(char c) {
  return is_digit(c) || (lowered(c) >= 'a' && lowered(c) <= 'f');
}

// Every octet unreserved, pct-encoded, one of sub-delims but for "!" and ",", or one of `others`
// (RFC 3986 section 2).
bool holds_only(std::string_view text, std::string_view others) {
  constexpr std::string_view kPlain = "-._~$&'()*+;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3 || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2])) return false;
      i += 2;
    } else if (!is_alphanumeric(c) && kPlain.find(c) == std::string_view::npos &&
               others.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

// [userinfo "@"] host [":" port] (section 3.2). What stands between brackets is held to its octets alone.
bool is_authority(std::string_view text) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!holds_only(text.substr(0, at), ":")) return false;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos || !holds_only(text.substr(1, end - 1), ":")) return false;
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (!holds_only(text.substr(0, colon), "")) return false;
    port = text.substr(colon);
  }
  if (port.empty()) return true;
  return port.front() == ':' && std::all_of(port.begin() + 1, port.end(), is_digit);
}

// scheme ":" hier-part ["?" query] ["#" fragment] (section 3).
bool is_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_alpha(text.front())) return false;
  const std::string_view scheme = text.substr(0, colon);
  if (!std::all_of(scheme.begin(), scheme.end(),
                   [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; })) {
    return false;
  }
  text.remove_prefix(colon + 1);

  constexpr std::string_view kQueryOctets = ":@/?";
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    if (!holds_only(text.substr(hash + 1), kQueryOctets)) return false;
    text = text.substr(0, hash);
  }
  if (const std::size_t question = text.find('?'); question != std::string_view::npos) {
    if (!holds_only(text.substr(question + 1), kQueryOctets)) return false;
    text = text.substr(0, question);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t slash = std::min(text.find('/'), text.size());
    if (!is_authority(text.substr(0, slash))) return false;
    text.remove_prefix(slash);
  }
  return holds_only(text, ":@/");
}

// "!" 1*DIGIT [ "k" / "m" / "g" / "t" ], its "!" taken off already.
bool is_report_size(std::string_view text) {
  if (!text.empty() && std::string_view("kmgt").find(lowered(text.back())) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

std::optional<std::string_view> report_uri(std::string_view element) {
  if (const std::size_t mark = element.find('!'); mark != std::string_view::npos) {
    if (!is_report_size(element.substr(mark + 1))) return std::nullopt;
    element = element.substr(0, mark);
  }
  if (!is_uri(element)) return std::nullopt;
  return element;
}

}  // namespace dauth::scanner

#include "scanner/record/report_uri.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kSection = "RFC 9989 section 4.8";

// Where a text breaks the grammar: at the start of `from`, a slice of the element.
struct Fault {
  std::string_view from;
  std::string_view reason;
};
using MaybeFault = std::optional<Fault>;

bool is_hexadecimal(char c) {
  return is_digit(c) || (lowered(c) >= 'a' && lowered(c) <= 'f');
}

// Every octet unreserved, pct-encoded, one of sub-delims but for "!" and ",", or one of `others`
// (RFC 3986 section 2).
MaybeFault fault_in_octets(std::string_view text, std::string_view others) {
  constexpr std::string_view kPlain = "-._~$&'()*+;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3 || !is_hexadecimal(text[i + 1]) || !is_hexadecimal(text[i + 2])) {
        return Fault{text.substr(i), "\"%\" without two hexadecimal digits in a report URI"};
      }
      i += 2;
    } else if (!is_alphanumeric(c) && kPlain.find(c) == std::string_view::npos &&
               others.find(c) == std::string_view::npos) {
      return Fault{text.substr(i), "octet that a report URI may not hold there"};
    }
  }
  return std::nullopt;
}

// [userinfo "@"] host [":" port] (section 3.2). What stands between brackets is held to its octets alone.
MaybeFault fault_in_authority(std::string_view text) {
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (const auto fault = fault_in_octets(text.substr(0, at), ":")) return fault;
    text.remove_prefix(at + 1);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
      return Fault{text.substr(text.size()), "\"]\" is missing in a report URI"};
    }
    if (const auto fault = fault_in_octets(text.substr(1, end - 1), ":")) return fault;
    port = text.substr(end + 1);
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    if (const auto fault = fault_in_octets(text.substr(0, colon), "")) return fault;
    port = text.substr(colon);
  }
  if (port.empty()) return std::nullopt;
  if (port.front() != ':') return Fault{port, "neither a port nor a path in a report URI"};
  const auto other = std::find_if_not(port.begin() + 1, port.end(), is_digit);
  if (other == port.end()) return std::nullopt;
  return Fault{port.substr(static_cast<std::size_t>(other - port.begin())),
               "port is not a number in a report URI"};
}

// scheme ":" hier-part ["?" query] ["#" fragment] (section 3).
MaybeFault fault_in_uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    return Fault{text, "report URI without a scheme"};
  }
  const std::string_view scheme = text.substr(0, colon);
  const auto is_scheme_octet = [](char c) { return is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; };
  const auto other = std::find_if_not(scheme.begin(), scheme.end(), is_scheme_octet);
  if (!is_alpha(scheme.front()) || other != scheme.end()) {
    const auto at = is_alpha(scheme.front()) ? other - scheme.begin() : 0;
    return Fault{scheme.substr(static_cast<std::size_t>(at)), "octet that no scheme of a URI holds there"};
  }
  text.remove_prefix(colon + 1);

  constexpr std::string_view kQueryOctets = ":@/?";
  if (const std::size_t hash = text.find('#'); hash != std::string_view::npos) {
    if (const auto fault = fault_in_octets(text.substr(hash + 1), kQueryOctets)) return fault;
    text = text.substr(0, hash);
  }
  if (const std::size_t question = text.find('?'); question != std::string_view::npos) {
    if (const auto fault = fault_in_octets(text.substr(question + 1), kQueryOctets)) return fault;
    text = text.substr(0, question);
  }
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    const std::size_t slash = std::min(text.find('/'), text.size());
    if (const auto fault = fault_in_authority(text.substr(0, slash))) return fault;
    text.remove_prefix(slash);
  }
  return fault_in_octets(text, ":@/");
}

// "!" 1*DIGIT [ "k" / "m" / "g" / "t" ], its "!" taken off already.
bool is_report_size(std::string_view text) {
  if (!text.empty() && std::string_view("kmgt").find(lowered(text.back())) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

}  // namespace

Result<std::string_view, RecordError> report_uri(std::string_view element, std::size_t offset) {
  std::string_view uri = element;
  if (const std::size_t mark = element.find('!'); mark != std::string_view::npos) {
    if (!is_report_size(element.substr(mark + 1))) {
      return unexpected(RecordError{kSection, offset + mark, "\"!\" without a report size behind it"});
    }
    uri = element.substr(0, mark);
  }
  if (const auto fault = fault_in_uri(uri)) {
    const auto at = static_cast<std::size_t>(fault->from.data() - element.data());
    return unexpected(RecordError{kSection, offset + at, fault->reason});
  }
  return uri;
}

}  // namespace dauth::scanner

#include "scanner/spf/macro_expansion.h"

#include <algorithm>
#include <vector>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kMaxNameText = 253;  // octets, without the last dot

std::string dotted_address(const IpAddress& address) {
  if (address.family() == IpFamily::kIpv4) return address.to_text();
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t octet : address.octets()) {
    if (!text.empty()) text += '.';
    text += {kDigits[octet >> 4], '.', kDigits[octet & 0xf]};
  }
  return text;
}

std::string value_of(MacroLetter letter, const MacroValues& values) {
  switch (letter) {
    case MacroLetter::kSender:
      return std::string(values.local_part) + '@' + std::string(values.sender_domain);
    case MacroLetter::kLocalPart:
      return std::string(values.local_part);
    case MacroLetter::kSenderDomain:
      return std::string(values.sender_domain);
    case MacroLetter::kDomain:
      return std::string(values.domain);
    case MacroLetter::kAddress:
      return dotted_address(values.address);
    case MacroLetter::kValidatedName:
      return std::string(values.validated_name);
    case MacroLetter::kAddressFamily:
      return values.address.family() == IpFamily::kIpv4 ? "in-addr" : "ip6";
    case MacroLetter::kHelo:
      return std::string(values.helo);
    case MacroLetter::kClientAddressText:
      return values.address.to_text();
    case MacroLetter::kReceiver:
      return std::string(values.receiver);
    case MacroLetter::kTimestamp:
      return std::to_string(values.now.time_since_epoch().count());
  }
  return "";
}

// Splits at the delimiters, reverses, keeps parts from the right, joins with dots.
std::string transformed(std::string_view value, const MacroExpansion& expansion) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; true;) {
    const std::size_t end = value.find_first_of(expansion.delimiters, start);
    parts.push_back(value.substr(start, end == std::string_view::npos ? end : end - start));
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  if (expansion.order == MacroOrder::kReversed) std::reverse(parts.begin(), parts.end());
  const std::size_t kept =
      expansion.kept_parts == 0 ? parts.size() : std::min<std::size_t>(expansion.kept_parts, parts.size());
  std::string text;
  for (std::size_t i = parts.size() - kept; i < parts.size(); ++i) {
    if (i > parts.size() - kept) text += '.';
    text += parts[i];
  }
  return text;
}

// All but the unreserved characters of RFC 3986 section 2.3.
std::string url_escaped(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      escaped += c;
    } else {
      const auto octet = static_cast<std::uint8_t>(c);
      escaped += {'%', kDigits[octet >> 4], kDigits[octet & 0xf]};
    }
  }
  return escaped;
}

}  // namespace

std::string expand_macros(const MacroString& macros, const MacroValues& values) {
  std::string text;
  for (const MacroPiece& piece : macros.pieces) {
    if (const auto* literal = std::get_if<MacroLiteral>(&piece)) {
      text += literal->text;
      continue;
    }
    const auto& expansion = std::get<MacroExpansion>(piece);
    const std::string value = transformed(value_of(expansion.letter, values), expansion);
    text += expansion.escaping == MacroEscaping::kUrl ? url_escaped(value) : value;
  }
  return text;
}

bool depends_on_domain_alone(const MacroString& macros) {
  return std::all_of(macros.pieces.begin(), macros.pieces.end(), [](const MacroPiece& piece) {
    const auto* expansion = std::get_if<MacroExpansion>(&piece);
    return expansion == nullptr || expansion->letter == MacroLetter::kDomain;
  });
}

std::string fitted_name(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  std::size_t start = 0;
  while (text.size() - start > kMaxNameText) {
    const std::size_t dot = text.find('.', start);
    if (dot == std::string::npos) break;
    start = dot + 1;
  }
  return text.substr(start);
}

std::optional<dns::DomainName> name_of_text(std::string_view text) {
  if (text.size() > kMaxNameText) return std::nullopt;
  std::optional<dns::DomainName> name = dns::DomainName();
  while (name) {
    const std::size_t dot = text.rfind('.');
    const std::string_view label = dot == std::string_view::npos ? text : text.substr(dot + 1);
    if (label.empty() || label.size() > dns::DomainName::kMaxLabelLength) return std::nullopt;
    name = name->child(label);
    if (dot == std::string_view::npos) break;
    text = text.substr(0, dot);
  }
  return name;
}

}  // namespace dauth::scanner

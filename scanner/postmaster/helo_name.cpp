#include "scanner/postmaster/helo_name.h"

#include <algorithm>
#include <utility>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kIpv6Tag = "IPv6:";

// `sub-domain` of RFC 5321 section 4.1.2: letters, digits and hyphens, no hyphen at either end.
bool is_sub_domain(std::string_view label) {
  if (label.empty() || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

// What keeps `text`, which is the name in presentation form, from being a `Domain`; empty where nothing does.
std::string_view offence_of(std::string_view text) {
  if (text.ends_with('.')) return "a dot at the end, which no name in SMTP has";
  std::string_view last;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t dot = std::min(rest.find('.'), rest.size());
    last = rest.substr(0, dot);
    if (last.find('_') != std::string_view::npos) return "an underscore, which no host name may hold";
    if (!is_sub_domain(last)) return "not letters, digits and hyphens alone";
    rest.remove_prefix(std::min(dot + 1, rest.size()));
  }
  if (std::all_of(last.begin(), last.end(), is_digit)) return "digits alone as the last label";
  return "";
}

HeloName read_literal(std::string_view text) {
  HeloName helo{std::string(text), HeloForm::kBrokenLiteral};
  if (!text.ends_with(']')) {
    helo.reason = "the closing bracket is missing";
    return helo;
  }
  const std::string_view inside = text.substr(1, text.size() - 2);
  const bool is_tagged = starts_with_ignoring_case(inside, "ipv6:");
  const auto address = IpAddress::parse(is_tagged ? inside.substr(kIpv6Tag.size()) : inside);
  const bool has_colons = inside.substr(is_tagged ? kIpv6Tag.size() : 0).find(':') != std::string_view::npos;
  if (!address) {
    helo.reason = "no address within the brackets";
  } else if (is_tagged && !has_colons) {
    helo.reason = "an IPv4 address behind IPv6:";
  } else if (!is_tagged && has_colons) {
    helo.reason = "an IPv6 address without IPv6: before it";
  } else {
    helo.form = HeloForm::kAddressLiteral;
    helo.address = *address;
  }
  return helo;
}

}  // namespace

std::string_view to_text(HeloForm form) {
  switch (form) {
    case HeloForm::kHostName:
      return "host_name";
    case HeloForm::kSingleLabel:
      return "single_label";
    case HeloForm::kAddressLiteral:
      return "address_literal";
    case HeloForm::kBareAddress:
      return "bare_address";
    case HeloForm::kBrokenLiteral:
      return "broken_literal";
    case HeloForm::kNoHostName:
      return "no_host_name";
    case HeloForm::kNoName:
      return "no_name";
  }
  return "";
}

HeloName read_helo_name(std::string_view text) {
  if (text.starts_with('[')) return read_literal(text);
  HeloName helo{std::string(text), HeloForm::kNoName};
  if (const auto address = IpAddress::parse(text)) {
    helo.form = HeloForm::kBareAddress;
    helo.reason = "an address without brackets";
    helo.address = *address;
    return helo;
  }
  auto name = dns::DomainName::from_text(text);
  if (!name) {
    helo.reason = dns::to_text(name.error());
    return helo;
  }
  if (name->is_root()) {
    helo.reason = "the root is no host";
    return helo;
  }
  helo.reason = offence_of(text);
  if (!helo.reason.empty()) {
    helo.form = HeloForm::kNoHostName;
  } else if (name->label_count() < 2) {
    helo.form = HeloForm::kSingleLabel;
    helo.reason = "one label, so not fully qualified";
  } else {
    helo.form = HeloForm::kHostName;
  }
  helo.name = std::move(*name);
  return helo;
}

}  // namespace dauth::scanner

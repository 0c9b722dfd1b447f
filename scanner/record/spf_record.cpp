#include "scanner/record/spf_record.h"

#include <algorithm>

#include "scanner/record/ip_network.h"
#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kVersion = "v=spf1";
constexpr std::string_view kSenderIdVersion = "spf2.0/";

constexpr std::string_view kSelection = "RFC 7208 section 4.5";
constexpr std::string_view kTerms = "RFC 7208 section 4.6.1";
constexpr std::string_view kNetworks = "RFC 7208 section 5.6";
constexpr std::string_view kModifiers = "RFC 7208 section 6";

template <class T>
using Parsed = Result<T, RecordError>;

tl::unexpected<RecordError> failure(std::string_view section, std::size_t offset, std::string_view reason) {
  return unexpected(RecordError{section, offset, reason});
}

// A piece of the record and where it starts there.
struct Slice {
  std::string_view text;
  std::size_t offset = 0;

  std::size_t end() const { return offset + text.size(); }
  Slice from(std::size_t position) const { return {text.substr(position), offset + position}; }
  Slice first(std::size_t length) const { return {text.substr(0, length), offset}; }
};

constexpr unsigned kMaxIpv4Prefix = 32;
constexpr unsigned kMaxIpv6Prefix = 128;

// The digits of a prefix length, without their slash.
Parsed<std::uint8_t> parse_prefix_length(Slice digits, unsigned maximum) {
  if (digits.text.empty()) return failure(kNetworks, digits.offset, "prefix length is missing");
  unsigned value = 0;
  for (std::size_t i = 0; i < digits.text.size(); ++i) {
    if (!is_digit(digits.text[i])) {
      return failure(kNetworks, digits.offset + i, "prefix length is not a number");
    }
    value = std::min(value * 10 + static_cast<unsigned>(digits.text[i] - '0'), maximum + 1);
  }
  if (digits.text.size() > 1 && digits.text[0] == '0') {
    return failure(kNetworks, digits.offset, "leading zero in a prefix length");
  }
  if (value > maximum) return failure(kNetworks, digits.offset, "prefix length is too large");
  return static_cast<std::uint8_t>(value);
}

// Removes "/digits" from the end of `rest` and gives the digits; nothing where `rest` does not end so.
std::optional<Slice> take_prefix_length(Slice& rest) {
  std::size_t start = rest.text.size();
  while (start > 0 && is_digit(rest.text[start - 1])) --start;
  if (start == rest.text.size() || start == 0 || rest.text[start - 1] != '/') return std::nullopt;
  const Slice digits = rest.from(start);
  rest = rest.first(start - 1);
  return digits;
}

// Removes the dual-cidr-length from the end of `rest`. A domain-spec ends in a top label or a macro, so that
// digits behind a slash at the end are never a part of one.
Parsed<SpfDualCidr> take_dual_cidr(Slice& rest) {
  SpfDualCidr cidr;
  auto digits = take_prefix_length(rest);
  if (digits && rest.text.ends_with('/')) {
    rest = rest.first(rest.text.size() - 1);
    const auto length = parse_prefix_length(*digits, kMaxIpv6Prefix);
    if (!length) return unexpected(length.error());
    cidr.ipv6 = *length;
    digits = take_prefix_length(rest);
  }
  if (digits) {
    const auto length = parse_prefix_length(*digits, kMaxIpv4Prefix);
    if (!length) return unexpected(length.error());
    cidr.ipv4 = *length;
  }
  return cidr;
}

// `argument` is what stands behind a mechanism's name, its ":" or "/" included, or empty.
Parsed<MacroString> required_domain(Slice argument, std::string_view section) {
  if (!argument.text.starts_with(':')) {
    return failure(section, argument.offset, "\":\" and a domain are missing");
  }
  return parse_domain_spec(argument.text.substr(1), argument.offset + 1);
}

Parsed<std::optional<MacroString>> optional_domain(Slice argument, std::string_view section) {
  if (argument.text.empty()) return std::optional<MacroString>();
  auto domain = required_domain(argument, section);
  if (!domain) return unexpected(domain.error());
  return std::optional<MacroString>(std::move(*domain));
}

template <class Mechanism>
Parsed<SpfMechanism> parse_addresses_of(Slice argument, std::string_view section) {
  auto cidr = take_dual_cidr(argument);
  if (!cidr) return unexpected(cidr.error());
  auto domain = optional_domain(argument, section);
  if (!domain) return unexpected(domain.error());
  return SpfMechanism(Mechanism{std::move(*domain), *cidr});
}

template <class Mechanism, class ParseAddress>
Parsed<SpfMechanism> parse_network(Slice argument, ParseAddress parse_address, unsigned maximum) {
  if (!argument.text.starts_with(':')) {
    return failure(kNetworks, argument.offset, "\":\" and an address are missing");
  }
  const Slice network = argument.from(1);
  const std::size_t slash = network.text.find('/');
  const auto address = parse_address(network.text.substr(0, slash), network.offset);
  if (!address) return unexpected(address.error());
  Mechanism mechanism;
  mechanism.address = *address;
  if (slash != std::string_view::npos) {
    const auto length = parse_prefix_length(network.from(slash + 1), maximum);
    if (!length) return unexpected(length.error());
    mechanism.prefix_length = *length;
  }
  return SpfMechanism(mechanism);
}

Parsed<SpfMechanism> parse_mechanism(Slice term) {
  const std::size_t name_length = std::min(term.text.find_first_of(":/"), term.text.size());
  const std::string_view name = term.text.substr(0, name_length);
  const Slice argument = term.from(name_length);

  if (equals_ignoring_case(name, "all")) {
    if (!argument.text.empty()) {
      return failure("RFC 7208 section 5.1", argument.offset, "\"all\" takes no argument");
    }
    return SpfMechanism(SpfAll{});
  }
  if (equals_ignoring_case(name, "include")) {
    auto domain = required_domain(argument, "RFC 7208 section 5.2");
    if (!domain) return unexpected(domain.error());
    return SpfMechanism(SpfInclude{std::move(*domain)});
  }
  if (equals_ignoring_case(name, "a")) return parse_addresses_of<SpfA>(argument, "RFC 7208 section 5.3");
  if (equals_ignoring_case(name, "mx")) return parse_addresses_of<SpfMx>(argument, "RFC 7208 section 5.4");
  if (equals_ignoring_case(name, "ptr")) {
    auto domain = optional_domain(argument, "RFC 7208 section 5.5");
    if (!domain) return unexpected(domain.error());
    return SpfMechanism(SpfPtr{std::move(*domain)});
  }
  if (equals_ignoring_case(name, "ip4")) {
    return parse_network<SpfIp4>(argument, parse_ipv4_address, kMaxIpv4Prefix);
  }
  if (equals_ignoring_case(name, "ip6")) {
    return parse_network<SpfIp6>(argument, parse_ipv6_address, kMaxIpv6Prefix);
  }
  if (equals_ignoring_case(name, "exists")) {
    auto domain = required_domain(argument, "RFC 7208 section 5.7");
    if (!domain) return unexpected(domain.error());
    return SpfMechanism(SpfExists{std::move(*domain)});
  }
  return failure(kTerms, term.offset, "unknown mechanism");
}

std::optional<SpfQualifier> qualifier_of(char c) {
  switch (c) {
    case '+':
      return SpfQualifier::kPass;
    case '-':
      return SpfQualifier::kFail;
    case '~':
      return SpfQualifier::kSoftfail;
    case '?':
      return SpfQualifier::kNeutral;
    default:
      return std::nullopt;
  }
}

Parsed<SpfDirective> parse_directive(Slice term) {
  SpfDirective directive;
  directive.offset = term.offset;
  directive.length = term.text.size();
  if (const auto qualifier = qualifier_of(term.text.front())) {
    directive.qualifier = *qualifier;
    term = term.from(1);
  }
  auto mechanism = parse_mechanism(term);
  if (!mechanism) return unexpected(mechanism.error());
  directive.mechanism = std::move(*mechanism);
  return directive;
}

// The length of `name` where the term is a modifier: `name` with "=" immediately behind it.
std::optional<std::size_t> modifier_name_length(std::string_view term) {
  if (!is_alpha(term.front())) return std::nullopt;
  std::size_t length = 1;
  while (length < term.size() && (is_alphanumeric(term[length]) || term[length] == '-' ||
                                  term[length] == '_' || term[length] == '.')) {
    ++length;
  }
  if (length == term.size() || term[length] != '=') return std::nullopt;
  return length;
}

std::optional<RecordError> add_modifier(SpfRecord& record, Slice term, std::size_t name_length) {
  const std::string_view name = term.text.substr(0, name_length);
  const Slice value = term.from(name_length + 1);
  const bool is_redirect = equals_ignoring_case(name, "redirect");
  const bool is_exp = equals_ignoring_case(name, "exp");
  auto parsed = is_redirect || is_exp ? parse_domain_spec(value.text, value.offset)
                                      : parse_macro_string(value.text, value.offset);
  if (!parsed) return parsed.error();
  SpfModifier modifier{std::string(name), std::move(*parsed), term.offset};
  if (!is_redirect && !is_exp) {
    record.unknown_modifiers.push_back(std::move(modifier));
    return std::nullopt;
  }
  auto& slot = is_redirect ? record.redirect : record.exp;
  if (slot) {
    return RecordError{kModifiers, term.offset, is_redirect ? "second \"redirect\"" : "second \"exp\""};
  }
  slot = std::move(modifier);
  return std::nullopt;
}

}  // namespace

bool is_spf_record(std::string_view record) {
  return starts_with_ignoring_case(record, kVersion) &&
         (record.size() == kVersion.size() || record[kVersion.size()] == ' ');
}

bool contains_spf_text(std::string_view record) {
  return contains_ignoring_case(record, "spf");
}

bool is_sender_id_record(std::string_view record) {
  return starts_with_ignoring_case(record, kSenderIdVersion);
}

Parsed<SpfRecord> parse_spf(std::string_view record) {
  if (!is_spf_record(record)) return failure(kSelection, 0, "does not start with \"v=spf1\" and a space");
  SpfRecord result;
  std::size_t at = kVersion.size();
  while (true) {
    at = record.find_first_not_of(' ', at);
    if (at == std::string_view::npos) return result;
    const std::size_t end = std::min(record.find(' ', at), record.size());
    const Slice term{record.substr(at, end - at), at};
    at = end;
    if (const auto name_length = modifier_name_length(term.text)) {
      if (const auto error = add_modifier(result, term, *name_length)) return unexpected(*error);
    } else {
      auto directive = parse_directive(term);
      if (!directive) return unexpected(directive.error());
      result.directives.push_back(std::move(*directive));
    }
  }
}

SpfAllPolicy all_policy(const SpfRecord& record) {
  for (const SpfDirective& directive : record.directives) {
    if (!std::holds_alternative<SpfAll>(directive.mechanism)) continue;
    switch (directive.qualifier) {
      case SpfQualifier::kPass:
        return SpfAllPolicy::kPass;
      case SpfQualifier::kFail:
        return SpfAllPolicy::kFail;
      case SpfQualifier::kSoftfail:
        return SpfAllPolicy::kSoftfail;
      case SpfQualifier::kNeutral:
        return SpfAllPolicy::kNeutral;
    }
  }
  return record.redirect ? SpfAllPolicy::kRedirect : SpfAllPolicy::kNone;
}

}  // namespace dauth::scanner

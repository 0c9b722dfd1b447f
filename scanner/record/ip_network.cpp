#include "scanner/record/ip_network.h"

#include <optional>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kSection = "RFC 7208 section 5.6";
constexpr std::size_t kGroups = 8;

std::optional<std::uint16_t> hexadecimal_digit(char c) {
  if (is_digit(c)) return static_cast<std::uint16_t>(c - '0');
  const char letter = lowered(c);
  if (letter >= 'a' && letter <= 'f') return static_cast<std::uint16_t>(letter - 'a' + 10);
  return std::nullopt;
}

// Groups as they come, and where among them the "::" stands.
struct Groups {
  std::array<std::uint16_t, kGroups> values{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;

  bool full() const { return count == kGroups; }
  void push(std::uint16_t value) { values[count++] = value; }
};

}  // namespace

Result<Ipv4Octets, RecordError> parse_ipv4_address(std::string_view text, std::size_t offset) {
  Ipv4Octets address{};
  std::size_t at = 0;
  for (std::size_t part = 0; part < address.size(); ++part) {
    if (part > 0) {
      if (at == text.size() || text[at] != '.') {
        return unexpected(RecordError{kSection, offset + at, "not four decimal numbers with dots between"});
      }
      ++at;
    }
    const std::size_t start = at;
    unsigned value = 0;
    while (at < text.size() && is_digit(text[at]) && at - start < 3) {
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      ++at;
    }
    if (at == start) return unexpected(RecordError{kSection, offset + at, "not an IPv4 address"});
    if (at - start > 1 && text[start] == '0') {
      return unexpected(RecordError{kSection, offset + start, "leading zero in an IPv4 address"});
    }
    if (value > 255) {
      return unexpected(RecordError{kSection, offset + start, "number over 255 in an IPv4 address"});
    }
    address[part] = static_cast<std::uint8_t>(value);
  }
  if (at != text.size()) {
    return unexpected(RecordError{kSection, offset + at, "text behind an IPv4 address"});
  }
  return address;
}

Result<Ipv6Octets, RecordError> parse_ipv6_address(std::string_view text, std::size_t offset) {
  Groups groups;
  std::size_t at = 0;
  const auto error = [&](std::string_view reason) {
    return unexpected(RecordError{kSection, offset + at, reason});
  };

  if (text.starts_with("::")) {
    groups.gap = 0;
    at = 2;
  }
  while (at < text.size()) {
    if (groups.full()) return error("more than eight groups in an IPv6 address");
    const std::size_t start = at;
    std::uint16_t value = 0;
    while (at < text.size() && at - start < 4) {
      const auto digit = hexadecimal_digit(text[at]);
      if (!digit) break;
      value = static_cast<std::uint16_t>((value << 4) | *digit);
      ++at;
    }
    if (at < text.size() && text[at] == '.') {
      const auto last = parse_ipv4_address(text.substr(start), offset + start);
      if (!last) return unexpected(last.error());
      if (groups.count > kGroups - 2) {
        at = start;
        return error("more than eight groups in an IPv6 address");
      }
      groups.push(static_cast<std::uint16_t>(((*last)[0] << 8) | (*last)[1]));
      groups.push(static_cast<std::uint16_t>(((*last)[2] << 8) | (*last)[3]));
      at = text.size();
      break;
    }
    if (at == start) return error("not an IPv6 address");
    groups.push(value);
    if (at == text.size()) break;
    if (text[at] != ':') return error("not an IPv6 address");
    ++at;
    if (at < text.size() && text[at] == ':') {
      if (groups.gap) return error("two \"::\" in an IPv6 address");
      groups.gap = groups.count;
      ++at;
    } else if (at == text.size()) {
      return error("IPv6 address ends in a colon");
    }
  }

  if (!groups.gap && !groups.full()) return error("fewer than eight groups in an IPv6 address");
  if (groups.gap && groups.full()) return error("\"::\" beside eight groups in an IPv6 address");

  Ipv6Octets address{};
  const std::size_t before_gap = groups.gap.value_or(kGroups);
  for (std::size_t i = 0; i < groups.count; ++i) {
    const std::size_t group = i < before_gap ? i : kGroups - groups.count + i;
    address[2 * group] = static_cast<std::uint8_t>(groups.values[i] >> 8);
    address[2 * group + 1] = static_cast<std::uint8_t>(groups.values[i] & 0xff);
  }
  return address;
}

}  // namespace dauth::scanner

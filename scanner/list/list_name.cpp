#include "scanner/list/list_name.h"

#include <algorithm>
#include <optional>

#include "scanner/list/u_label.h"

namespace dauth::scanner {
namespace {

using Problem = std::optional<std::string_view>;

auto fail(std::string_view reason) {
  return unexpected(std::string(reason));
}

// The longest text that can be a name: 254 octets, each as `\DDD`; U-labels need less.
constexpr std::size_t kLongestText = 4 * WireName::kCapacity;
constexpr std::string_view kNameTooLong = "name longer than 255 octets";
constexpr std::string_view kLabelTooLong = "label longer than 63 octets";
constexpr std::string_view kEmptyLabel = "empty label";

// What to write for an octet of a name's text; 0 where it takes a closer look.
constexpr std::array<std::uint8_t, 256> plain_octets() {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t octet = 0x21; octet < 0x7f; ++octet) table[octet] = static_cast<std::uint8_t>(octet);
  for (std::size_t octet = 'A'; octet <= 'Z'; ++octet)
    table[octet] = static_cast<std::uint8_t>(octet | 0x20U);
  table['.'] = 0;
  table['\\'] = 0;
  return table;
}
constexpr std::array<std::uint8_t, 256> kPlain = plain_octets();

std::uint8_t lower(std::uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet | 0x20U) : octet;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_octet_over_127(std::string_view text) {
  // Eight octets at a time: every name of a list passes here.
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, &text[at], 8);
    if ((eight & 0x8080808080808080U) != 0) return true;
  }
  for (; at < text.size(); ++at) {
    if (static_cast<unsigned char>(text[at]) > 127) return true;
  }
  return false;
}

// Reads the escape behind the backslash at `at` and moves `at` to its last character.
std::optional<std::uint8_t> read_escape(std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size()) return std::nullopt;
  if (!is_digit(text[at + 1])) return static_cast<std::uint8_t>(text[++at]);
  if (at + 3 >= text.size() || !is_digit(text[at + 2]) || !is_digit(text[at + 3])) return std::nullopt;
  const int value = (text[at + 1] - '0') * 100 + (text[at + 2] - '0') * 10 + (text[at + 3] - '0');
  if (value > 255) return std::nullopt;
  at += 3;
  return static_cast<std::uint8_t>(value);
}

// `text` is not empty and has no octet over 127.
Problem read_ascii(std::string_view text, const WireName* origin, WireName& name) {
  const auto wire = name.room();
  std::size_t length_at = 0;  // where the current label's length octet goes
  std::size_t end = 1;
  const auto close_label = [&]() -> Problem {
    const std::size_t length = end - length_at - 1;
    if (length == 0) return kEmptyLabel;
    if (length > dns::DomainName::kMaxLabelLength) return kLabelTooLong;
    wire[length_at] = static_cast<std::uint8_t>(length);
    return std::nullopt;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<std::uint8_t>(text[i]);
    std::uint8_t octet = kPlain[c];
    if (octet == 0) [[unlikely]] {
      if (c == '.') {
        if (Problem problem = close_label()) return problem;
        if (end >= wire.size()) return kNameTooLong;
        length_at = end++;
        continue;
      }
      if (c != '\\') return c == ' ' ? "blank inside the name" : "control character";
      const std::optional<std::uint8_t> escaped = read_escape(text, i);
      if (!escaped) return "bad escape";
      octet = lower(*escaped);
    }
    // The root label needs the last octet.
    if (end + 1 >= wire.size()) return kNameTooLong;
    wire[end++] = octet;
  }
  if (end == length_at + 1) {  // the text ended with a dot: absolute
    wire[length_at] = 0;
    name.set_length(end);
    return std::nullopt;
  }
  if (Problem problem = close_label()) return problem;
  if (origin == nullptr) return "relative name, and no $ORIGIN or SOA before it";
  const auto rest = origin->octets();
  if (end + rest.size() > wire.size()) return kNameTooLong;
  std::memcpy(&wire[end], rest.data(), rest.size());
  name.set_length(end + rest.size());
  return std::nullopt;
}

// The length of the label separator at `at`: a dot, or one that IDNA takes for a dot (U+3002, U+FF0E,
// U+FF61).
std::size_t separator_at(std::string_view text, std::size_t at) {
  if (text[at] == '.') return 1;
  const std::string_view three = text.substr(at, 3);
  return three == "\xe3\x80\x82" || three == "\xef\xbc\x8e" || three == "\xef\xbd\xa1" ? 3 : 0;
}

// Replaces the labels with characters outside ASCII by their A-labels; others stay as they are, odd as they
// may be.
Result<std::string, std::string> with_a_labels(std::string_view text) {
  if (text.size() > kLongestText) return fail(kNameTooLong);
  std::string ascii;
  std::size_t label_start = 0;
  bool has_escape = false;
  const auto add_label = [&](std::string_view label) -> Result<void, std::string> {
    if (!has_octet_over_127(label)) {
      ascii += label;
      return {};
    }
    if (has_escape) return fail("escape beside characters outside ASCII");
    Result<std::string, std::string> converted = to_a_label(label);
    if (!converted) return unexpected(std::move(converted.error()));
    ascii += *converted;
    return {};
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\') {
      has_escape = true;
      i += 2;
      continue;
    }
    const std::size_t separator = separator_at(text, i);
    if (separator == 0) {
      ++i;
      continue;
    }
    if (auto added = add_label(text.substr(label_start, i - label_start)); !added) {
      return unexpected(std::move(added.error()));
    }
    ascii += '.';
    i += separator;
    label_start = i;
    has_escape = false;
  }
  if (label_start < text.size()) {
    if (auto added = add_label(text.substr(label_start)); !added) return unexpected(std::move(added.error()));
  }
  return ascii;
}

Result<void, std::string> read_text(std::string_view text, const WireName* origin, WireName& name) {
  Problem problem;
  if (!has_octet_over_127(text)) {
    problem = read_ascii(text, origin, name);
  } else {
    const Result<std::string, std::string> ascii = with_a_labels(text);
    if (!ascii) return unexpected(ascii.error());
    problem = read_ascii(*ascii, origin, name);
  }
  if (problem) return fail(*problem);
  return {};
}

bool all_digits(std::string_view label) {
  return std::ranges::all_of(label, is_digit);
}

bool is_ipv6_address(std::string_view text) {
  return std::ranges::count(text, ':') >= 2 && std::ranges::all_of(text, [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.' ||
                  c == '[' || c == ']' || c == '/';
         });
}

bool is_ipv4_address(const WireName& name) {
  const auto octets = name.octets();
  std::size_t labels = 0;
  std::size_t at = 0;
  for (; octets[at] != 0; at += octets[at] + 1U) {
    const std::string_view label(reinterpret_cast<const char*>(&octets[at + 1]), octets[at]);
    if (label.size() > 3 || !all_digits(label)) return false;
    ++labels;
  }
  return labels == 4;
}

// No top-level domain is a number or has other characters than letters, digits, `-` and (in private use) `_`.
Problem problem_of_last_label(const WireName& name) {
  const auto octets = name.octets();
  std::size_t last = 0;
  for (std::size_t at = 0; octets[at] != 0; at += octets[at] + 1U) last = at;
  const std::string_view label(reinterpret_cast<const char*>(&octets[last + 1]), octets[last]);
  if (all_digits(label)) return "ends in a number, as no domain name does";
  const bool plain = std::ranges::all_of(
      label, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_'; });
  if (!plain) return "ends in characters that no top-level domain has";
  return std::nullopt;
}

bool has_unescaped(std::string_view text, char wanted) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == wanted) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool WireName::is_strictly_below(const WireName& ancestor) const {
  if (length_ <= ancestor.length_) return false;
  std::size_t at = 0;
  const std::size_t target = length_ - std::size_t{ancestor.length_};
  while (at < target) at += octets_[at] + 1U;
  return at == target && std::memcmp(&octets_[at], ancestor.octets_.data(), ancestor.length_) == 0;
}

dns::DomainName WireName::to_domain_name() const {
  // The octets are a name by construction.
  return *dns::DomainName::from_wire(octets());
}

Result<void, std::string> read_zone_name(std::string_view text, const WireName* origin, WireName& name) {
  if (text.empty()) return fail("empty name");
  if (text == "@") {
    if (origin == nullptr) return fail("@ without an $ORIGIN before it");
    name = *origin;
    return {};
  }
  if (text == ".") {
    name = WireName();
    return {};
  }
  return read_text(text, origin, name);
}

Result<dns::DomainName, std::string> read_listed_name(std::string_view text) {
  static const WireName kRoot;
  if (text.empty()) return fail("empty name");
  if (text == ".") return fail("the root, not a name below it");
  if (text.find("://") != std::string_view::npos || text.starts_with("//")) {
    return fail("a URL, not a name");
  }
  if (is_ipv6_address(text)) return fail("an address, not a name");
  if (has_unescaped(text, '@')) return fail("a mail address, not a name");
  WireName name;
  if (auto read = read_text(text, &kRoot, name); !read) return unexpected(std::move(read.error()));
  if (name.is_root()) return fail("the root, not a name below it");
  if (is_ipv4_address(name)) return fail("an address, not a name");
  if (Problem problem = problem_of_last_label(name)) return fail(*problem);
  return name.to_domain_name();
}

}  // namespace dauth::scanner

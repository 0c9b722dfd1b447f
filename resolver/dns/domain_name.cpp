#include "resolver/dns/domain_name.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "resolver/dns/ascii_case.h"

namespace dauth::dns {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Octets that stand for themselves in presentation form. Quotes, brackets, blanks, `$`, `@`, `;` and the like
// are escaped, so that the text is harmless in a zone file, a shell, a table and a terminal.
constexpr std::array<bool, 256> kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*/+="))
    plain[static_cast<std::uint8_t>(c)] = true;
  return plain;
}();

// The offset of the length octet of each label, without the root label's.
struct LabelOffsets {
  std::array<std::uint8_t, 128> at;
  std::size_t count = 0;
};

LabelOffsets label_offsets(std::span<const std::uint8_t> wire) {
  LabelOffsets offsets;
  for (std::size_t at = 0; wire[at] != 0; at += wire[at] + 1U) {
    offsets.at[offsets.count++] = static_cast<std::uint8_t>(at);
  }
  return offsets;
}

}  // namespace

std::string_view to_text(NameError error) {
  switch (error) {
    case NameError::kEmpty:
      return "empty name";
    case NameError::kEmptyLabel:
      return "empty label";
    case NameError::kLabelTooLong:
      return "label longer than 63 octets";
    case NameError::kNameTooLong:
      return "name longer than 255 octets";
    case NameError::kBadEscape:
      return "bad escape";
    case NameError::kMalformed:
      return "malformed name";
  }
  return "malformed name";
}

DomainName::DomainName() : length_(1) {
  inline_[0] = 0;
}

DomainName::DomainName(std::span<const std::uint8_t> octets) {
  assign(octets);
}

DomainName& DomainName::operator=(const DomainName& other) {
  if (this != &other) assign(other.wire());
  return *this;
}

DomainName& DomainName::operator=(DomainName&& other) noexcept {
  if (this != &other) {
    heap_ = std::move(other.heap_);
    length_ = other.length_;
    if (!heap_) std::memcpy(inline_.data(), other.inline_.data(), length_);
    other.length_ = 1;
    other.inline_[0] = 0;
  }
  return *this;
}

void DomainName::assign(std::span<const std::uint8_t> octets) {
  std::uint8_t* target = inline_.data();
  if (octets.size() > kInlineLength) {
    auto longer = std::make_unique<std::uint8_t[]>(octets.size());
    target = longer.get();
    std::memcpy(target, octets.data(), octets.size());
    heap_ = std::move(longer);
  } else {
    std::memmove(target, octets.data(), octets.size());
    heap_.reset();
  }
  length_ = static_cast<std::uint8_t>(octets.size());
}

Result<DomainName, NameError> DomainName::from_text(std::string_view text) {
  if (text.empty()) return unexpected(NameError::kEmpty);
  if (text == ".") return DomainName();
  std::array<std::uint8_t, kMaxWireLength> wire;
  std::size_t length_at = 0;  // where the current label's length octet goes
  std::size_t end = 1;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '.') {
      if (end == length_at + 1) return unexpected(NameError::kEmptyLabel);
      wire[length_at] = static_cast<std::uint8_t>(end - length_at - 1);
      length_at = end++;
      continue;
    }
    auto octet = static_cast<std::uint8_t>(c);
    if (c == '\\') {
      if (i + 1 >= text.size()) return unexpected(NameError::kBadEscape);
      if (!is_digit(text[i + 1])) {
        octet = static_cast<std::uint8_t>(text[++i]);
      } else {
        if (i + 3 >= text.size() || !is_digit(text[i + 2]) || !is_digit(text[i + 3])) {
          return unexpected(NameError::kBadEscape);
        }
        const int value = (text[i + 1] - '0') * 100 + (text[i + 2] - '0') * 10 + (text[i + 3] - '0');
        if (value > 255) return unexpected(NameError::kBadEscape);
        octet = static_cast<std::uint8_t>(value);
        i += 3;
      }
    }
    if (end - length_at - 1 == kMaxLabelLength) return unexpected(NameError::kLabelTooLong);
    // The root label needs the last octet.
    if (end + 1 >= kMaxWireLength) return unexpected(NameError::kNameTooLong);
    wire[end++] = octet;
  }
  if (end == length_at + 1) {  // the text ended with a dot: the empty label is the root
    wire[length_at] = 0;
    return DomainName(std::span(wire).first(end));
  }
  wire[length_at] = static_cast<std::uint8_t>(end - length_at - 1);
  wire[end++] = 0;
  return DomainName(std::span(wire).first(end));
}

namespace {

// What is wrong with octets that are to be a name in wire form; nothing where they are one.
std::optional<NameError> fault_of_wire_form(std::span<const std::uint8_t> octets) {
  if (octets.empty()) return NameError::kEmpty;
  if (octets.size() > DomainName::kMaxWireLength) return NameError::kNameTooLong;
  std::size_t at = 0;
  while (at < octets.size() && octets[at] != 0) {
    if (octets[at] > DomainName::kMaxLabelLength) return NameError::kMalformed;
    at += octets[at] + 1U;
  }
  if (at + 1 != octets.size()) return NameError::kMalformed;
  return std::nullopt;
}

}  // namespace

Result<DomainName, NameError> DomainName::from_wire(std::span<const std::uint8_t> octets) {
  if (const auto fault = fault_of_wire_form(octets)) return unexpected(*fault);
  return DomainName(octets);
}

bool DomainName::is_wire_form(std::span<const std::uint8_t> octets) {
  return !fault_of_wire_form(octets);
}

std::size_t DomainName::label_count() const {
  return label_offsets(wire()).count;
}

std::optional<std::string_view> DomainName::label_from_right(std::size_t index) const {
  const LabelOffsets offsets = label_offsets(wire());
  if (index >= offsets.count) return std::nullopt;
  const std::uint8_t* label = data() + offsets.at[offsets.count - 1 - index];
  return std::string_view(reinterpret_cast<const char*>(label + 1), *label);
}

std::optional<DomainName> DomainName::child(std::string_view label) const {
  if (label.empty() || label.size() > kMaxLabelLength) return std::nullopt;
  const std::size_t length = label.size() + 1 + length_;
  if (length > kMaxWireLength) return std::nullopt;
  std::array<std::uint8_t, kMaxWireLength> wire_form;
  wire_form[0] = static_cast<std::uint8_t>(label.size());
  std::memcpy(wire_form.data() + 1, label.data(), label.size());
  std::memcpy(wire_form.data() + 1 + label.size(), data(), length_);
  return DomainName(std::span(wire_form).first(length));
}

DomainName DomainName::parent() const {
  if (is_root()) return {};
  return DomainName(wire().subspan(wire()[0] + 1U));
}

bool DomainName::is_at_or_below(const DomainName& ancestor) const {
  if (ancestor.length_ > length_) return false;
  const std::size_t skip = length_ - static_cast<std::size_t>(ancestor.length_);
  // The ancestor has to begin at a label of this name, not in the middle of one.
  std::size_t at = 0;
  while (at < skip) at += wire()[at] + 1U;
  return at == skip && equal_without_case(wire().subspan(skip), ancestor.wire());
}

DomainName DomainName::lowercased() const {
  DomainName lower = *this;
  std::uint8_t* octets = lower.heap_ ? lower.heap_.get() : lower.inline_.data();
  // Length octets are at most 63 and so below 'A': they pass unchanged.
  std::transform(octets, octets + length_, octets, to_lower);
  return lower;
}

std::string DomainName::to_text() const {
  if (is_root()) return ".";
  // Each octet becomes at most four.
  std::array<char, 4 * kMaxWireLength> text;
  char* to = text.data();
  const auto octets = wire();
  for (std::size_t at = 0; octets[at] != 0;) {
    if (at != 0) *to++ = '.';
    const std::size_t end = at + octets[at] + 1U;
    for (++at; at < end; ++at) {
      const std::uint8_t octet = octets[at];
      if (kIsPlain[octet]) {
        *to++ = static_cast<char>(octet);
      } else if (octet == '.' || octet == '\\') {
        *to++ = '\\';
        *to++ = static_cast<char>(octet);
      } else {
        to = fmt::format_to(to, "\\{:03d}", octet);
      }
    }
  }
  return {text.data(), to};
}

std::uint64_t DomainName::hash() const {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const std::uint8_t octet : wire()) {
    value = (value ^ to_lower(octet)) * 0x100000001b3;
  }
  return value;
}

bool operator==(const DomainName& a, const DomainName& b) {
  return equal_without_case(a.wire(), b.wire());
}

}  // namespace dauth::dns

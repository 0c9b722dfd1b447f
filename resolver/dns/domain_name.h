// DomainName: an absolute domain name in wire form (RFC 1035 section 3.1), any octets in its labels.
//
// Owns its octets: names of up to 55 octets inside the object, longer ones (at most 255) on the heap, since
// a survey holds many names at once and nearly all of them are short.
// Comparison, order and hash disregard the case of ASCII letters (RFC 4343); the octets are kept as given.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "resolver/dns/result.h"

namespace dauth::dns {

enum class NameError : std::uint8_t {
  kEmpty,         // no text at all
  kEmptyLabel,    // "a..b" or ".a"
  kLabelTooLong,  // over 63 octets
  kNameTooLong,   // over 255 octets in wire form
  kBadEscape,     // a backslash without a character or three digits up to 255 behind it
  kMalformed,     // wire form that does not end in the root label where it should, or is compressed
};

// A short English phrase, for a message to a person.
std::string_view to_text(NameError error);

class DomainName {
 public:
  static constexpr std::size_t kMaxWireLength = 255;
  static constexpr std::size_t kMaxLabelLength = 63;

  // The root.
  DomainName();
  // A survey copies and moves many: the inline octets go as a block of fixed length, whatever the name's is.
  DomainName(const DomainName& other) : length_(other.length_) {
    if (other.heap_) {
      assign(other.wire());
    } else {
      inline_ = other.inline_;
    }
  }
  DomainName(DomainName&& other) noexcept
      : heap_(std::move(other.heap_)), inline_(other.inline_), length_(other.length_) {
    other.length_ = 1;
    other.inline_[0] = 0;
  }
  DomainName& operator=(const DomainName& other);
  DomainName& operator=(DomainName&& other) noexcept;
  ~DomainName() = default;

  // From presentation form (RFC 1035 section 5.1): labels separated by dots, with or without the last dot,
  // `\.` and `\DDD` escapes. "." is the root. Octets over 127 are taken as they are: converting U-labels is
  // the list reader's work.
  static Result<DomainName, NameError> from_text(std::string_view text);

  // From uncompressed wire form; `octets` must hold the name and nothing behind it.
  static Result<DomainName, NameError> from_wire(std::span<const std::uint8_t> octets);

  // Whether from_wire() would take them.
  static bool is_wire_form(std::span<const std::uint8_t> octets);

  std::span<const std::uint8_t> wire() const { return {data(), length_}; }
  std::size_t wire_length() const { return length_; }
  bool is_root() const { return length_ == 1; }

  // Number of labels without the root label: 2 for "example.jp".
  std::size_t label_count() const;
  // Octets of the label `index` from the right, 0 for the top-level label; nothing where there is none.
  std::optional<std::string_view> label_from_right(std::size_t index) const;

  // The name with `label` (1 to 63 octets, taken as they are) before it; nothing when that would be no name
  // (over 255 octets): such a name cannot exist.
  std::optional<DomainName> child(std::string_view label) const;
  // The name without its first label; the root's parent is the root.
  DomainName parent() const;
  // True when this name is `ancestor` or stands below it.
  bool is_at_or_below(const DomainName& ancestor) const;
  // The same name with ASCII letters in lower case.
  DomainName lowercased() const;

  // Presentation form without the last dot ("." for the root). Octets other than letters, digits, `-`, `_`
  // and the like are escaped, so the text is printable ASCII and safe for a terminal.
  std::string to_text() const;

  // 64-bit FNV-1a over the lower-cased octets; not keyed, so not for tables that strangers can fill.
  std::uint64_t hash() const;

  friend bool operator==(const DomainName& a, const DomainName& b);

 private:
  static constexpr std::size_t kInlineLength = 55;
  explicit DomainName(std::span<const std::uint8_t> octets);

  const std::uint8_t* data() const { return heap_ ? heap_.get() : inline_.data(); }
  void assign(std::span<const std::uint8_t> octets);

  std::unique_ptr<std::uint8_t[]> heap_;  // set only for names longer than kInlineLength
  std::array<std::uint8_t, kInlineLength> inline_;
  std::uint8_t length_;
};

}  // namespace dauth::dns

template <>
struct std::hash<dauth::dns::DomainName> {
  std::size_t operator()(const dauth::dns::DomainName& name) const noexcept { return name.hash(); }
};

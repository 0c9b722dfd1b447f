// Macro-strings and domain-specs of SPF (RFC 7208 section 7), taken apart but not expanded.
//
// Owns its text. Pure and total: any octets in, a value or a RecordError out. Offsets count from the start of
// the record that the text was cut from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

// Text that stands for itself; %%, %_ and %- are already "%", " " and "%20" here.
struct MacroLiteral {
  std::string text;

  friend bool operator==(const MacroLiteral&, const MacroLiteral&) = default;
};

// RFC 7208 section 7.2. The last three are allowed in explanations only.
enum class MacroLetter : char {
  kSender = 's',
  kLocalPart = 'l',
  kSenderDomain = 'o',
  kDomain = 'd',
  kAddress = 'i',
  kValidatedName = 'p',
  kAddressFamily = 'v',
  kHelo = 'h',
  kClientAddressText = 'c',
  kReceiver = 'r',
  kTimestamp = 't',
};

enum class MacroEscaping : std::uint8_t { kNone, kUrl };  // kUrl: the letter was in upper case
enum class MacroOrder : std::uint8_t { kAsIs, kReversed };

// %{letter digits r delimiters}
struct MacroExpansion {
  MacroLetter letter = MacroLetter::kDomain;
  MacroEscaping escaping = MacroEscaping::kNone;
  // How many parts from the right are kept, after reversal: 1 to 255; 0 keeps all. Larger numbers are read
  // as 255, more than the parts of any name (section 7.3 asks for 127).
  std::uint8_t kept_parts = 0;
  MacroOrder order = MacroOrder::kAsIs;
  std::string delimiters = ".";  // never empty

  friend bool operator==(const MacroExpansion&, const MacroExpansion&) = default;
};

using MacroPiece = std::variant<MacroLiteral, MacroExpansion>;

struct MacroString {
  std::string text;  // as published
  std::vector<MacroPiece> pieces;

  // True where expanding it needs the validated name of the client, hence DNS lookups (section 7.3).
  bool uses_validated_name() const;

  friend bool operator==(const MacroString&, const MacroString&) = default;
};

// `macro-string` of section 7.1, as in the value of an unknown modifier; may be empty.
Result<MacroString, RecordError> parse_macro_string(std::string_view text, std::size_t offset);

// `domain-spec` of section 7.1: a macro-string that ends in a macro or in a dot and a top label; a dot
// behind the top label is allowed. Never empty. Empty or too long labels within are no error of syntax:
// section 4.8 leaves them to the evaluation.
Result<MacroString, RecordError> parse_domain_spec(std::string_view text, std::size_t offset);

// `explain-string` of section 6.2: what the TXT record that `exp=` names holds; spaces and the letters c, r
// and t are allowed.
Result<MacroString, RecordError> parse_explain_string(std::string_view text);

}  // namespace dauth::scanner

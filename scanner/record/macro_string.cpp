#include "scanner/record/macro_string.h"

#include <algorithm>
#include <optional>

#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kGrammar = "RFC 7208 section 7.1";
constexpr std::string_view kLetters = "RFC 7208 section 7.2";
constexpr std::string_view kProcessing = "RFC 7208 section 7.3";

enum class MacroContext : std::uint8_t { kTerm, kExplanation };

std::optional<MacroLetter> macro_letter(char c) {
  constexpr std::string_view kAll = "slodipvhcrt";
  const char letter = lowered(c);
  if (kAll.find(letter) == std::string_view::npos) return std::nullopt;
  return static_cast<MacroLetter>(letter);
}

bool is_for_explanations_only(MacroLetter letter) {
  return letter == MacroLetter::kClientAddressText || letter == MacroLetter::kReceiver ||
         letter == MacroLetter::kTimestamp;
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t offset, MacroContext context)
      : text_(text), offset_(offset), context_(context) {}

  Result<MacroString, RecordError> read() {
    MacroString result;
    result.text = text_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '%') {
        if (auto error = read_percent(result.pieces)) return unexpected(*error);
        expansion_end_ = at_;
      } else if (is_visible(c) || (c == ' ' && context_ == MacroContext::kExplanation)) {
        append_literal(result.pieces, text_.substr(at_, 1));
        ++at_;
      } else {
        return unexpected(error(kGrammar, "octet that is not visible ASCII"));
      }
    }
    return result;
  }

  // Behind the last macro-expand of the text that has been read; 0 without one.
  std::size_t expansion_end() const { return expansion_end_; }

 private:
  RecordError error(std::string_view section, std::string_view reason) const {
    return {section, offset_ + at_, reason};
  }

  static void append_literal(std::vector<MacroPiece>& pieces, std::string_view text) {
    if (pieces.empty() || !std::holds_alternative<MacroLiteral>(pieces.back())) {
      pieces.emplace_back(MacroLiteral{});
    }
    std::get<MacroLiteral>(pieces.back()).text += text;
  }

  // At a "%". Nothing when it was read, and at_ stands behind it.
  std::optional<RecordError> read_percent(std::vector<MacroPiece>& pieces) {
    const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    switch (next) {
      case '%':
        append_literal(pieces, "%");
        break;
      case '_':
        append_literal(pieces, " ");
        break;
      case '-':
        append_literal(pieces, "%20");
        break;
      case '{':
        return read_expansion(pieces);
      default:
        return error(kProcessing, "\"%\" without \"{\", \"%\", \"_\" or \"-\" behind it");
    }
    at_ += 2;
    return std::nullopt;
  }

  // At a "%{".
  std::optional<RecordError> read_expansion(std::vector<MacroPiece>& pieces) {
    at_ += 2;
    if (at_ == text_.size()) return error(kGrammar, "macro without an end");
    MacroExpansion expansion;
    const auto letter = macro_letter(text_[at_]);
    if (!letter) return error(kLetters, "unknown macro letter");
    if (is_for_explanations_only(*letter) && context_ == MacroContext::kTerm) {
      return error(kLetters, "macro letter for explanations only");
    }
    expansion.letter = *letter;
    expansion.escaping = lowered(text_[at_]) == text_[at_] ? MacroEscaping::kNone : MacroEscaping::kUrl;
    ++at_;

    if (at_ < text_.size() && is_digit(text_[at_])) {
      const std::size_t start = at_;
      unsigned number = 0;
      for (; at_ < text_.size() && is_digit(text_[at_]); ++at_) {
        number = std::min(number * 10 + static_cast<unsigned>(text_[at_] - '0'), 255U);
      }
      if (number == 0) {
        at_ = start;
        return error(kProcessing, "number of parts is zero");
      }
      expansion.kept_parts = static_cast<std::uint8_t>(number);
    }
    if (at_ < text_.size() && lowered(text_[at_]) == 'r') {
      expansion.order = MacroOrder::kReversed;
      ++at_;
    }
    constexpr std::string_view kDelimiters = ".-+,/_=";
    const std::size_t delimiters = at_;
    while (at_ < text_.size() && kDelimiters.find(text_[at_]) != std::string_view::npos) ++at_;
    if (at_ > delimiters) expansion.delimiters = text_.substr(delimiters, at_ - delimiters);
    if (at_ == text_.size()) return error(kGrammar, "macro without an end");
    if (text_[at_] != '}') return error(kGrammar, "neither a delimiter nor the end of the macro");
    ++at_;
    pieces.emplace_back(std::move(expansion));
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t offset_;
  MacroContext context_;
  std::size_t at_ = 0;
  std::size_t expansion_end_ = 0;
};

bool is_top_label(std::string_view label) {
  if (label.empty() || !is_alphanumeric(label.front()) || !is_alphanumeric(label.back())) return false;
  bool letter_or_hyphen = false;
  for (const char c : label) {
    if (!is_alphanumeric(c) && c != '-') return false;
    letter_or_hyphen = letter_or_hyphen || !is_digit(c);
  }
  return letter_or_hyphen;
}

}  // namespace

bool MacroString::uses_validated_name() const {
  return std::any_of(pieces.begin(), pieces.end(), [](const MacroPiece& piece) {
    const auto* expansion = std::get_if<MacroExpansion>(&piece);
    return expansion != nullptr && expansion->letter == MacroLetter::kValidatedName;
  });
}

Result<MacroString, RecordError> parse_macro_string(std::string_view text, std::size_t offset) {
  return Reader(text, offset, MacroContext::kTerm).read();
}

Result<MacroString, RecordError> parse_domain_spec(std::string_view text, std::size_t offset) {
  if (text.empty()) return unexpected(RecordError{kGrammar, offset, "domain is empty"});
  Reader reader(text, offset, MacroContext::kTerm);
  auto result = reader.read();
  if (!result || reader.expansion_end() == text.size()) return result;

  // domain-end in the literal text behind the last macro; a dot before that belongs to the macro-string.
  std::string_view tail = text.substr(reader.expansion_end());
  if (tail.ends_with('.')) tail.remove_suffix(1);
  const std::size_t dot = tail.rfind('.');
  if (dot == std::string_view::npos) {
    return unexpected(RecordError{kGrammar, offset + reader.expansion_end(),
                                  "domain does not end in a dot and a top label"});
  }
  const std::string_view label = tail.substr(dot + 1);
  if (!is_top_label(label)) {
    const bool number = !label.empty() && std::all_of(label.begin(), label.end(), is_digit);
    return unexpected(RecordError{kGrammar, offset + reader.expansion_end() + dot + 1,
                                  number ? "top label is a number (an address needs ip4 or ip6)"
                                         : "top label is not letters, digits and hyphens"});
  }
  return result;
}

Result<MacroString, RecordError> parse_explain_string(std::string_view text) {
  return Reader(text, 0, MacroContext::kExplanation).read();
}

}  // namespace dauth::scanner

// CheckPage: the text that `dauth check` prints of one domain: sections of facts, with marks and indented
// details, fitted into the width, coloured where the terminal allows.
//
// Owns the text so far. Every text that comes in may hold hostile octets: all goes through printable() here,
// so callers need not. Lines break at blanks, longer words (records, names) wherever the width ends, so that
// no line is longer than the width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dauth::scanner::cli {

enum class Colour : bool { kNo, kYes };

// What a person is to think of a line.
enum class Mark {
  kPlain,
  kGood,     // as it should be: green
  kWarning,  // works, but may not be what was meant: yellow, and "warning: " before the text
  kBad,      // does not work: red, and "problem: " before the text
};

struct PageStyle {
  std::size_t width = 80;  // columns
  Colour colour = Colour::kNo;
};

class CheckPage {
 public:
  explicit CheckPage(PageStyle style) : style_(style) {}

  // A line at the margin, bold: the domain, or a part of the page such as "SPF". An empty line before it
  // parts it from what stands above.
  void heading(std::string_view text);
  // "  label            value": values stand below each other.
  void fact(std::string_view label, std::string_view value, Mark mark = Mark::kPlain);
  // A sentence below a fact or heading, indented; its mark tells it as a warning or a problem.
  void remark(std::string_view text, Mark mark = Mark::kPlain);
  // A record as published, in quotes.
  void record(std::string_view octets);
  // A line of a list or tree below a fact; `depth` 0 is outermost.
  void item(std::size_t depth, std::string_view text, Mark mark = Mark::kPlain);

  std::string take() { return std::move(text_); }

 private:
  void put(std::size_t indent, std::size_t hanging, std::string_view prefix, std::string_view text,
           Mark mark);

  PageStyle style_;
  std::string text_;
};

}  // namespace dauth::scanner::cli

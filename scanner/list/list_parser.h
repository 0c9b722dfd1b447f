// ListParser: what a list format makes of each line. The reader gives it every line in order, then asks for
// what it still holds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "data/store.h"
#include "scanner/list/line_source.h"
#include "scanner/list/list_reader.h"

namespace dauth::scanner {

class ListParser {
 public:
  virtual ~ListParser() = default;

  // A ListEntry, a RejectedLine or a ListError; nothing for a line that says no name and is in order (blank,
  // comment, header, RRs of other types).
  virtual std::optional<ListItem> accept(const ListLine& line) = 0;

  // Called at the end of the list until it returns nothing.
  virtual std::optional<ListItem> finish() { return std::nullopt; }

  // What to say of a list that had neither a name nor a rejected line.
  virtual std::string nothing_found() const { return "no name in it"; }
};

// The rejected line of `number` in the list `source`; `text` is cut to 200 octets.
data::RejectedLine rejected_line(const std::string& source, std::uint64_t number, std::string reason,
                                 std::string_view text);

// "SOURCE: message" or "SOURCE:LINE: message".
ListError list_error(const std::string& source, std::string_view message);
ListError list_error(const std::string& source, std::uint64_t line, std::string_view message);

// Blanks and TABs off both ends.
std::string_view trimmed(std::string_view text);

}  // namespace dauth::scanner

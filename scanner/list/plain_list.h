// PlainList: one name a line; behind a TAB the category of a typed list (further columns are not read).
// `#` and `;` begin a comment anywhere on the line, unless a backslash stands before them.
#pragma once

#include "scanner/list/list_parser.h"

namespace dauth::scanner {

class PlainList final : public ListParser {
 public:
  explicit PlainList(std::string source) : source_(std::move(source)) {}
  std::optional<ListItem> accept(const ListLine& line) override;

 private:
  std::string source_;
};

}  // namespace dauth::scanner

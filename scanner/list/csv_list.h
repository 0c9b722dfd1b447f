// CsvList: RFC 4180 lines with `,` `;` or TAB between the fields. Fields may be quoted; a quoted field ends
// on its line (one that does not is rejected, so that a stray quote never swallows the names behind it).
//
// The column of the names: the first row is a header when one of its fields reads domain, domain_name, fqdn,
// hostname, host, name, origin, site or url (any case; the first of these words that the row has). Without a
// header: the first column that holds a name with a dot; a number before it is a rank. With a header, a
// column `category` makes it a typed list. `#` at the start of a line begins a comment.
#pragma once

#include <string>
#include <vector>

#include "scanner/list/list_parser.h"

namespace dauth::scanner {

// Splits `text` into `fields`, unquoted; false when a quoted field does not end. `fields` is reused.
bool split_csv(std::string_view text, char separator, std::vector<std::string>& fields);

struct CsvHeader {
  std::size_t name_column = 0;
  std::optional<std::size_t> category_column;
};

// What the row says when it is a header.
std::optional<CsvHeader> read_csv_header(const std::vector<std::string>& fields);

class CsvList final : public ListParser {
 public:
  CsvList(std::string source, char separator) : source_(std::move(source)), separator_(separator) {}
  std::optional<ListItem> accept(const ListLine& line) override;

 private:
  std::string source_;
  char separator_;
  std::optional<CsvHeader> columns_;  // once a row has told them
  std::vector<std::string> fields_;
};

}  // namespace dauth::scanner

// ListReader: streams the names of one domain list, whatever its shape, in fixed memory (about 1 MiB, and
// what the unpacking of .gz and .zst needs).
//
// Owns the open file. Lines count from 1. Errors: a line that is no name is a data::RejectedLine and reading
// goes on; what ends the reading (no such file, I/O error, a packed file that breaks off, a list without any
// name) is a ListError, never a silent end.
//
// Formats, told apart by the first line that is neither blank nor a comment, or named by the caller:
//   plain  one name a line, with `name<TAB>category` for typed lists; `#` and `;` begin a comment
//   zone   master file or AXFR print (RFC 1035 section 5): the owners of NS RRs strictly below the origin
//          (see zone_list.h)
//   csv    RFC 4180 with `,` `;` or TAB (see csv_list.h)
// BOM, CRLF, upper case and a trailing dot do not matter. What is a name: list_name.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "data/store.h"
#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"
#include "scanner/list/byte_source.h"

namespace dauth::scanner {

enum class ListFormat : std::uint8_t { kAuto, kPlain, kZone, kCsv };

std::string_view to_text(ListFormat format);  // "auto", "plain", "zone", "csv"
std::optional<ListFormat> list_format_from_text(std::string_view text);

struct ListEntry {
  dns::DomainName name;                        // ASCII letters in lower case, U-labels as A-labels
  std::optional<std::string> category;         // typed lists: as it stands there (Categorizer::from_list)
  std::optional<dns::DomainName> name_server;  // zones: the server that the name's first NS RR names
  std::uint64_t line = 0;
};

struct EndOfList {};

struct ListError {
  enum class Kind : std::uint8_t { kUnreadable, kEmpty };
  std::string message;  // one line for a person, with the list's name
  Kind kind = Kind::kUnreadable;
};

using ListItem = std::variant<ListEntry, data::RejectedLine, EndOfList, ListError>;

class ListParser;
class LineSource;

class ListReader {
 public:
  // `path` is a file or "-" for standard input. Reads as much as telling the format takes.
  static Result<std::unique_ptr<ListReader>, ListError> open(const std::string& path,
                                                             ListFormat format = ListFormat::kAuto,
                                                             StopReading stop = {});
  // The same from any octets; `source` is what messages and rejected lines call the list.
  static Result<std::unique_ptr<ListReader>, ListError> from_octets(std::unique_ptr<ByteSource> octets,
                                                                    std::string source,
                                                                    ListFormat format = ListFormat::kAuto);
  ~ListReader();

  // The next name or rejected line. After EndOfList or ListError the same comes again.
  ListItem next();

  const std::string& source() const { return source_; }
  ListFormat format() const { return format_; }  // never kAuto
  // XXH3-128 of the octets read so far, unpacked, in hexadecimal: at the end that of the whole list, the same
  // as `xxh128sum` prints. It tells lists apart; it is not proof against an attacker.
  std::string fingerprint() const;

 private:
  ListReader(std::string source, ListFormat format, std::unique_ptr<LineSource> lines,
             std::unique_ptr<ListParser> parser);
  ListItem finish();

  std::string source_;
  ListFormat format_;
  std::unique_ptr<LineSource> lines_;
  std::unique_ptr<ListParser> parser_;
  bool something_found_ = false;  // an entry or a rejected line
  std::optional<ListItem> ended_;
};

}  // namespace dauth::scanner

// Tag=value lists of DKIM (RFC 6376 section 3.2), which DomainKeys, the signing-policy drafts and ADSP share.
//
// Borrows the record's octets. Pure and total.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

struct Tag {
  std::string_view name;   // compared with case
  std::string_view value;  // without the white space around it; may be empty
  std::size_t offset = 0;  // of the name

  friend bool operator==(const Tag&, const Tag&) = default;
};

// Which octets a value may hold besides white space.
enum class TagValues : std::uint8_t {
  kByGrammar,  // printable ASCII (VALCHAR)
  kUnjudged,   // anything but a semicolon
};

// At least one tag, `name=value` separated by semicolons, one semicolon at the end allowed, folding white
// space around names and values, a name at most once.
Result<std::vector<Tag>, RecordError> parse_tag_list(std::string_view record, TagValues values);

}  // namespace dauth::scanner

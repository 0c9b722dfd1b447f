// RecordError: why the text of a record is not valid, for a person and for a finding.
#pragma once

#include <cstddef>
#include <string_view>

namespace dauth::scanner {

// `section` and `reason` point to text of static storage duration; `offset` counts octets from the start of
// the record and is at most its length (equal where something is missing at the end).
struct RecordError {
  std::string_view section;  // "RFC 7208 section 5.6"
  std::size_t offset = 0;
  std::string_view reason;  // a short English phrase without record text in it

  friend bool operator==(const RecordError&, const RecordError&) = default;
};

}  // namespace dauth::scanner

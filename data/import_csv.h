// Published counts from a CSV file with the header `month,category,metric,count`: text in, rows out.
//
// RFC 4180: fields may be quoted, a quote inside is doubled, lines end in CRLF or LF; a UTF-8 byte order mark
// before the header and empty lines are passed over. The columns stand in that order. The first thing wrong
// is the error, with the line where it stands.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"
#include "resolver/dns/result.h"

namespace dauth::data {

struct ImportError {
  std::uint64_t line = 0;  // 1 is the first
  std::string reason;      // for a person; printable ASCII
};

struct ImportedCounts {
  std::vector<CountRow> rows;
  std::vector<std::uint64_t> lines;  // of each row
};

// Rows in the order of the file. An error: no header, not four fields, a month that is none, a category
// that is none (a code of .jp, TOTAL or a public suffix in lower case), a metric that the tables do not know,
// a count that is no whole number, two counts of the same month, category and metric, no count at all.
Result<ImportedCounts, ImportError> parse_counts_csv(std::string_view text);

// What cannot be right, with its line, in the order of the file: a count above the number of names
// registered, more DomainKeys policies than subdomains, a TOTAL below the sum of its categories. Tables in
// print have such counts, so they are told and not refused.
std::vector<ImportError> doubtful_counts(const ImportedCounts& counts);

}  // namespace dauth::data

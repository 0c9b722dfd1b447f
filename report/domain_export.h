// The findings of each domain, a row each: as CSV and as JSON Lines.
//
// Both name findings as docs/measurement-method.md does, with the words published, absent and unmeasured.
// Later columns and members are added at the end. Lines end in LF.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/store.h"

namespace dauth::report {

// The CSV's first line, with its LF.
std::string_view domain_csv_header();
void append_domain_csv(std::string& out, const data::DomainRow& row);

// A question about a domain and what became of it.
struct AskedQuestion {
  dns::Question question;
  dns::LookupOutcome outcome;
  std::uint64_t unread = 0;    // the last so many RRs of an answer were only counted
  std::string purpose = {};    // of asking it, for a person; may be empty
  bool is_of_mx_host = false;  // asked about an MX host, not about the domain
};

// Why the one SPF record is invalid; the texts are borrowed.
struct SpfFault {
  std::string_view section;  // "RFC 7208 section 5.6"
  std::size_t offset = 0;    // octets from the start of the record
  std::string_view reason;
};

struct DomainEvidence {
  std::vector<AskedQuestion> questions;  // in the order in which they were asked
  std::optional<SpfFault> spf_fault = {};
};

// One JSON object without a line's end; the findings nested by probe: exists, mx, spf, domainkeys, dmarc, and
// in each the questions that they rest on, where there are any. ASCII, so valid UTF-8 whatever the octets
// are.
void append_domain_json(std::string& out, const data::DomainRow& row, const DomainEvidence& evidence = {});

}  // namespace dauth::report

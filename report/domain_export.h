// The findings of each domain, a row each: as CSV and as JSON Lines.
//
// Both name findings as docs/measurement-method.md does, with the words published, absent and unmeasured.
// Later columns and members are added at the end. Lines end in LF.
#pragma once

#include <string>
#include <string_view>

#include "data/store.h"

namespace dauth::report {

// The CSV's first line, with its LF.
std::string_view domain_csv_header();
void append_domain_csv(std::string& out, const data::DomainRow& row);

// One JSON object without a line's end; the findings nested by probe: exists, mx, spf, domainkeys, dmarc.
// ASCII, so valid UTF-8 whatever the domain's octets are.
void append_domain_json(std::string& out, const data::DomainRow& row);

}  // namespace dauth::report

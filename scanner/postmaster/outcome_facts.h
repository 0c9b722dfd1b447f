// What the boxes' probes read out of an outcome.
#pragma once

#include <optional>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/lookup_outcome.h"
#include "scanner/postmaster/fact.h"

namespace dauth::scanner {

// Whether RRs of the type asked for are there.
Fact has_records(const dns::LookupOutcome& outcome);

// Whether the qname is an alias: its answer came along a CNAME or DNAME.
Fact is_alias(const dns::LookupOutcome& outcome);

// Where the chain of an answer ends; nothing without a chain.
std::optional<dns::DomainName> canonical_name(const dns::LookupOutcome& outcome);

}  // namespace dauth::scanner

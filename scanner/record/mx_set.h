// MxSet: the MX RRset of a domain, read from RDATA (RFC 1035 section 3.3.9).
//
// Owns its names. Pure and total: malformed RDATA is an error value whose offset counts within that RDATA.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

struct MxHost {
  std::uint16_t preference = 0;  // the lower, the earlier it is tried
  dns::DomainName exchange;

  friend bool operator==(const MxHost&, const MxHost&) = default;
};

// A set: by preference, then by name; an RR given twice stands once (RFC 2181 section 5).
struct MxSet {
  std::vector<MxHost> hosts;
};

// `rrset` as in dns::Answer: RRs of type MX, RDATA in uncompressed wire form.
Result<MxSet, RecordError> parse_mx_set(std::span<const dns::ResourceRecord> rrset);

// The single RR `0 .`: no mail is accepted (RFC 7505 section 3).
bool is_null_mx(const MxSet& set);

// The exchanges that can have addresses, each once, in the order of the set, `most` of them: all but the root
// and addresses written as names.
std::vector<dns::DomainName> hosts_of(const MxSet& set, std::size_t most);

// Some exchange is an IPv4 address written as a name: four labels, each a decimal number of up to three
// digits and at most 255.
bool has_address_literal(const MxSet& set);

}  // namespace dauth::scanner

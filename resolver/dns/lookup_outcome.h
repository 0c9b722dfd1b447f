// LookupOutcome: what became of one question, after retries. One of four, docs/measurement-method.md
// section 1; a Failure is never an absence.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/question.h"

namespace dauth::dns {

// One RR of an answer section. `rdata` is uncompressed wire form without the RDLENGTH.
struct ResourceRecord {
  DomainName owner;
  RrType type = RrType::kA;
  std::vector<std::uint8_t> rdata;

  friend bool operator==(const ResourceRecord&, const ResourceRecord&) = default;
};

// NOERROR, and the RRset asked for stands at the end of the chain.
struct Answer {
  std::vector<ResourceRecord> chain;  // CNAME and DNAME RRs from the qname on, in that order; often empty
  std::vector<ResourceRecord> rrset;  // all of the type asked for, at the chain's end; never empty
};

// The qname exists without that RRset: NOERROR, or NXDOMAIN for the end of a chain (RFC 6604).
struct NoData {
  std::vector<ResourceRecord> chain;
};

// Name error: nothing exists at the qname or below (RFC 8020).
struct NxDomain {};

enum class FailureCause : std::uint8_t {
  kTimeout,          // no server answered in time
  kServfail,         // RCODE 2
  kRefused,          // RCODE 5
  kNotimp,           // RCODE 4
  kFormerr,          // RCODE 1, also without EDNS
  kOtherRcode,       // any other rcode, OPT's upper bits included (RFC 6891 section 6.1.3)
  kMalformed,        // a message that cannot be read to its end
  kTruncated,        // TC, and no answer over TCP
  kCnameLoop,        // the chain returns to itself, or is longer than 16
  kReferral,         // NS but no SOA in the authority section, AA clear, no answer
  kUnfinishedChain,  // a chain left open by a server that offers no recursion
  kUnreachable,      // the network or the host says that nobody is there
  kNotAsked,         // no resolver was asked: stored answers are judged, and this one is not among them
  kExcluded,         // no resolver was asked: the name is one that nothing may be asked about
};

// All of them, in order.
std::span<const FailureCause> all_failure_causes();

struct Failure {
  FailureCause cause = FailureCause::kTimeout;
  std::uint16_t rcode = 0;  // extended, where a response carried one
};

using LookupOutcome = std::variant<Answer, NoData, NxDomain, Failure>;

// "timeout", "servfail", ...: the word stored in the database and printed in the column `cause`.
std::string_view to_text(FailureCause cause);
// "Answer", "NoData", "NxDomain" or "Failure (servfail)", for a person.
std::string describe(const LookupOutcome& outcome);

// The octets of a TXT or SPF RR: its character-strings joined with nothing between (RFC 7208 section 3.3).
// Nothing of a string that runs past the end of the RDATA is taken; ldns has refused such RRs before.
std::string join_character_strings(const std::vector<std::uint8_t>& rdata);

}  // namespace dauth::dns

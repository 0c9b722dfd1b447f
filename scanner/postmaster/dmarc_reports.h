// Whether the addresses that a DMARC record names for reports may receive them: "Verifying External
// Destinations", RFC 9990 section 4 for aggregate reports and RFC 9991 section 5 for failure reports.
//
// An address in another organizational domain than the record's (both found by the tree walk) gets reports
// only where its own domain publishes TXT with v=DMARC1 at `<domain of the record>._report._dmarc.<its
// host>`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/finding.h"
#include "scanner/postmaster/dmarc_tree_walk.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

enum class DestinationVerdict : std::uint8_t {
  kSameOrganization,   // no permission is needed
  kAuthorized,         // the destination permits it
  kNotAuthorized,      // it does not: receivers must ignore the address
  kOverriddenOutside,  // its permission names an address at another host: reports go to neither
  kNoHost,             // the URI names no host in the DNS (an IP literal, a mailto: without `@`)
  kNameTooLong,        // the name to be asked would exceed 255 octets: not authorized
  kUnknown,            // a question failed: `cause`
  kNotChecked,         // beyond the first kMaxDestinations
};

enum class ReportKind : std::uint8_t { kAggregate, kFailure };  // rua, ruf

// Hostile records list thousands of addresses, and each takes up to nine questions.
inline constexpr std::size_t kMaxDestinations = 16;

struct ReportDestination {
  ReportKind kind = ReportKind::kAggregate;
  std::string uri;                      // as published, without an obsolete "!10m"
  std::optional<dns::DomainName> host;  // where the URI leads
  DestinationVerdict verdict = DestinationVerdict::kUnknown;
  data::Cause cause = data::Cause::kNone;
  std::optional<dns::DomainName> organizational_domain;  // of the host, where it was sought and found
  std::optional<dns::DomainName> asked;                  // the name with `_report._dmarc`, where it was asked
  std::vector<std::string> permissions;                  // the records there that begin v=DMARC1
  std::vector<std::string> overriding_uris;              // what they name in place of `uri`
};

// The host of a report URI: behind the last `@` of a mailto:, the authority's host of another one. Nothing
// where it is no name. Pure and total.
std::optional<dns::DomainName> host_of_report_uri(std::string_view uri);

// The addresses of `record`, rua first, each in the order of the record. `domain` is the one whose `_dmarc`
// holds the record. Both have to outlive the probe.
Probe<std::vector<ReportDestination>> check_report_destinations(Inquiry& inquiry,
                                                                const dns::DomainName& domain,
                                                                const DmarcRecord& record);

}  // namespace dauth::scanner

// The DomainKeys probe: does the subdomain `_domainkey` exist, or does a wildcard only make it seem so?
// docs/measurement-method.md section 2, five steps; RFC 4870 section 3.6 for the policy, RFC 4592 for
// wildcards.
#pragma once

#include <span>
#include <string_view>

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct DomainkeysFindings {
  data::Finding subdomain;
  data::Finding by_a;  // published where only another type than TXT told it from the wildcard
  data::Finding policy;
  data::DomainkeysEvidence evidence = data::DomainkeysEvidence::kNone;
};

// `random_label` is L of step 5: a label that nobody can have guessed (1 to 63 octets). `wildcard_types`
// begins with TXT. All three arguments by reference have to outlive the probe.
Probe<DomainkeysFindings> probe_domainkeys(Inquiry& inquiry, const dns::DomainName& domain,
                                           std::string_view random_label,
                                           std::span<const dns::RrType> wildcard_types);

}  // namespace dauth::scanner

// The DomainKeys probe: does the subdomain `_domainkey` exist, or does a wildcard only make it seem so?
// docs/measurement-method.md section 2, five steps; RFC 4870 section 3.6 for the policy, RFC 4592 for
// wildcards.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct DomainkeysFindings {
  data::Finding subdomain;
  data::Finding by_a;  // published where only another type than TXT told it from the wildcard
  data::Finding policy;
  data::DomainkeysEvidence evidence = data::DomainkeysEvidence::kNone;
};

// Gives L of step 5 for a domain: a label that nobody can have guessed (1 to 63 octets), the same whenever it
// is asked for. A source, since hardly one domain in a hundred comes to that step.
using RandomLabelSource = std::function<std::string(const dns::DomainName&)>;

// `wildcard_types`
// begins with TXT. All arguments by reference have to outlive the probe.
Probe<DomainkeysFindings> probe_domainkeys(Inquiry& inquiry, const dns::DomainName& domain,
                                           const RandomLabelSource& random_label,
                                           std::span<const dns::RrType> wildcard_types);

}  // namespace dauth::scanner

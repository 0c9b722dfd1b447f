// The probe for policies of DKIM's signers (docs/measurement-method.md section 2): TXT at
// `_policy._domainkey.D` (the signing-policy drafts) and at `_adsp._domainkey.D` (RFC 5617).
#pragma once

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

// Asks only where `domainkeys_subdomain` is published. `domain` has to outlive the probe.
Probe<data::Finding> probe_dkim_policy(Inquiry& inquiry, const dns::DomainName& domain,
                                       data::Finding domainkeys_subdomain);

}  // namespace dauth::scanner

// The MX probe (docs/measurement-method.md section 2; RFC 5321 section 5.1, RFC 7505).
#pragma once

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct MxFindings {
  data::Finding mx;
  data::Finding null_mx;
  data::Finding mx_address_literal;
};

// Asks MX at `domain`, which has to outlive the probe.
Probe<MxFindings> probe_mx(Inquiry& inquiry, const dns::DomainName& domain);

}  // namespace dauth::scanner

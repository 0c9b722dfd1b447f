// The DMARC probe (docs/measurement-method.md section 2; RFC 9989): TXT at `_dmarc.D`.
#pragma once

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct DmarcFindings {
  data::Finding dmarc;
  data::Finding policy_none;
  data::Finding policy_quarantine;
  data::Finding policy_reject;
  data::Finding rua;
  data::Finding testing;
  data::Finding multiple;
  data::Finding invalid;
};

// `domain` has to outlive the probe.
Probe<DmarcFindings> probe_dmarc(Inquiry& inquiry, const dns::DomainName& domain);

}  // namespace dauth::scanner

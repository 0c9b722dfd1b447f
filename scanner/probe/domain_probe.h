// One domain, all its probes: existence first, then the chosen probes side by side.
//
// docs/measurement-method.md section 2. Where the domain does not exist nothing more is asked (RFC 8020).
#pragma once

#include "data/finding.h"
#include "scanner/probe/domainkeys_probe.h"
#include "scanner/probe/probe.h"
#include "scanner/probe/probe_selection.h"

namespace dauth::scanner {

// Version of the rules that turn outcomes into findings; stored with every run, raised with every change of
// them.
inline constexpr std::uint32_t kRulesVersion = 2;

// The findings of `domain`; those of probes that were not chosen stay unmeasured, cause not_asked. All
// arguments by reference have to outlive the probe.
Probe<data::Observation> probe_domain(Inquiry& inquiry, const dns::DomainName& domain,
                                      const ProbeSelection& selection, const RandomLabelSource& random_label);

}  // namespace dauth::scanner

// Finding the one SPF record of a domain (RFC 7208 sections 4.3 to 4.6).
#pragma once

#include <optional>
#include <string>

#include "scanner/probe/probe.h"
#include "scanner/spf/spf_trace.h"

namespace dauth::scanner {

struct SelectedRecord {
  std::optional<SpfRecord> record;
  // Without a record: why none can be evaluated, and what that makes of check_host().
  SpfResult result = SpfResult::kNone;
  SpfCause cause;
};

// Asks TXT at `domain` (octets, labels between dots, no last dot) and fills in `trace` what is published and
// its terms. The references have to outlive the probe.
Probe<SelectedRecord> select_record(Inquiry& inquiry, const std::string& domain, SpfRecordTrace& trace);

}  // namespace dauth::scanner

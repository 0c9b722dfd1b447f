// The SPF and Sender ID probe (docs/measurement-method.md section 2; RFC 7208, RFC 4408 section 3.1.1 for
// type 99, RFC 4406).
#pragma once

#include "data/finding.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct SpfFindings {
  data::Finding spf;
  data::Finding spf_txt;
  data::Finding spf_type99;
  data::Finding spf_record;
  data::Finding spf_multiple;
  data::Finding spf_invalid;
  // The qualifier of `all` of the single valid record, or what stands in its place: at most one is published.
  data::Finding all_fail;
  data::Finding all_softfail;
  data::Finding all_neutral;
  data::Finding all_pass;
  data::Finding redirect;
  data::Finding no_all;
  data::Finding sender_id;
};

// Asks TXT and type 99 at `domain`, which has to outlive the probe.
Probe<SpfFindings> probe_spf(Inquiry& inquiry, const dns::DomainName& domain);

}  // namespace dauth::scanner

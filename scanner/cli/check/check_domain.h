// check_domain(): everything that `dauth check` finds out about one domain, as coroutines on one Inquiry: the
// survey's probes and, beside them, what goes further.
#pragma once

#include "data/finding.h"
#include "scanner/cli/check/topic_inquiry.h"
#include "scanner/probe/domain_probe.h"
#include "scanner/probe/probe_selection.h"

namespace dauth::scanner::cli {

// What to look at, the same for each domain.
struct CheckQuery {
  ProbeSelection selection;
  RandomLabelSource random_label;
};

// The questions of each topic. `whole` outlives it.
struct CheckInquiries {
  explicit CheckInquiries(Inquiry& inquiry) : whole(inquiry), survey(inquiry, "survey") {}

  // All but the survey's.
  std::vector<const TopicInquiry*> others() const { return {}; }

  Inquiry& whole;
  TopicInquiry survey;
};

struct DomainCheck {
  data::Observation found;  // as the survey finds it
};

// All arguments by reference have to outlive the probe.
Probe<DomainCheck> check_domain(Inquiry& whole, CheckInquiries& inquiries, const dns::DomainName& domain,
                                const CheckQuery& query);

}  // namespace dauth::scanner::cli

#include "scanner/probe/mx_probe.h"

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/mx_set.h"

namespace dauth::scanner {

using data::Cause;
using data::Finding;

Probe<MxFindings> probe_mx(Inquiry& inquiry, const dns::DomainName& domain) {
  const dns::LookupOutcome& outcome = co_await inquiry.ask(domain, dns::RrType::kMx);
  if (const auto cause = cause_of_failure(outcome)) {
    const Finding unmeasured = Finding::unmeasured(*cause);
    co_return MxFindings{unmeasured, unmeasured, unmeasured};
  }
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr) co_return MxFindings{Finding::absent(), Finding::absent(), Finding::absent()};
  const auto set = parse_mx_set(answer->rrset);
  if (!set) {
    const Finding unmeasured = Finding::unmeasured(Cause::kMalformed);
    co_return MxFindings{unmeasured, unmeasured, unmeasured};
  }
  co_return MxFindings{Finding::published(), Finding::from_bool(is_null_mx(*set)),
                       Finding::from_bool(has_address_literal(*set))};
}

}  // namespace dauth::scanner

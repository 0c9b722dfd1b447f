#include "scanner/probe/dmarc_probe.h"

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/dmarc_record.h"

namespace dauth::scanner {
namespace {

using data::Finding;

DmarcFindings all(const Finding& finding) {
  return {finding, finding, finding, finding, finding, finding, finding, finding};
}

}  // namespace

Probe<DmarcFindings> probe_dmarc(Inquiry& inquiry, const dns::DomainName& domain) {
  const dns::LookupOutcome& outcome = co_await inquiry.ask(domain.child("_dmarc"), dns::RrType::kTxt);
  if (const auto cause = cause_of_failure(outcome)) co_return all(Finding::unmeasured(*cause));

  DmarcFindings findings = all(Finding::absent());
  std::vector<std::string> records = text_records(outcome);
  std::erase_if(records, [](const std::string& text) { return !is_dmarc_record(text); });
  if (records.size() > 1) findings.multiple = Finding::published();
  if (records.size() != 1) co_return findings;

  findings.dmarc = Finding::published();
  const auto record = parse_dmarc(records.front());
  if (!record) {
    findings.invalid = Finding::published();
    co_return findings;
  }
  findings.policy_none = Finding::from_bool(record->policy == DmarcPolicy::kNone);
  findings.policy_quarantine = Finding::from_bool(record->policy == DmarcPolicy::kQuarantine);
  findings.policy_reject = Finding::from_bool(record->policy == DmarcPolicy::kReject);
  findings.rua = Finding::from_bool(record->asks_for_reports());
  findings.testing = Finding::from_bool(record->testing == DmarcTesting::kYes);
  co_return findings;
}

}  // namespace dauth::scanner

// DMARC policy discovery (RFC 9989 section 4.10.1): which record applies to mail from a domain, and what it
// asks for mail that fails.
//
// What is not known because a question failed stays unknown, with its cause; it never becomes "no record".
#pragma once

#include <optional>
#include <vector>

#include "data/finding.h"
#include "scanner/postmaster/dmarc_reports.h"
#include "scanner/postmaster/dmarc_tree_walk.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

enum class DmarcStatus : std::uint8_t {
  kApplies,   // a record applies; `applied`
  kNoRecord,  // none anywhere: DMARC does not apply to the domain
  kUnusable,  // the record that would apply has an invalid policy and no valid rua: no DMARC processing
  kUnknown,   // a question failed: `cause`
};

// Where the record that applies stands.
enum class DmarcRecordPlace : std::uint8_t { kDomainItself, kOrganizationalDomain, kPublicSuffix };

// Which tag gives the policy.
enum class DmarcPolicyTag : std::uint8_t {
  kP,
  kSp,             // the domain exists below the record's
  kNp,             // the domain does not exist
  kMissing,        // no tag p: none (section 4.7)
  kInvalidToNone,  // p, sp or np invalid, but a valid rua: none (section 4.10.1)
};

struct DmarcPolicyInEffect {
  // Nothing where it depends on whether the domain exists, and that question failed.
  std::optional<DmarcPolicy> published;
  std::optional<DmarcPolicy> effective;  // one level lower where t=y (section 4.7)
  DmarcPolicyTag tag = DmarcPolicyTag::kP;
  data::Cause cause = data::Cause::kNone;  // why there is nothing
};

struct AppliedDmarcRecord {
  std::size_t step = 0;  // of the walk; its `domain`, `records.front()` and `reading` are the record's
  DmarcRecordPlace place = DmarcRecordPlace::kDomainItself;
  DmarcPolicyInEffect policy;              // of nothing where the status is kUnusable
  std::vector<ReportDestination> reports;  // rua, then ruf
};

struct DmarcDiscovery {
  dns::DomainName domain;
  DmarcTreeWalk walk;  // from the domain; its organizational domain is what relaxed alignment compares
  data::Finding exists;
  DmarcStatus status = DmarcStatus::kUnknown;
  data::Cause cause = data::Cause::kNone;
  std::optional<AppliedDmarcRecord> applied;  // kApplies and kUnusable

  // Of the record that applies; null where there is none.
  const DmarcStep* applied_step() const { return applied ? &walk.steps[applied->step] : nullptr; }
  const DmarcRecord* record() const { return applied ? &walk.steps[applied->step].reading->record : nullptr; }
};

// The policy one level lower: what t=y makes of it.
DmarcPolicy lowered_for_testing(DmarcPolicy policy);

// `domain` has to outlive the probe.
Probe<DmarcDiscovery> discover_dmarc(Inquiry& inquiry, const dns::DomainName& domain);

}  // namespace dauth::scanner

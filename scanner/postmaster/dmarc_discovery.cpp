#include "scanner/postmaster/dmarc_discovery.h"

#include <utility>

#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner {
namespace {

using data::Finding;

// Appendix A.4: a domain exists unless its name gives a name error, whatever RRs it has.
Finding existence_of(const dns::LookupOutcome& outcome) {
  if (const auto cause = cause_of_failure(outcome)) return Finding::unmeasured(*cause);
  return Finding::from_bool(!std::holds_alternative<dns::NxDomain>(outcome));
}

struct Place {
  std::size_t step = 0;
  DmarcRecordPlace place = DmarcRecordPlace::kDomainItself;
};

// The first of the domain's own record, that of its organizational domain, that of its public suffix. Only
// what the walk found counts: a name that the walk leapt over is not asked for a record afterwards.
std::optional<Place> place_of_record(const DmarcTreeWalk& walk) {
  if (walk.steps.empty()) return std::nullopt;
  if (walk.steps.front().reading) return Place{0, DmarcRecordPlace::kDomainItself};
  if (!walk.organizational_domain) return std::nullopt;
  if (const DmarcStep* step = walk.step_at(*walk.organizational_domain); step != nullptr && step->reading) {
    return Place{static_cast<std::size_t>(step - walk.steps.data()), DmarcRecordPlace::kOrganizationalDomain};
  }
  if (walk.reason == OrganizationalReason::kBelowPublicSuffix)
    return Place{walk.steps.size() - 1, DmarcRecordPlace::kPublicSuffix};
  return std::nullopt;
}

struct Choice {
  DmarcPolicy policy;
  DmarcPolicyTag tag;
};

DmarcPolicyInEffect policy_in_effect(const DmarcRecord& record, DmarcRecordPlace place,
                                     const Finding& exists) {
  const Choice for_domain{
      record.policy, record.policy_source == DmarcPolicySource::kPublished ? DmarcPolicyTag::kP
                     : record.policy_source == DmarcPolicySource::kMissing ? DmarcPolicyTag::kMissing
                                                                           : DmarcPolicyTag::kInvalidToNone};
  const Choice for_existing =
      record.subdomain_policy ? Choice{*record.subdomain_policy, DmarcPolicyTag::kSp} : for_domain;
  const Choice for_nonexistent =
      record.nonexistent_policy ? Choice{*record.nonexistent_policy, DmarcPolicyTag::kNp} : for_existing;

  DmarcPolicyInEffect effect;
  Choice choice = for_domain;
  if (place != DmarcRecordPlace::kDomainItself) {
    if (exists.is_unmeasured() && for_existing.policy != for_nonexistent.policy) {
      effect.cause = exists.cause;
      return effect;
    }
    choice = exists.is_absent() ? for_nonexistent : for_existing;
  }
  effect.tag = choice.tag;
  effect.published = choice.policy;
  effect.effective =
      record.testing == DmarcTesting::kYes ? lowered_for_testing(choice.policy) : choice.policy;
  return effect;
}

}  // namespace

DmarcPolicy lowered_for_testing(DmarcPolicy policy) {
  return policy == DmarcPolicy::kReject ? DmarcPolicy::kQuarantine : DmarcPolicy::kNone;
}

Probe<DmarcDiscovery> discover_dmarc(Inquiry& inquiry, const dns::DomainName& domain) {
  DmarcDiscovery found;
  found.domain = domain;
  auto walk = walk_dmarc_tree(inquiry, domain);
  walk.start();
  found.exists = existence_of(co_await inquiry.ask(domain, dns::RrType::kTxt));
  found.walk = co_await walk;

  const auto place = place_of_record(found.walk);
  if (!place) {
    found.status = found.walk.organizational_domain ? DmarcStatus::kNoRecord : DmarcStatus::kUnknown;
    found.cause = found.walk.cause;
    co_return found;
  }
  AppliedDmarcRecord& applied = found.applied.emplace();
  applied.step = place->step;
  applied.place = place->place;
  const DmarcStep& step = found.walk.steps[place->step];
  if (step.reading->unusable) {
    found.status = DmarcStatus::kUnusable;
    co_return found;
  }
  found.status = DmarcStatus::kApplies;
  applied.policy = policy_in_effect(step.reading->record, place->place, found.exists);
  auto reports = check_report_destinations(inquiry, step.domain, step.reading->record);
  reports.start();
  applied.reports = co_await reports;
  co_return found;
}

}  // namespace dauth::scanner

#include "scanner/postmaster/dmarc_tree_walk.h"

#include <algorithm>
#include <utility>

#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner {
namespace {

// Step 4: names of more labels are shortened to these at once, so that no walk takes more than eight
// questions.
constexpr std::size_t kLabelsAfterFirst = 7;

dns::DomainName last_labels(dns::DomainName name, std::size_t count) {
  while (name.label_count() > count) name = name.parent();
  return name;
}

DmarcStep step_at_name(const dns::DomainName& domain, const dns::LookupOutcome& outcome) {
  DmarcStep step;
  step.domain = domain;
  if (const auto cause = cause_of_failure(outcome)) {
    step.outcome = DmarcStep::Outcome::kFailed;
    step.cause = *cause;
    return step;
  }
  step.records = text_records(outcome);
  std::erase_if(step.records, [](const std::string& text) { return !is_dmarc_record(text); });
  if (step.records.size() > 1) {
    step.outcome = DmarcStep::Outcome::kSeveral;
  } else if (step.records.size() == 1) {
    step.outcome = DmarcStep::Outcome::kRecord;
    step.reading = read_dmarc(step.records.front()).value();
  }
  return step;
}

// Section 4.10.2, over the names for which a record was found, from the longest to the shortest.
void choose_organizational_domain(DmarcTreeWalk& walk) {
  const auto choose = [&](dns::DomainName domain, OrganizationalReason reason) {
    walk.organizational_domain = std::move(domain);
    walk.reason = reason;
  };
  if (!walk.steps.empty() && walk.steps.back().outcome == DmarcStep::Outcome::kFailed) {
    walk.reason = OrganizationalReason::kUnknown;
    walk.cause = walk.steps.back().cause;
    return;
  }
  const DmarcStep* highest = nullptr;
  for (const DmarcStep& step : walk.steps) {
    if (!step.reading) continue;
    if (step.public_suffix() == DmarcPublicSuffix::kNo)
      return choose(step.domain, OrganizationalReason::kMarkedAsOrganizational);
    // A public suffix where the walk began is not below itself.
    if (step.public_suffix() == DmarcPublicSuffix::kYes && &step != &walk.steps.front()) {
      return choose(last_labels(walk.start, step.domain.label_count() + 1),
                    OrganizationalReason::kBelowPublicSuffix);
    }
    highest = &step;
  }
  if (highest != nullptr) return choose(highest->domain, OrganizationalReason::kHighestRecord);
  choose(walk.start, OrganizationalReason::kNoRecord);
}

}  // namespace

const DmarcStep* DmarcTreeWalk::step_at(const dns::DomainName& domain) const {
  const auto found =
      std::find_if(steps.begin(), steps.end(), [&](const DmarcStep& step) { return step.domain == domain; });
  return found == steps.end() ? nullptr : &*found;
}

Probe<DmarcTreeWalk> walk_dmarc_tree(Inquiry& inquiry, const dns::DomainName& start) {
  DmarcTreeWalk walk;
  walk.start = start;
  dns::DomainName target = start;
  while (!target.is_root()) {
    const dns::LookupOutcome& outcome = co_await inquiry.ask(target.child("_dmarc"), dns::RrType::kTxt);
    const DmarcStep& step = walk.steps.emplace_back(step_at_name(target, outcome));
    if (step.outcome == DmarcStep::Outcome::kFailed) break;
    if (step.public_suffix() != DmarcPublicSuffix::kUnknown) break;
    target = last_labels(target.parent(), kLabelsAfterFirst);
  }
  choose_organizational_domain(walk);
  co_return walk;
}

}  // namespace dauth::scanner

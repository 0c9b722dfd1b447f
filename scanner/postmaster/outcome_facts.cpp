#include "scanner/postmaster/outcome_facts.h"

#include <vector>

#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner {
namespace {

const std::vector<dns::ResourceRecord>* chain_of(const dns::LookupOutcome& outcome) {
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) return &answer->chain;
  if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) return &no_data->chain;
  return nullptr;
}

}  // namespace

Fact has_records(const dns::LookupOutcome& outcome) {
  if (const auto cause = cause_of_failure(outcome)) return Fact::unknown(*cause);
  return Fact::from_bool(std::holds_alternative<dns::Answer>(outcome));
}

Fact is_alias(const dns::LookupOutcome& outcome) {
  if (const auto cause = cause_of_failure(outcome)) return Fact::unknown(*cause);
  const auto* chain = chain_of(outcome);
  return Fact::from_bool(chain != nullptr && !chain->empty());
}

std::optional<dns::DomainName> canonical_name(const dns::LookupOutcome& outcome) {
  const auto* chain = chain_of(outcome);
  if (chain == nullptr || chain->empty()) return std::nullopt;
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) return answer->rrset.front().owner;
  // Of a chain without an answer only the RRs are there: the last one's target, where it is a name.
  auto target = dns::DomainName::from_wire(chain->back().rdata);
  if (!target) return std::nullopt;
  return std::move(*target);
}

}  // namespace dauth::scanner

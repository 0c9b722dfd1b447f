#include "scanner/survey/domain_survey.h"

#include <utility>

namespace dauth::scanner {

DomainSurvey::DomainSurvey(std::pmr::memory_resource& pool, resolver::StubResolver& resolver,
                           Listener& listener, dns::DomainName domain, const ProbeSelection& selection,
                           const RandomLabelSource& random_label, std::uint64_t position)
    : Inquiry(pool),
      resolver_(resolver),
      listener_(listener),
      domain_(std::move(domain)),
      position_(position),
      probe_(probe_domain(*this, domain_, selection, random_label)) {}

void DomainSurvey::submit(Asked& asked) {
  // The question stays where it is until this survey's end, so its address is its token.
  resolver_.ask(asked.question, *this, reinterpret_cast<std::uintptr_t>(&asked));
}

void DomainSurvey::on_outcome(std::uint64_t token, dns::LookupOutcome outcome) {
  deliver(*reinterpret_cast<Asked*>(static_cast<std::uintptr_t>(token)), std::move(outcome));
  if (probe_.done()) listener_.on_domain_done(*this);
}

}  // namespace dauth::scanner

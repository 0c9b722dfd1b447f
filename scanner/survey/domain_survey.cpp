#include "scanner/survey/domain_survey.h"

#include <utility>

namespace dauth::scanner {

DomainSurvey::DomainSurvey(std::pmr::memory_resource& pool, resolver::StubResolver& resolver,
                           Listener& listener, dns::DomainName domain, const ProbeSelection& selection,
                           const RandomLabelSource& random_label, std::uint64_t position,
                           AfterFailure after_failure, SharedAnswers* shared)
    : Inquiry(pool),
      resolver_(resolver),
      shared_(shared),
      listener_(listener),
      domain_(std::move(domain)),
      position_(position),
      after_failure_(after_failure),
      probe_(probe_domain(*this, domain_, selection, random_label)) {}

void DomainSurvey::submit(Asked& asked) {
  // The question stays where it is until this survey's end, so its address is its token.
  const bool one_try = after_failure_ == AfterFailure::kOneTry && first_question_failed();
  resolver_.ask(asked.question, *this, reinterpret_cast<std::uintptr_t>(&asked), one_try ? 1 : 0);
}

// Other domains may wait for the outcome too, so how this one fares is no reason to try less.
void DomainSurvey::submit_shared(Asked& asked) {
  if (shared_ == nullptr) return submit(asked);
  const auto token = reinterpret_cast<std::uintptr_t>(&asked);
  if (const dns::LookupOutcome* known = shared_->find_or_ask(asked.question, *this, token))
    deliver(asked, *known);
}

bool DomainSurvey::first_question_failed() const {
  const auto& first = asked().front().outcome;
  return first && std::holds_alternative<dns::Failure>(*first);
}

void DomainSurvey::on_outcome(std::uint64_t token, dns::LookupOutcome outcome) {
  deliver(*reinterpret_cast<Asked*>(static_cast<std::uintptr_t>(token)), std::move(outcome));
  if (probe_.done()) listener_.on_domain_done(*this);
}

}  // namespace dauth::scanner

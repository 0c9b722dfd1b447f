#include "scanner/probe/inquiry.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner {

Inquiry::Awaiter Inquiry::ask(std::optional<dns::DomainName> name, dns::RrType type) {
  if (!name) return Awaiter(nullptr);
  const auto known = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& asked) {
    return asked.question.type == type && asked.question.name == *name;
  });
  if (known != asked_.end()) return Awaiter(&*known);
  Asked& asked = asked_.emplace_back(dns::Question{std::move(*name), type});
  submit(asked);
  return Awaiter(&asked);
}

void Inquiry::deliver(Asked& asked, dns::LookupOutcome outcome) {
  asked.outcome = std::move(outcome);
  // An awaiter lives in its probe's frame and is gone once the probe runs on: read it before resuming.
  Awaiter* waiting = std::exchange(asked.waiting, nullptr);
  while (waiting != nullptr) {
    Awaiter* const next = waiting->next_;
    waiting->probe_.resume();
    waiting = next;
  }
}

const dns::LookupOutcome& Inquiry::Awaiter::await_resume() const noexcept {
  static const dns::LookupOutcome kCannotExist = dns::NxDomain{};
  return asked_ == nullptr ? kCannotExist : *asked_->outcome;
}

}  // namespace dauth::scanner

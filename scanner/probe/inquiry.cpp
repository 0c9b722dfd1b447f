#include "scanner/probe/inquiry.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner {

Inquiry::Awaiter Inquiry::ask(std::optional<dns::DomainName> name, dns::RrType type) {
  if (!name) return Awaiter(nullptr);
  if (Asked* known = find(*name, type, Sharing::kOwn)) return Awaiter(known);
  Asked& asked = asked_.emplace_back(dns::Question{std::move(*name), type}, Sharing::kOwn);
  submit(asked);
  return Awaiter(&asked);
}

Inquiry::Awaiter Inquiry::ask_shared(const dns::DomainName& name, dns::RrType type) {
  if (Asked* known = find(name, type, Sharing::kShared)) return Awaiter(known);
  Asked& asked = asked_.emplace_back(dns::Question{name, type}, Sharing::kShared);
  submit_shared(asked);
  return Awaiter(&asked);
}

Inquiry::Asked* Inquiry::find(const dns::DomainName& name, dns::RrType type, Sharing sharing) {
  const auto known = std::find_if(asked_.begin(), asked_.end(), [&](const Asked& asked) {
    return asked.question.type == type && asked.sharing == sharing && asked.question.name == name;
  });
  return known == asked_.end() ? nullptr : &*known;
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

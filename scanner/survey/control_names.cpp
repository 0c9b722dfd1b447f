#include "scanner/survey/control_names.h"

#include <utility>

#include "scanner/survey/random_label.h"

namespace dauth::scanner {

bool ControlNames::ask(std::function<void(bool answered)> done) {
  if (names_.empty()) return false;
  done_ = std::move(done);
  attempts_left_ = kAttempts;
  ask_next();
  return true;
}

void ControlNames::ask_next() {
  --attempts_left_;
  const dns::DomainName& name = names_[asked_ % names_.size()];
  const auto below = name.child(random_label(seed_ + asked_, name));
  ++asked_;
  // A name too long for a child is asked itself.
  resolver_.ask({below ? *below : name, dns::RrType::kTxt}, *this, 0);
}

void ControlNames::on_outcome(std::uint64_t, dns::LookupOutcome outcome) {
  const bool answered = !std::holds_alternative<dns::Failure>(outcome);
  if (!answered && attempts_left_ > 0) return ask_next();
  std::exchange(done_, {})(answered);
}

}  // namespace dauth::scanner

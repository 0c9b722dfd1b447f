#include "scanner/survey/shared_answers.h"

#include <utility>

namespace dauth::scanner {
namespace {

// For questions about excluded names.
const dns::LookupOutcome& not_to_be_asked() {
  static const dns::LookupOutcome kExcluded = dns::Failure{dns::FailureCause::kExcluded, 0};
  return kExcluded;
}

}  // namespace

std::size_t SharedAnswers::Hash::operator()(const dns::Question* question) const {
  const dns::DomainName lowered = question->name.lowercased();
  const auto octets = lowered.wire();
  const std::uint64_t hash =
      data::keyed_hash(key, {reinterpret_cast<const char*>(octets.data()), octets.size()});
  return static_cast<std::size_t>(hash + static_cast<std::uint16_t>(question->type));
}

const dns::LookupOutcome* SharedAnswers::find_or_ask(const dns::Question& question,
                                                     resolver::OutcomeHandler& handler, std::uint64_t token) {
  if (excluded_.covers(question.name)) return &not_to_be_asked();
  const auto known = known_.find(&question);
  if (known != known_.end()) {
    const Entries::iterator entry = known->second;
    if (entry->outcome) {
      kept_.splice(kept_.begin(), kept_, entry);
      return &*entry->outcome;
    }
    entry->waiting.push_back({&handler, token});
    ++waiting_;
    return nullptr;
  }
  const auto entry = open_.emplace(open_.end(), question);
  known_.emplace(&entry->question, entry);
  entry->waiting.push_back({&handler, token});
  ++waiting_;
  // The entry stays where it is while it is open, so its address is its token.
  resolver_.ask(entry->question, *this, reinterpret_cast<std::uintptr_t>(&*entry));
  return nullptr;
}

void SharedAnswers::on_outcome(std::uint64_t token, dns::LookupOutcome outcome) {
  const auto* question = &reinterpret_cast<const Entry*>(static_cast<std::uintptr_t>(token))->question;
  const Entries::iterator entry = known_.find(question)->second;
  const std::vector<Waiting> waiting = std::exchange(entry->waiting, {});
  entry->outcome = outcome;
  kept_.splice(kept_.begin(), open_, entry);
  if (kept_.size() > most_kept_) {
    known_.erase(&kept_.back().question);
    kept_.pop_back();
  }
  // They may want more from inside this, so the entry may go meanwhile.
  for (const Waiting& each : waiting) {
    --waiting_;
    each.handler->on_outcome(each.token, outcome);
  }
}

void SharedAnswers::forget_failures() {
  for (auto entry = kept_.begin(); entry != kept_.end();) {
    if (!std::holds_alternative<dns::Failure>(*entry->outcome)) {
      ++entry;
      continue;
    }
    known_.erase(&entry->question);
    entry = kept_.erase(entry);
  }
}

}  // namespace dauth::scanner

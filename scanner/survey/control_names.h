// ControlNames: does the resolver find the way at present? Names that were measured before are its proof.
//
// The question is TXT at a fresh random label below such a name, so that no cache answers it: the name's own
// servers must be asked. Any outcome but a Failure will do. Owns nothing but the names; borrows the resolver.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/stub_resolver.h"

namespace dauth::scanner {

class ControlNames final : private resolver::OutcomeHandler {
 public:
  // `seed` makes the labels; another one for each process, since labels of an earlier one may be in caches.
  ControlNames(resolver::StubResolver& resolver, std::uint64_t seed) : resolver_(resolver), seed_(seed) {}

  // They take turns.
  void set_names(std::vector<dns::DomainName> names) { names_ = std::move(names); }

  // One question at a time: false at once where there are no names, else `done` is called later, with true as
  // soon as one name has an answer and with false after kAttempts names without one. Not while one is open.
  bool ask(std::function<void(bool answered)> done);

  static constexpr std::uint32_t kAttempts = 3;

 private:
  void ask_next();
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override;

  resolver::StubResolver& resolver_;
  const std::uint64_t seed_;
  std::vector<dns::DomainName> names_;
  std::function<void(bool)> done_;
  std::uint64_t asked_ = 0;
  std::uint32_t attempts_left_ = 0;
};

}  // namespace dauth::scanner

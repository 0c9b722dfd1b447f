// ResolverInquiry: an Inquiry whose questions go to the stub resolver.
//
// Borrows the resolver, which outlives it; a question that is open at its end must have been forgotten by
// StubResolver::cancel_all(). on_answered() is called after each outcome, when the probes that waited for it
// have run on: the place to look whether they are done.
#pragma once

#include <functional>
#include <utility>

#include "resolver/stub_resolver.h"
#include "scanner/probe/inquiry.h"

namespace dauth::scanner {

class ResolverInquiry final : public Inquiry, private resolver::OutcomeHandler {
 public:
  ResolverInquiry(std::pmr::memory_resource& pool, resolver::StubResolver& resolver,
                  std::function<void()> on_answered)
      : Inquiry(pool), resolver_(resolver), on_answered_(std::move(on_answered)) {}

 private:
  void submit(Asked& asked) override {
    // The question stays where it is until this inquiry's end, so its address is its token.
    resolver_.ask(asked.question, *this, reinterpret_cast<std::uintptr_t>(&asked));
  }
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override {
    deliver(*reinterpret_cast<Asked*>(static_cast<std::uintptr_t>(token)), std::move(outcome));
    on_answered_();
  }

  resolver::StubResolver& resolver_;
  std::function<void()> on_answered_;
};

}  // namespace dauth::scanner

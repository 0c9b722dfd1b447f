// CheckedDomain: one domain on its way through `dauth check`, from its first question to what is printed.
//
// Owns its questions and probes; borrows the resolver, the pool and the query, which outlive it. A question
// that is open at its end must have been forgotten by StubResolver::cancel_all().
#pragma once

#include <functional>
#include <memory_resource>

#include "resolver/stub_resolver.h"
#include "scanner/cli/check/check_domain.h"
#include "scanner/survey/resolver_inquiry.h"

namespace dauth::scanner::cli {

class CheckedDomain {
 public:
  // `on_done` is called once, from the loop.
  CheckedDomain(std::pmr::memory_resource& pool, resolver::StubResolver& resolver, dns::DomainName domain,
                const CheckQuery& query, std::function<void()> on_done);

  void start() { probe_.start(); }

  const dns::DomainName& domain() const { return domain_; }
  const CheckInquiries& inquiries() const { return inquiries_; }
  // Once it is done.
  const std::optional<DomainCheck>& result() const { return result_; }

  // Every question so far came to nothing but silence.
  bool has_only_silence() const;

 private:
  void look_whether_done();

  const dns::DomainName domain_;
  std::function<void()> on_done_;
  ResolverInquiry inquiry_;
  CheckInquiries inquiries_;
  Probe<DomainCheck> probe_;
  std::optional<DomainCheck> result_;
};

}  // namespace dauth::scanner::cli

#include "scanner/probe/mx_hosts_probe.h"

#include <vector>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/mx_set.h"

namespace dauth::scanner {
namespace {

using data::Cause;
using data::Finding;
using dns::RrType;

MxHostsFindings both(const Finding& finding) {
  return {finding, finding};
}

// What is known of some questions: whether one was answered with RRs, and else why it may yet be so.
class Addresses {
 public:
  void add(const dns::LookupOutcome& outcome) {
    found_ |= std::holds_alternative<dns::Answer>(outcome);
    if (const auto cause = cause_of_failure(outcome)) add(*cause);
  }
  // A host that must not be asked is told only where nothing else failed: what failed is asked again.
  void add(Cause cause) {
    if (cause_ == Cause::kNone || cause_ == Cause::kExcluded) cause_ = cause;
  }

  Finding finding(const Finding& if_found, const Finding& if_not) const {
    if (found_) return if_found;
    return cause_ == Cause::kNone ? if_not : Finding::unmeasured(cause_);
  }

 private:
  bool found_ = false;
  Cause cause_ = Cause::kNone;
};

}  // namespace

Probe<MxHostsFindings> probe_mx_hosts(Inquiry& inquiry, const dns::DomainName& domain) {
  const dns::LookupOutcome& outcome = co_await inquiry.ask(domain, RrType::kMx);
  if (const auto cause = cause_of_failure(outcome)) co_return both(Finding::unmeasured(*cause));
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  // Mail then goes to the domain itself (RFC 5321 section 5.1), but these findings are about MX hosts.
  if (answer == nullptr) co_return both(Finding::absent());
  const auto set = parse_mx_set(answer->rrset);
  if (!set) co_return both(Finding::unmeasured(Cause::kMalformed));
  if (is_null_mx(*set)) co_return both(Finding::absent());

  std::vector<dns::DomainName> hosts = hosts_of(*set, kMostMxHosts + 1);
  const bool all_are_asked = hosts.size() <= kMostMxHosts;
  if (!all_are_asked) hosts.pop_back();
  // All are asked before the first is waited for.
  for (const dns::DomainName& host : hosts) {
    static_cast<void>(inquiry.ask_shared(host, RrType::kA));
    static_cast<void>(inquiry.ask_shared(host, RrType::kAaaa));
  }
  Addresses ipv6;
  Addresses any;
  for (const dns::DomainName& host : hosts) {
    any.add(co_await inquiry.ask_shared(host, RrType::kA));
    const dns::LookupOutcome& aaaa = co_await inquiry.ask_shared(host, RrType::kAaaa);
    any.add(aaaa);
    ipv6.add(aaaa);
  }
  if (!all_are_asked) {
    any.add(Cause::kNotAsked);
    ipv6.add(Cause::kNotAsked);
  }
  co_return MxHostsFindings{ipv6.finding(Finding::published(), Finding::absent()),
                            any.finding(Finding::absent(), Finding::published())};
}

}  // namespace dauth::scanner

#include "scanner/probe/domain_probe.h"

#include <optional>

#include "scanner/probe/dkim_policy_probe.h"
#include "scanner/probe/dmarc_probe.h"
#include "scanner/probe/domainkeys_probe.h"
#include "scanner/probe/mx_hosts_probe.h"
#include "scanner/probe/mx_probe.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/probe/spf_probe.h"

namespace dauth::scanner {
namespace {

using data::Finding;
using data::Metric;
using data::Observation;

void record(const MxFindings& found, Observation& observation) {
  observation[Metric::kMx] = found.mx;
  observation[Metric::kNullMx] = found.null_mx;
  observation[Metric::kMxAddressLiteral] = found.mx_address_literal;
}

void record(const MxHostsFindings& found, Observation& observation) {
  observation[Metric::kMxIpv6] = found.ipv6;
  observation[Metric::kMxNoAddress] = found.no_address;
}

void record(const SpfFindings& found, Observation& observation) {
  observation[Metric::kSpf] = found.spf;
  observation[Metric::kSpfTxt] = found.spf_txt;
  observation[Metric::kSpfType99] = found.spf_type99;
  observation[Metric::kSpfRecord] = found.spf_record;
  observation[Metric::kSpfMultiple] = found.spf_multiple;
  observation[Metric::kSpfInvalid] = found.spf_invalid;
  observation[Metric::kSpfAllFail] = found.all_fail;
  observation[Metric::kSpfAllSoftfail] = found.all_softfail;
  observation[Metric::kSpfAllNeutral] = found.all_neutral;
  observation[Metric::kSpfAllPass] = found.all_pass;
  observation[Metric::kSpfRedirect] = found.redirect;
  observation[Metric::kSpfNoAll] = found.no_all;
  observation[Metric::kSenderId] = found.sender_id;
}

void record(const DomainkeysFindings& found, Observation& observation) {
  observation[Metric::kDomainkeysSubdomain] = found.subdomain;
  observation[Metric::kDomainkeysByA] = found.by_a;
  observation[Metric::kDomainkeysPolicy] = found.policy;
  observation.domainkeys_evidence = found.evidence;
}

void record(const DmarcFindings& found, Observation& observation) {
  observation[Metric::kDmarc] = found.dmarc;
  observation[Metric::kDmarcNone] = found.policy_none;
  observation[Metric::kDmarcQuarantine] = found.policy_quarantine;
  observation[Metric::kDmarcReject] = found.policy_reject;
  observation[Metric::kDmarcRua] = found.rua;
  observation[Metric::kDmarcTesting] = found.testing;
  observation[Metric::kDmarcMultiple] = found.multiple;
  observation[Metric::kDmarcInvalid] = found.invalid;
}

// Both published; absent as soon as one of them is.
Finding both(const Finding& a, const Finding& b) {
  if (a.is_absent() || b.is_absent()) return Finding::absent();
  if (a.is_unmeasured()) return a;
  return b;
}

// What a domain that does not exist publishes: nothing, of all that was to be measured.
Observation nothing_exists(const ProbeSelection& selection) {
  Observation observation;
  const Finding absent = Finding::absent();
  observation[Metric::kExists] = absent;
  if (selection.mx) record(MxFindings{absent, absent, absent}, observation);
  if (selection.mx_hosts) record(MxHostsFindings{absent, absent}, observation);
  if (selection.spf) {
    record(SpfFindings{absent, absent, absent, absent, absent, absent, absent, absent, absent, absent, absent,
                       absent, absent},
           observation);
  }
  if (selection.domainkeys) {
    record(DomainkeysFindings{absent, absent, absent, data::DomainkeysEvidence::kNone}, observation);
  }
  if (selection.dkim_policy) observation[Metric::kDkimPolicy] = absent;
  if (selection.dmarc)
    record(DmarcFindings{absent, absent, absent, absent, absent, absent, absent, absent}, observation);
  if (selection.mx && selection.spf) observation[Metric::kSpfWithMx] = absent;
  if (selection.mx && selection.dmarc) observation[Metric::kDmarcWithMx] = absent;
  return observation;
}

template <class T>
std::optional<Probe<T>> started_if(bool chosen, Probe<T> probe) {
  if (!chosen) return std::nullopt;
  probe.start();
  return probe;
}

}  // namespace

Probe<Observation> probe_domain(Inquiry& inquiry, const dns::DomainName& domain,
                                const ProbeSelection& selection, const RandomLabelSource& random_label) {
  const dns::LookupOutcome& existence = co_await inquiry.ask(domain, dns::RrType::kTxt);
  if (std::holds_alternative<dns::NxDomain>(existence)) co_return nothing_exists(selection);

  Observation observation;
  const auto existence_failure = cause_of_failure(existence);
  observation[Metric::kExists] =
      existence_failure ? Finding::unmeasured(*existence_failure) : Finding::published();

  auto mx = started_if(selection.mx, probe_mx(inquiry, domain));
  auto mx_hosts = started_if(selection.mx_hosts, probe_mx_hosts(inquiry, domain));
  auto spf = started_if(selection.spf, probe_spf(inquiry, domain));
  auto dmarc = started_if(selection.dmarc, probe_dmarc(inquiry, domain));
  auto domainkeys = started_if(selection.domainkeys,
                               probe_domainkeys(inquiry, domain, random_label, selection.wildcard_types));

  if (domainkeys) {
    record(co_await *domainkeys, observation);
    if (selection.dkim_policy) {
      auto dkim_policy = probe_dkim_policy(inquiry, domain, observation[Metric::kDomainkeysSubdomain]);
      dkim_policy.start();
      observation[Metric::kDkimPolicy] = co_await dkim_policy;
    }
  }
  if (mx) record(co_await *mx, observation);
  if (mx_hosts) record(co_await *mx_hosts, observation);
  if (spf) record(co_await *spf, observation);
  if (dmarc) record(co_await *dmarc, observation);
  if (mx && spf) observation[Metric::kSpfWithMx] = both(observation[Metric::kMx], observation[Metric::kSpf]);
  if (mx && dmarc)
    observation[Metric::kDmarcWithMx] = both(observation[Metric::kMx], observation[Metric::kDmarc]);
  co_return observation;
}

}  // namespace dauth::scanner

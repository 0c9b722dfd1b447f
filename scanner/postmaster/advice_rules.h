// The rules behind advise(), one function for each kind of record; private to this box.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "scanner/postmaster/advice.h"
#include "scanner/probe/inquiry.h"

namespace dauth::scanner {

// Collects advice, with the words of advice_texts.cpp.
class AdviceList {
 public:
  // The caller may change severity and reference for the case at hand.
  Advice& add(AdviceCode code, std::string subject = {});
  // The most severe first, otherwise in the order in which they were given.
  std::vector<Advice> take();

 private:
  std::vector<Advice> advice_;
};

// Severity, text, reference and remedy of a code, without a subject.
Advice advice_of(AdviceCode code);

// What is known of one question: null where it was not asked or failed, so that no rule can mistake that for
// an absence.
const dns::LookupOutcome* measured(const Inquiry& inquiry, const std::optional<dns::DomainName>& name,
                                   dns::RrType type);

void advise_on_mx(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list);
void advise_on_spf(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list);
void advise_on_breaks(const PermittedSpace& space, AdviceList& list);
void advise_on_dmarc(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list);
void advise_on_wildcards(const dns::DomainName& domain, const data::Observation& observation,
                         const Inquiry& inquiry, AdviceList& list);
void advise_on_discovery(const DmarcDiscovery& discovery, AdviceList& list);

}  // namespace dauth::scanner

// Comparing answer sections: is what `_domainkey.D` answers the same as what the wildcard `*.D` answers?
// docs/measurement-method.md section 2, "Equal means".
#pragma once

#include <string>
#include <vector>

#include "resolver/dns/lookup_outcome.h"

namespace dauth::scanner {

// The RRs on the chain of an outcome, as a set in which two answers to different qnames can be compared: the
// qname and its images under a DNAME are one placeholder, in owners and in names inside RDATA; names are
// lower case, the strings of a TXT or SPF RR joined, TTL and order gone. Empty for an outcome without RRs.
class AnswerSection {
 public:
  AnswerSection(const dns::LookupOutcome& outcome, const dns::DomainName& qname);

  bool empty() const { return records_.empty(); }
  friend bool operator==(const AnswerSection&, const AnswerSection&) = default;

 private:
  std::vector<std::string> records_;  // sorted, each once
};

}  // namespace dauth::scanner

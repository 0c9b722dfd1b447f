// NameServerOperators: who runs a name server, as far as its name tells: the registered domain it stands in.
//
// That is the public suffix (ICANN part, suffix_list.h) and one label more: "example.net" of
// ns1.dns.example.net. Under a top-level domain without a rule the suffix is that domain, as the public
// suffix list's own algorithm has it. A server that is itself a public suffix, or a single label, is its own
// operator. Owns the suffix list and, for zones repeat the same servers, the latest results in fixed memory
// (some 300 KiB).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/list/suffix_list.h"

namespace dauth::scanner {

class NameServerOperators {
 public:
  explicit NameServerOperators(std::unique_ptr<SuffixList> suffixes);

  // In lower-case A-labels without the last dot; odd octets are escaped (DomainName::to_text). Valid until
  // the next call.
  const std::string& operator_of(const dns::DomainName& server);

 private:
  struct Known {
    dns::DomainName server;
    std::string name;  // empty: nothing is known here yet
  };

  std::string look_up(const dns::DomainName& server) const;

  std::unique_ptr<SuffixList> suffixes_;
  std::vector<Known> known_;  // each server has one place, by its hash
};

}  // namespace dauth::scanner

// A script of DNS answers in which no name has a DMARC record but those given.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {

// Texts by the name at which they stand, "_dmarc.example.jp".
using TextsByName = std::map<std::string, std::vector<std::string>>;
// Outcomes of TXT by name.
using OutcomesByName = std::map<std::string, dns::LookupOutcome>;

inline dns::LookupOutcome text_answer(const std::string& owner, const std::vector<std::string>& texts) {
  std::vector<dns::ResourceRecord> rrset;
  for (const std::string& text : texts) {
    // Character-strings hold 255 octets.
    std::vector<std::string> strings;
    for (std::size_t at = 0; at == 0 || at < text.size(); at += 255) strings.push_back(text.substr(at, 255));
    rrset.push_back(text_record(owner, strings));
  }
  return answer(std::move(rrset));
}

// TXT of each of `domains` and of `_dmarc` at it and above: NoData, but for what the other two say.
inline ScriptedInquiry::Script dmarc_script(const std::vector<std::string>& domains, const TextsByName& texts,
                                            const OutcomesByName& others = {}) {
  ScriptedInquiry::Script script;
  for (const std::string& domain : domains) {
    script[{domain, dns::RrType::kTxt}] = no_data();
    for (dns::DomainName above = name(domain); !above.is_root(); above = above.parent()) {
      if (const auto dmarc = above.child("_dmarc")) script[{dmarc->to_text(), dns::RrType::kTxt}] = no_data();
    }
  }
  for (const auto& [owner, records] : texts) script[{owner, dns::RrType::kTxt}] = text_answer(owner, records);
  for (const auto& [owner, outcome] : others) script[{owner, dns::RrType::kTxt}] = outcome;
  return script;
}

}  // namespace dauth::testing

// What every probe asks of an outcome.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/finding.h"
#include "resolver/dns/lookup_outcome.h"

namespace dauth::scanner {

inline std::optional<data::Cause> cause_of_failure(const dns::LookupOutcome& outcome) {
  const auto* failure = std::get_if<dns::Failure>(&outcome);
  if (failure == nullptr) return std::nullopt;
  return data::cause_of(failure->cause);
}

// The data of each TXT or SPF RR of an answer, its strings joined; empty for any other outcome.
inline std::vector<std::string> text_records(const dns::LookupOutcome& outcome) {
  std::vector<std::string> texts;
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    texts.reserve(answer->rrset.size());
    for (const dns::ResourceRecord& record : answer->rrset) {
      texts.push_back(dns::join_character_strings(record.rdata));
    }
  }
  return texts;
}

}  // namespace dauth::scanner

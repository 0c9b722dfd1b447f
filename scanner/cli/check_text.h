// The report of `dauth check` on one domain, for a person.
#pragma once

#include <string>
#include <string_view>

#include "data/finding.h"
#include "scanner/probe/inquiry.h"

namespace dauth::scanner::cli {

enum class Explain : bool { kNo, kYes };

// Lines of at most 80 columns where the records allow: each finding with the records that it rests on; with
// kYes also each question, its outcome and what it decided.
std::string check_text(const dns::DomainName& domain, std::string_view category,
                       const data::Observation& observation, const Inquiry& inquiry, Explain explain);

// What a question was asked for: "DomainKeys step 3: is there a wildcard?".
std::string purpose_of(const dns::Question& question, const dns::DomainName& domain);

}  // namespace dauth::scanner::cli

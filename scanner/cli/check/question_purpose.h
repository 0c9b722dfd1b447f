// What the survey asks a question for, in words.
#pragma once

#include <string>

#include "resolver/dns/question.h"

namespace dauth::scanner::cli {

// "DomainKeys step 3: is there a wildcard, and what does it answer?".
std::string purpose_of(const dns::Question& question, const dns::DomainName& domain);

}  // namespace dauth::scanner::cli

// What the survey asks a question for, in words.
#pragma once

#include <string>

#include "scanner/probe/inquiry.h"

namespace dauth::scanner::cli {

// "DomainKeys step 3: is there a wildcard, and what does it answer?".
std::string purpose_of(const Inquiry::Asked& asked, const dns::DomainName& domain);

}  // namespace dauth::scanner::cli

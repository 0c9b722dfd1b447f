// The random label L of the DomainKeys procedure, step 5 (docs/measurement-method.md section 2).
//
// A keyed hash (BLAKE2b) of the domain under the run's seed: nobody outside can guess it, and yet it is the
// same when the run is resumed or judged again.
#pragma once

#include <cstdint>
#include <string>

#include "resolver/dns/domain_name.h"

namespace dauth::scanner {

// 26 lower-case letters and digits (base 32), a legal label and host name that begins with a letter.
std::string random_label(std::uint64_t seed, const dns::DomainName& domain);

}  // namespace dauth::scanner

// U-labels to A-labels (RFC 5890 to 5893, with the mapping of UTS 46, non-transitional): the only includer of
// libidn2.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/result.h"

namespace dauth::scanner {

// `utf8` is one label with characters outside ASCII. The result is one label of letters, digits and `-`
// in lower case; it may be plain ASCII, as of full-width letters. The error is the reason, for a person.
Result<std::string, std::string> to_a_label(std::string_view utf8);

}  // namespace dauth::scanner

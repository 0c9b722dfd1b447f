// Report URIs of DMARC (RFC 9989 section 4.8, dmarc-uri and obs-dmarc-uri). Pure and total.
#pragma once

#include <cstddef>
#include <string_view>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

// The URI in `element`, one element of `rua` or `ruf` without the white space around it: any URI by the
// grammar of RFC 3986, `,` and `!` encoded, without the obsolete report size ("!10m") that may stand behind
// it. `offset` is that of `element` in the record, and errors count from the record's start.
Result<std::string_view, RecordError> report_uri(std::string_view element, std::size_t offset);

}  // namespace dauth::scanner

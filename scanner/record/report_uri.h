// Report URIs of DMARC (RFC 9989 section 4.8, dmarc-uri and obs-dmarc-uri). Pure and total.
#pragma once

#include <optional>
#include <string_view>

namespace dauth::scanner {

// The URI in `element`, one element of `rua` or `ruf` without the white space around it: any URI by the
// grammar of RFC 3986, `,` and `!` encoded, without the obsolete report size ("!10m") that may stand behind
// it. Nothing where it is none.
std::optional<std::string_view> report_uri(std::string_view element);

}  // namespace dauth::scanner

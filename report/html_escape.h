// Escapers for pages and drawings: hostile text made harmless in HTML, XML and in JSON within HTML.
#pragma once

#include <string>
#include <string_view>

namespace dauth::report {

// Text of an element or of a quoted attribute, in HTML and in XML 1.0: visible_text() (report/escape.h) with
// & < > " ' as references.
std::string markup_text(std::string_view octets);

// A JSON string with its quotes, in ASCII, of visible_text(); & < > as \u00NN, so that neither `</script` nor
// `<!--` can come about in it (HTML 13.1.2.6).
std::string island_string(std::string_view octets);

}  // namespace dauth::report

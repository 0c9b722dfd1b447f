// A-labels for the generator's Japanese names (RFC 3492, RFC 5890), written apart from the scanner's own
// conversion so that the two check each other.
#pragma once

#include <string>
#include <string_view>

namespace dauth::testing {

// The A-label of a U-label in UTF-8, "xn--wgv71a119e" for "日本語"; a label of ASCII alone is returned as it
// is. The label must be in the form that IDNA 2008 asks for: nothing is mapped or checked.
std::string to_a_label(std::string_view u_label);
// The same for every label of a name.
std::string to_a_name(std::string_view u_name);

}  // namespace dauth::testing

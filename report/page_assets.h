// The texts that every page carries: Debian's Chart.js, our script and style. Embedded when building.
#pragma once

#include <string>
#include <string_view>

namespace dauth::report {

struct Asset {
  std::string_view text;    // as it stands between the tags of its element, not an octet more
  std::string_view sha256;  // of `text`, 64 hexadecimal digits
};

Asset chart_library();
Asset page_script();
Asset page_style();
// Who owns the library and under which licence: Debian's copyright file. Holds no "--", so it fits a comment.
std::string_view chart_library_licence();

// What allows the asset in a Content-Security-Policy: 'sha256-...' with its quotes (CSP 3 section 2.3.1).
std::string csp_source(const Asset& asset);

}  // namespace dauth::report

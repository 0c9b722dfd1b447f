// How the page looks on this standard output.
#pragma once

#include "scanner/cli/check/check_page.h"

namespace dauth::scanner::cli {

// At most 80 columns, fewer where the terminal is narrower. Colour on a terminal, unless NO_COLOR is set to
// something or TERM is dumb or not set (https://no-color.org).
PageStyle page_style_of_stdout();

}  // namespace dauth::scanner::cli

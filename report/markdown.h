// Markdown (GitHub's tables) from a Document; cells padded to the same width, so that the text is readable in
// a terminal as it is.
#pragma once

#include <string>

#include "report/table.h"

namespace dauth::report {

std::string to_markdown(const Document& document);

}  // namespace dauth::report

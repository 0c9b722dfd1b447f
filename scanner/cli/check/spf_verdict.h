// What SPF of a domain comes to for all senders at once, in one line.
#pragma once

#include <string>
#include <string_view>

#include "scanner/cli/check/check_page.h"
#include "scanner/spf/permitted_space.h"

namespace dauth::scanner::cli {

struct SpfVerdict {
  std::string_view word;  // "works", "breaks", ...: docs/check-json/spf.schema.json
  Mark mark = Mark::kPlain;
  std::string_view text;
};

SpfVerdict spf_verdict(const PermittedSpace& space);

// A sentence: who gets which error, and why.
std::string spf_break_text(const SpfBreak& broken);

// Whether a limit of section 4.6.4 stops somebody.
bool breaks_by(const PermittedSpace& space, SpfReason reason);

}  // namespace dauth::scanner::cli

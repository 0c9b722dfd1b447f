// `dauth check` over the served registry, and what its tests ask of the output.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {

// `dauth check ARGUMENTS --resolver` the registry's.
ProcessResult check(std::vector<std::string> arguments);

// What the registry says of its domains.
const CsvTable& registry_truth();
// The first domain of a kind of the registry.
std::string domain_of_kind(const std::string& kind);
// One of each kind.
std::vector<std::string> domains_of_all_kinds();

// The text with each run of blanks and line ends as one blank, to look for sentences that were wrapped.
std::string unwrapped(const std::string& text);

// The longest line, in characters.
std::size_t longest_line(const std::string& text);

}  // namespace dauth::testing

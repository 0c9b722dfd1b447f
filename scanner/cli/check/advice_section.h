// What to look at, in `dauth check`: each piece of advice with its reason and what to do.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/advice.h"

namespace dauth::scanner::cli {

// Nothing where there is no advice.
void add_to_page(CheckPage& page, const std::vector<Advice>& advice);
// An array; docs/check-json/advice.schema.json
nlohmann::ordered_json to_json(const std::vector<Advice>& advice);

}  // namespace dauth::scanner::cli

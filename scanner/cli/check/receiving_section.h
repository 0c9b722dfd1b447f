// Where mail for a domain goes, on the page of `dauth check` and in its JSON
// (docs/check-json/receiving.schema.json).
#pragma once

#include <nlohmann/json.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/receiving_side.h"

namespace dauth::scanner::cli {

void add_to_page(CheckPage& page, const ReceivingSide& side);
nlohmann::ordered_json to_json(const ReceivingSide& side);

}  // namespace dauth::scanner::cli

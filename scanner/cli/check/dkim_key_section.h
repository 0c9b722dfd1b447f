// A DKIM key, on the page of `dauth check` and in its JSON (docs/check-json/dkim-key.schema.json).
#pragma once

#include <nlohmann/json.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/dkim_key.h"

namespace dauth::scanner::cli {

void add_to_page(CheckPage& page, const DkimKey& key);
nlohmann::ordered_json to_json(const DkimKey& key);

}  // namespace dauth::scanner::cli

// The SPF section of `dauth check`: page and JSON say the same (docs/check-json/spf.schema.json).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/spf/examine_spf.h"

namespace dauth::scanner::cli {

void add_to_page(CheckPage& page, const SpfReport& report);
nlohmann::ordered_json to_json(const SpfReport& report);

}  // namespace dauth::scanner::cli

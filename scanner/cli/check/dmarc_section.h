// DMARC in `dauth check`: the tree walk, the record that applies, its policy, and who may get its reports.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/dmarc_discovery.h"

namespace dauth::scanner::cli {

void add_to_page(CheckPage& page, const DmarcDiscovery& dmarc);
// docs/check-json/dmarc.schema.json
nlohmann::ordered_json to_json(const DmarcDiscovery& dmarc);

}  // namespace dauth::scanner::cli

// How a mail client introduces itself, on the page of `dauth check` and in its JSON
// (docs/check-json/client.schema.json).
#pragma once

#include <nlohmann/json.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/client_identity.h"

namespace dauth::scanner::cli {

// Nothing where neither a HELO name nor an address was given.
void add_to_page(CheckPage& page, const ClientIdentity& client);
nlohmann::ordered_json to_json(const ClientIdentity& client);

}  // namespace dauth::scanner::cli

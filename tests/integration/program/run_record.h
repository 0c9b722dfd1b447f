// What `dauth runs` tells of a run, also while a scan works on it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace dauth::testing {

// The first run of the database; an empty object where there is none, or a scan is making the database just
// now.
nlohmann::json first_run(const std::string& database);
// Its rows that are committed; 0 where there is none.
std::uint64_t surveyed_names(const std::string& database);

}  // namespace dauth::testing

// What `dauth check --submission HOST` tells: the ports of one host, as text and as JSON
// (docs/check-json/submission.schema.json).
#pragma once

#include <nlohmann/json.hpp>

#include "scanner/cli/check/check_page.h"
#include "scanner/submission/submission_report.h"

namespace dauth::scanner::cli {

void add_to_page(CheckPage& page, const SubmissionReport& report);
nlohmann::ordered_json to_json(const SubmissionReport& report);

}  // namespace dauth::scanner::cli

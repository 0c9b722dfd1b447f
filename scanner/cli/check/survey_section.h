// The findings of the survey in `dauth check`, each with its reason, and the records as published.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "scanner/cli/check/check_page.h"
#include "scanner/cli/check/finding_reasons.h"

namespace dauth::scanner::cli {

struct SurveyFindings {
  std::string category;
  data::Observation found;
  std::vector<FindingReason> reasons;
};

// The domain and what a person wants to know of it first.
void add_to_page(CheckPage& page, const SurveyFindings& findings, const SurveyAnswers& answers);
// Every single finding, with the rule that decided: for --explain.
void add_all_to_page(CheckPage& page, const SurveyFindings& findings);
// An array of all findings; docs/check-json/findings.schema.json.
nlohmann::ordered_json to_json(const SurveyFindings& findings);

}  // namespace dauth::scanner::cli

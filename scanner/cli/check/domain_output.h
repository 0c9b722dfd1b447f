// What `dauth check` prints of a domain: the page for a person, or the JSON object with the same content.
#pragma once

#include <string>

#include "data/category.h"
#include "scanner/cli/check/check_page.h"
#include "scanner/cli/check/checked_domain.h"
#include "scanner/cli/check/submission_run.h"

namespace dauth::scanner::cli {

enum class Explain : bool { kNo, kYes };

// With kYes also each question and its outcome, and every finding with the rule that decided.
std::string page_of(const CheckedDomain& domain, const data::Category& category,
                    const std::vector<SubmissionHostFound>& submission, PageStyle style, Explain explain);

// One object in one line, with its LF: the members of `export --format jsonl`, and those of the topics behind
// them (docs/check-json/check.schema.json). ASCII.
std::string json_of(const CheckedDomain& domain, const data::Category& category,
                    const std::vector<SubmissionHostFound>& submission);

// A question has failed, or the survey could not tell the subdomain from its wildcard.
bool has_failed(const CheckedDomain& domain);
bool has_failed_question(const Inquiry& inquiry);

}  // namespace dauth::scanner::cli

// What was asked about a domain, in order: each question, its outcome, what it was asked for and which
// findings it decided.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "scanner/cli/check/check_page.h"
#include "scanner/cli/check/finding_reasons.h"
#include "scanner/cli/check/topic_inquiry.h"

namespace dauth::scanner::cli {

struct ExplainedQuestion {
  dns::Question question;
  dns::LookupOutcome outcome;          // an RRset in the order of its RDATA
  std::vector<std::string> asked_for;  // the survey's purpose, titles of other topics
  std::vector<data::Metric> decided;   // findings that rest on it
};

using ExplainedQuestions = std::vector<ExplainedQuestion>;

// Of all that `whole` asked and that has its outcome. `survey` is the topic that the findings come from.
ExplainedQuestions explain_questions(const Inquiry& whole, const TopicInquiry& survey,
                                     std::span<const TopicInquiry* const> others,
                                     const std::vector<FindingReason>& reasons,
                                     const dns::DomainName& domain);

// For --explain.
void add_to_page(CheckPage& page, const ExplainedQuestions& questions);
// Those that failed, in one part of the page; nothing where there are none.
void add_failures_to_page(CheckPage& page, const ExplainedQuestions& questions);
std::size_t count_failures(const ExplainedQuestions& questions);
// docs/check-json/questions.schema.json
nlohmann::ordered_json to_json(const ExplainedQuestions& questions);

}  // namespace dauth::scanner::cli

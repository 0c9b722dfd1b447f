// Why each finding of a domain is what it is: the rule that decided, in words, and where that rule stands.
//
// The findings are the probes' own; nothing is judged here again but for the sake of the words. Texts hold
// octets from the DNS as they came.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/finding.h"
#include "scanner/cli/check/survey_answers.h"

namespace dauth::scanner::cli {

struct FindingReason {
  data::Metric metric = data::Metric::kExists;
  data::Finding finding;
  std::string reason;                   // "2 MX records at example.jp"
  std::string rule;                     // "RFC 5321 section 5.1"
  std::vector<dns::Question> rests_on;  // those that were asked, in order
};

// One for each metric, in the order of data::all_metrics().
std::vector<FindingReason> finding_reasons(const data::Observation& found, const SurveyAnswers& answers);

// "published", "unmeasured (timeout)".
std::string finding_text(const data::Finding& finding);

// "Answer of 2 records", "no such records", ... of a question, for use in a sentence.
std::string outcome_words(const dns::LookupOutcome* outcome);

}  // namespace dauth::scanner::cli

// The words of finding_reasons(), probe by probe: internal to it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/finding.h"
#include "scanner/cli/check/survey_answers.h"

namespace dauth::scanner::cli {

struct ReasonWords {
  std::string reason;
  std::string rule;
};

// The section of docs/measurement-method.md that tells how a domain is probed.
std::string procedure();

// "1 MX record", "2 MX records", "no MX record".
std::string counted(std::size_t count, std::string_view thing);

// Of a finding that is published or absent. `metric` is one of the probe's.
ReasonWords mx_words(data::Metric metric, const data::Observation& found, const SurveyAnswers& answers);
ReasonWords spf_words(data::Metric metric, const data::Observation& found, const SurveyAnswers& answers);
ReasonWords domainkeys_words(data::Metric metric, const data::Observation& found,
                             const SurveyAnswers& answers);
ReasonWords dmarc_words(data::Metric metric, const data::Observation& found, const SurveyAnswers& answers);

// "it exists, and the domain has no wildcard".
std::string_view evidence_words(data::DomainkeysEvidence evidence);

}  // namespace dauth::scanner::cli

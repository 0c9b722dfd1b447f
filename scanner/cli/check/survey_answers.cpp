#include "scanner/cli/check/survey_answers.h"

#include <algorithm>

#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner::cli {

const dns::LookupOutcome* SurveyAnswers::outcome(const std::optional<dns::DomainName>& name,
                                                 dns::RrType type) const {
  if (!name) return nullptr;
  for (const Inquiry::Asked& asked : inquiry_.asked()) {
    if (asked.question.type == type && asked.question.name == *name && asked.outcome) return &*asked.outcome;
  }
  return nullptr;
}

std::vector<std::string> SurveyAnswers::texts(const std::optional<dns::DomainName>& name,
                                              dns::RrType type) const {
  const dns::LookupOutcome* found = outcome(name, type);
  if (found == nullptr) return {};
  std::vector<std::string> texts = text_records(*found);
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::optional<dns::DomainName> SurveyAnswers::below_subdomain(std::string_view label) const {
  const auto parent = subdomain();
  return parent ? parent->child(label) : std::nullopt;
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/domain_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/domain_export.h"
#include "scanner/cli/check/questions_section.h"
#include "scanner/cli/check/survey_section.h"
#include "scanner/cli/shown_evidence.h"

namespace dauth::scanner::cli {
namespace {

SurveyFindings findings_of(const CheckedDomain& domain, const data::Category& category,
                           const SurveyAnswers& answers) {
  const data::Observation& found = domain.result()->found;
  return {std::string(category.code()), found, finding_reasons(found, answers)};
}

ExplainedQuestions questions_of(const CheckedDomain& domain, const SurveyFindings& findings) {
  const auto others = domain.inquiries().others();
  return explain_questions(domain.inquiries().whole, domain.inquiries().survey, others, findings.reasons,
                           domain.domain());
}

}  // namespace

std::string page_of(const CheckedDomain& domain, const data::Category& category, PageStyle style,
                    Explain explain) {
  CheckPage page(style);
  const SurveyAnswers answers(domain.inquiries().survey, domain.domain());
  const SurveyFindings findings = findings_of(domain, category, answers);
  const ExplainedQuestions questions = questions_of(domain, findings);
  add_to_page(page, findings, answers);
  add_failures_to_page(page, questions);
  if (explain == Explain::kYes) {
    add_all_to_page(page, findings);
    add_to_page(page, questions);
  }
  return page.take();
}

std::string json_of(const CheckedDomain& domain, const data::Category& category) {
  const data::Observation& found = domain.result()->found;
  const Inquiry& survey = domain.inquiries().survey;
  std::string text;
  report::append_domain_json(text, {domain.domain().lowercased().to_text(), category, found},
                             shown_evidence(survey, domain.domain(), found));
  auto json = nlohmann::ordered_json::parse(text);
  const SurveyFindings findings = findings_of(domain, category, SurveyAnswers(survey, domain.domain()));
  json["findings"] = to_json(findings);
  json["questions"] = to_json(questions_of(domain, findings));
  // Records hold any octets: what is no UTF-8 is replaced, the rest escaped.
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool has_failed(const CheckedDomain& domain) {
  const auto& asked = domain.inquiries().whole.asked();
  return data::has_lookup_failure(domain.result()->found) ||
         std::any_of(asked.begin(), asked.end(), [](const Inquiry::Asked& question) {
           return question.outcome && std::holds_alternative<dns::Failure>(*question.outcome);
         });
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/domain_output.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/domain_export.h"
#include "scanner/cli/check/advice_section.h"
#include "scanner/cli/check/client_section.h"
#include "scanner/cli/check/dkim_key_section.h"
#include "scanner/cli/check/dmarc_section.h"
#include "scanner/cli/check/questions_section.h"
#include "scanner/cli/check/receiving_section.h"
#include "scanner/cli/check/spf_section.h"
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

template <class T>
nlohmann::ordered_json json_array(const std::vector<T>& values) {
  auto array = nlohmann::ordered_json::array();
  for (const T& value : values) array.push_back(to_json(value));
  return array;
}

}  // namespace

std::string page_of(const CheckedDomain& domain, const data::Category& category,
                    const std::vector<SubmissionHostFound>& submission, PageStyle style, Explain explain) {
  CheckPage page(style);
  const SurveyAnswers answers(domain.inquiries().survey, domain.domain());
  const SurveyFindings findings = findings_of(domain, category, answers);
  const ExplainedQuestions questions = questions_of(domain, findings);
  add_to_page(page, findings, answers);
  const DomainCheck& check = *domain.result();
  if (check.spf) {
    page.heading(check.spf->sender ? "SPF for a client" : "SPF as it works");
    add_to_page(page, *check.spf);
  }
  if (check.receiving) add_to_page(page, *check.receiving);
  if (check.dmarc) add_to_page(page, *check.dmarc);
  for (const DkimKey& key : check.dkim) add_to_page(page, key);
  if (check.client) add_to_page(page, *check.client);
  for (const SubmissionHostFound& host : submission) add_to_page(page, host);
  add_to_page(page, check.advice);
  add_failures_to_page(page, questions);
  if (explain == Explain::kYes) {
    add_all_to_page(page, findings);
    add_to_page(page, questions);
  }
  return page.take();
}

std::string json_of(const CheckedDomain& domain, const data::Category& category,
                    const std::vector<SubmissionHostFound>& submission) {
  const data::Observation& found = domain.result()->found;
  const Inquiry& survey = domain.inquiries().survey;
  std::string text;
  report::append_domain_json(text, {domain.domain().lowercased().to_text(), category, found},
                             shown_evidence(survey, domain.domain(), found));
  auto json = nlohmann::ordered_json::parse(text);
  const SurveyFindings findings = findings_of(domain, category, SurveyAnswers(survey, domain.domain()));
  json["findings"] = to_json(findings);
  const DomainCheck& check = *domain.result();
  if (check.spf) json["spf_evaluation"] = to_json(*check.spf);
  if (check.receiving) json["receiving"] = to_json(*check.receiving);
  if (check.dmarc) json["dmarc_discovery"] = to_json(*check.dmarc);
  if (!check.dkim.empty()) json["dkim_keys"] = json_array(check.dkim);
  if (check.client) json["client"] = to_json(*check.client);
  if (!submission.empty()) json["submission"] = json_array(submission);
  json["advice"] = to_json(check.advice);
  json["questions"] = to_json(questions_of(domain, findings));
  // Records hold any octets: what is no UTF-8 is replaced, the rest escaped.
  return json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

bool has_failed(const CheckedDomain& domain) {
  return data::has_lookup_failure(domain.result()->found) || has_failed_question(domain.inquiries().whole);
}

bool has_failed_question(const Inquiry& inquiry) {
  return std::any_of(inquiry.asked().begin(), inquiry.asked().end(), [](const Inquiry::Asked& asked) {
    return asked.outcome && std::holds_alternative<dns::Failure>(*asked.outcome);
  });
}

}  // namespace dauth::scanner::cli

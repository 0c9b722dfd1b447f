#include "scanner/cli/shown_evidence.h"

#include "scanner/cli/check/question_purpose.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/spf_record.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner::cli {
namespace {

void find_spf_fault(report::DomainEvidence& evidence, const dns::DomainName& domain,
                    const data::Observation& found) {
  if (!found[data::Metric::kSpfInvalid].is_published()) return;
  for (const report::AskedQuestion& asked : evidence.questions) {
    if (asked.question.type != dns::RrType::kTxt || asked.question.name != domain) continue;
    for (const std::string& text : text_records(asked.outcome)) {
      if (!is_spf_record(text)) continue;
      if (const auto record = parse_spf(text); !record)
        evidence.spf_fault = {record.error().section, record.error().offset, record.error().reason};
    }
  }
}

}  // namespace

report::DomainEvidence shown_evidence(const Inquiry& inquiry, const dns::DomainName& domain,
                                      const data::Observation& found) {
  report::DomainEvidence evidence;
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (!asked.outcome) continue;
    evidence.questions.push_back({asked.question, *asked.outcome, 0, purpose_of(asked, domain),
                                  asked.sharing == Inquiry::Sharing::kShared});
  }
  find_spf_fault(evidence, domain, found);
  return evidence;
}

Result<report::DomainEvidence, std::string> shown_evidence(const data::DomainRow& row) {
  const auto domain = dns::DomainName::from_text(row.domain);
  if (!domain) return unexpected(row.domain + " is no name");
  auto stored = data::read_stored_answers(
      row.answers, *domain, [&row](const dns::DomainName& name) { return random_label(row.seed, name); });
  if (!stored) return unexpected(std::move(stored).error());
  report::DomainEvidence evidence;
  for (data::StoredQuestion& question : *stored) {
    evidence.questions.push_back({std::move(question.question),
                                  std::move(question.outcome),
                                  question.unread,
                                  {},
                                  question.is_of_mx_host});
  }
  find_spf_fault(evidence, *domain, row.observation);
  return evidence;
}

}  // namespace dauth::scanner::cli

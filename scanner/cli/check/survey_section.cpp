#include "scanner/cli/check/survey_section.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scanner/record/mx_set.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner::cli {
namespace {

using data::Finding;
using data::Metric;
using dns::RrType;

std::string reason_text(const FindingReason& reason) {
  return fmt::format("{}: {} ({})", finding_text(reason.finding), reason.reason, reason.rule);
}

class Findings {
 public:
  Findings(CheckPage& page, const SurveyFindings& findings) : page_(page), findings_(findings) {}

  const Finding& operator[](Metric metric) const { return findings_.found[metric]; }

  void tell(std::string_view label, Metric metric, Mark of_published = Mark::kPlain) {
    const FindingReason& reason = findings_.reasons[static_cast<std::size_t>(metric)];
    page_.fact(label, reason_text(reason),
               reason.finding.is_unmeasured()  ? Mark::kWarning
               : reason.finding.is_published() ? of_published
                                               : Mark::kPlain);
  }
  void tell_if_published(std::string_view label, Metric metric, Mark mark) {
    if ((*this)[metric].is_published()) tell(label, metric, mark);
  }

 private:
  CheckPage& page_;
  const SurveyFindings& findings_;
};

void add_exchanges(CheckPage& page, const SurveyAnswers& answers) {
  const auto* outcome = answers.at_domain(RrType::kMx);
  const auto* answer = outcome == nullptr ? nullptr : std::get_if<dns::Answer>(outcome);
  if (answer == nullptr) return;
  const auto set = parse_mx_set(answer->rrset);
  if (!set) return;
  for (const MxHost& host : set->hosts)
    page.item(0, fmt::format("{:>5} {}", host.preference, host.exchange.to_text()));
}

void add_records(CheckPage& page, const std::vector<std::string>& texts, bool (*is_shown)(std::string_view)) {
  for (const std::string& text : texts) {
    if (is_shown == nullptr || is_shown(text)) page.record(text);
  }
}

bool is_shown_for_spf(std::string_view text) {
  return contains_spf_text(text);
}

// The last finding of the record's policy that is published says it best.
void tell_dmarc(Findings& findings) {
  if (findings[Metric::kDmarcMultiple].is_published()) {
    findings.tell("DMARC", Metric::kDmarc);
    findings.tell("  several records", Metric::kDmarcMultiple, Mark::kBad);
    return;
  }
  findings.tell("DMARC", Metric::kDmarc, Mark::kGood);
  if (!findings[Metric::kDmarc].is_published()) return;
  if (findings[Metric::kDmarcInvalid].is_published()) {
    findings.tell("  invalid policy", Metric::kDmarcInvalid, Mark::kBad);
    return;
  }
  findings.tell_if_published("  p=none", Metric::kDmarcNone, Mark::kPlain);
  findings.tell_if_published("  p=quarantine", Metric::kDmarcQuarantine, Mark::kGood);
  findings.tell_if_published("  p=reject", Metric::kDmarcReject, Mark::kGood);
  findings.tell("  asks for reports", Metric::kDmarcRua);
  findings.tell_if_published("  testing", Metric::kDmarcTesting, Mark::kPlain);
}

void tell_spf(CheckPage& page, Findings& findings, const SurveyAnswers& answers) {
  findings.tell("SPF", Metric::kSpf);
  if (findings[Metric::kSpfMultiple].is_published()) {
    findings.tell("  records (TXT)", Metric::kSpfMultiple, Mark::kBad);
  } else {
    findings.tell("  record (TXT)", Metric::kSpfRecord, Mark::kGood);
    findings.tell_if_published("  invalid record", Metric::kSpfInvalid, Mark::kBad);
  }
  add_records(page, answers.texts(answers.domain(), RrType::kTxt), is_shown_for_spf);
  findings.tell("  type 99", Metric::kSpfType99);
  add_records(page, answers.texts(answers.domain(), RrType::kSpf), nullptr);
  findings.tell("Sender ID", Metric::kSenderId);
}

}  // namespace

void add_to_page(CheckPage& page, const SurveyFindings& found, const SurveyAnswers& answers) {
  page.heading(answers.domain().to_text());
  Findings findings(page, found);
  findings.tell("exists", Metric::kExists);
  page.fact("category", found.category);
  if (findings[Metric::kExists].is_absent()) {
    page.remark(
        "Mail to it cannot be delivered, and mail from it is most likely forged. Is the name spelt right, "
        "and is its registration paid for?");
    return;
  }
  findings.tell("MX", Metric::kMx, Mark::kGood);
  add_exchanges(page, answers);
  findings.tell_if_published("  null MX", Metric::kNullMx, Mark::kPlain);
  findings.tell_if_published("  address as a name", Metric::kMxAddressLiteral, Mark::kBad);
  findings.tell_if_published("  no address", Metric::kMxNoAddress, Mark::kBad);
  tell_spf(page, findings, answers);
  findings.tell("_domainkey subdomain", Metric::kDomainkeysSubdomain);
  findings.tell("  DomainKeys policy", Metric::kDomainkeysPolicy);
  add_records(page, answers.texts(answers.subdomain(), RrType::kTxt), nullptr);
  findings.tell("  DKIM signing policy", Metric::kDkimPolicy);
  for (const std::string_view label : {"_policy", "_adsp"})
    add_records(page, answers.texts(answers.below_subdomain(label), RrType::kTxt), nullptr);
  tell_dmarc(findings);
  add_records(page, answers.texts(answers.domain().child("_dmarc"), RrType::kTxt), nullptr);
}

void add_all_to_page(CheckPage& page, const SurveyFindings& findings) {
  page.heading("Every finding, and the rule that decided");
  for (const FindingReason& reason : findings.reasons)
    page.fact(data::to_text(reason.metric), reason_text(reason));
}

nlohmann::ordered_json to_json(const SurveyFindings& findings) {
  auto all = nlohmann::ordered_json::array();
  for (const FindingReason& reason : findings.reasons) {
    nlohmann::ordered_json entry = {{"finding", data::to_text(reason.metric)},
                                    {"state", data::to_text(reason.finding.state)}};
    if (reason.finding.is_unmeasured()) entry["cause"] = data::to_text(reason.finding.cause);
    entry["reason"] = reason.reason;
    entry["rule"] = reason.rule;
    auto& questions = entry["questions"] = nlohmann::ordered_json::array();
    for (const dns::Question& question : reason.rests_on)
      questions.push_back(fmt::format("{} {}", question.name.to_text(), dns::to_text(question.type)));
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace dauth::scanner::cli

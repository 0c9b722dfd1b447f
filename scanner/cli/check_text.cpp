#include "scanner/cli/check_text.h"

#include <fmt/format.h>

#include <vector>

#include "scanner/cli/console.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/dmarc_record.h"
#include "scanner/record/mx_set.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner::cli {
namespace {

using data::DomainkeysEvidence;
using data::Finding;
using data::Metric;
using dns::RrType;

constexpr std::size_t kRecordIndent = 4;

const dns::LookupOutcome* outcome_of(const Inquiry& inquiry, const std::optional<dns::DomainName>& name,
                                     RrType type) {
  if (!name) return nullptr;
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (asked.question.type == type && asked.question.name == *name && asked.outcome) return &*asked.outcome;
  }
  return nullptr;
}

std::vector<std::string> texts_at(const Inquiry& inquiry, const std::optional<dns::DomainName>& name,
                                  RrType type) {
  const dns::LookupOutcome* outcome = outcome_of(inquiry, name, type);
  return outcome == nullptr ? std::vector<std::string>() : text_records(*outcome);
}

std::string finding_text(const Finding& finding) {
  if (!finding.is_unmeasured()) return std::string(data::to_text(finding.state));
  return fmt::format("unmeasured ({})", data::to_text(finding.cause));
}

std::string evidence_text(DomainkeysEvidence evidence) {
  switch (evidence) {
    case DomainkeysEvidence::kNone:
      return "";
    case DomainkeysEvidence::kNameError:
      return "the name does not exist";
    case DomainkeysEvidence::kOwnZone:
      return "a zone of its own: it has an SOA";
    case DomainkeysEvidence::kNoWildcard:
      return "it exists, and the domain has no wildcard";
    case DomainkeysEvidence::kSameAsWildcard:
      return "it answers what the domain's wildcard answers";
    case DomainkeysEvidence::kBothEmpty:
      return "neither it nor the wildcard has an answer to compare";
    case DomainkeysEvidence::kDiffersFromWildcard:
      return "it answers otherwise than the domain's wildcard";
    case DomainkeysEvidence::kWildcardVaries:
      return "the wildcard's answers change from name to name";
    case DomainkeysEvidence::kLookupFailure:
      return "a question about it failed";
  }
  return "";
}

class Report {
 public:
  void heading(std::string_view label, std::string value) {
    text_ += fmt::format("  {:<24}{}\n", label, value);
  }
  void finding(std::string_view label, const Finding& finding, std::string_view remark = "") {
    std::string value = finding_text(finding);
    if (!remark.empty()) value += fmt::format(": {}", remark);
    heading(label, std::move(value));
  }
  void record(std::string_view record) {
    text_ += fmt::format("{:{}}\"{}\"\n", "", kRecordIndent, printable(record));
  }
  void line(const std::string& line) { text_ += line + "\n"; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void mail_exchanges(Report& report, const dns::DomainName& domain, const data::Observation& found,
                    const Inquiry& inquiry) {
  report.finding("MX", found[Metric::kMx],
                 found[Metric::kNullMx].is_published() ? "null MX, the domain accepts no mail (RFC 7505)"
                 : found[Metric::kMxAddressLiteral].is_published()
                     ? "an exchange is an address, which is not a host name (RFC 1035)"
                     : "");
  const auto* outcome = outcome_of(inquiry, domain, RrType::kMx);
  const auto* answer = outcome == nullptr ? nullptr : std::get_if<dns::Answer>(outcome);
  if (answer == nullptr) return;
  const auto set = parse_mx_set(answer->rrset);
  if (!set) return;
  for (const MxHost& host : set->hosts) {
    report.line(fmt::format("{:{}}{:>5} {}", "", kRecordIndent, host.preference, host.exchange.to_text()));
  }
}

std::string spf_remark(const data::Observation& found, const std::vector<std::string>& texts) {
  if (found[Metric::kSpfMultiple].is_published())
    return "more than one record is a permerror (RFC 7208, 4.5)";
  if (found[Metric::kSpfInvalid].is_published()) {
    for (const std::string& text : texts) {
      if (!is_spf_record(text)) continue;
      const auto record = parse_spf(text);
      if (!record) {
        return fmt::format("invalid at octet {}: {} ({})", record.error().offset, record.error().reason,
                           record.error().section);
      }
    }
  }
  if (!found[Metric::kSpfRecord].is_published()) return "";
  return fmt::format("all: {}", data::spf_all_text(found));
}

void sender_policy(Report& report, const dns::DomainName& domain, const data::Observation& found,
                   const Inquiry& inquiry) {
  const auto texts = texts_at(inquiry, domain, RrType::kTxt);
  report.finding("SPF", found[Metric::kSpf]);
  report.finding("  record (TXT)", found[Metric::kSpfRecord], spf_remark(found, texts));
  for (const std::string& text : texts) {
    if (contains_spf_text(text)) report.record(text);
  }
  report.finding("  type 99", found[Metric::kSpfType99]);
  for (const std::string& text : texts_at(inquiry, domain, RrType::kSpf)) report.record(text);
  report.finding("Sender ID", found[Metric::kSenderId]);
}

void domainkeys(Report& report, const dns::DomainName& domain, const data::Observation& found,
                const Inquiry& inquiry) {
  report.finding("_domainkey subdomain", found[Metric::kDomainkeysSubdomain],
                 evidence_text(found.domainkeys_evidence));
  report.finding("  DomainKeys policy", found[Metric::kDomainkeysPolicy]);
  const auto subdomain = domain.child("_domainkey");
  for (const std::string& text : texts_at(inquiry, subdomain, RrType::kTxt)) report.record(text);
  report.finding("  DKIM signing policy", found[Metric::kDkimPolicy]);
  for (const std::string_view label : {"_policy", "_adsp"}) {
    const auto name = subdomain ? subdomain->child(label) : std::nullopt;
    for (const std::string& text : texts_at(inquiry, name, RrType::kTxt)) report.record(text);
  }
}

void dmarc(Report& report, const dns::DomainName& domain, const data::Observation& found,
           const Inquiry& inquiry) {
  std::string remark;
  if (found[Metric::kDmarcMultiple].is_published()) {
    remark = "more than one record counts as none (RFC 9989)";
  } else if (found[Metric::kDmarcInvalid].is_published()) {
    remark = "its policy is invalid";
  } else if (found[Metric::kDmarc].is_published()) {
    remark =
        fmt::format("policy {}{}{}", data::dmarc_policy_text(found),
                    found[Metric::kDmarcTesting].is_published() ? ", testing" : "",
                    found[Metric::kDmarcRua].is_published() ? ", asks for reports" : ", asks for no reports");
  }
  report.finding("DMARC", found[Metric::kDmarc], remark);
  for (const std::string& text : texts_at(inquiry, domain.child("_dmarc"), RrType::kTxt)) report.record(text);
}

}  // namespace

std::string purpose_of(const dns::Question& question, const dns::DomainName& domain) {
  const auto subdomain = domain.child("_domainkey");
  if (question.name == domain) {
    switch (question.type) {
      case RrType::kTxt:
        return "existence, SPF and Sender ID";
      case RrType::kSpf:
        return "SPF and Sender ID in type 99";
      case RrType::kMx:
        return "MX";
      default:
        return "";
    }
  }
  if (subdomain && question.name == *subdomain) {
    if (question.type == RrType::kSoa)
      return "DomainKeys step 1: does the name exist, is it a zone of its own?";
    if (question.type == RrType::kTxt) return "DomainKeys step 2: what does it answer? its policy";
    return "DomainKeys step 4: a second type to compare";
  }
  if (const auto wildcard = domain.child("*"); wildcard && question.name == *wildcard) {
    return question.type == RrType::kTxt ? "DomainKeys step 3: is there a wildcard, and what does it answer?"
                                         : "DomainKeys step 4: a second type to compare";
  }
  if (const auto name = domain.child("_dmarc"); name && question.name == *name) return "DMARC";
  if (subdomain && question.name.is_at_or_below(*subdomain)) return "signing policy of DKIM";
  return "DomainKeys step 5: does a random name answer like the wildcard?";
}

std::string check_text(const dns::DomainName& domain, std::string_view category,
                       const data::Observation& observation, const Inquiry& inquiry, Explain explain) {
  Report report;
  report.line(domain.to_text());
  report.finding("exists", observation[Metric::kExists],
                 observation[Metric::kExists].is_absent() ? "name error, so nothing below was asked" : "");
  report.heading("category", printable(category));
  mail_exchanges(report, domain, observation, inquiry);
  sender_policy(report, domain, observation, inquiry);
  domainkeys(report, domain, observation, inquiry);
  dmarc(report, domain, observation, inquiry);
  if (explain == Explain::kYes) {
    report.line("  questions");
    for (const Inquiry::Asked& asked : inquiry.asked()) {
      report.line(fmt::format("    {} {}: {}", asked.question.name.to_text(),
                              dns::to_text(asked.question.type),
                              asked.outcome ? dns::describe(*asked.outcome) : "no outcome"));
      report.line(fmt::format("      {}", purpose_of(asked.question, domain)));
    }
  }
  return report.take();
}

}  // namespace dauth::scanner::cli

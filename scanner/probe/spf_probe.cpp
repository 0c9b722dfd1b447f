#include "scanner/probe/spf_probe.h"

#include <algorithm>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

using data::Finding;

// The findings that rest on TXT alone.
void judge_text(const dns::LookupOutcome& txt, const std::vector<std::string>& texts, SpfFindings& findings) {
  if (const auto cause = cause_of_failure(txt)) {
    const Finding unmeasured = Finding::unmeasured(*cause);
    findings.spf_txt = findings.spf_record = findings.spf_multiple = findings.spf_invalid = unmeasured;
    findings.all_fail = findings.all_softfail = findings.all_neutral = findings.all_pass = unmeasured;
    findings.redirect = findings.no_all = unmeasured;
    return;
  }
  std::vector<std::string_view> records;
  for (const std::string& text : texts) {
    if (is_spf_record(text)) records.push_back(text);
  }
  findings.spf_txt = Finding::from_bool(std::any_of(texts.begin(), texts.end(), contains_spf_text));
  findings.spf_record = Finding::from_bool(!records.empty());
  findings.spf_multiple = Finding::from_bool(records.size() > 1);
  findings.spf_invalid = Finding::absent();
  std::optional<SpfAllPolicy> policy;
  if (records.size() == 1) {
    if (const auto record = parse_spf(records.front())) {
      policy = all_policy(*record);
    } else {
      findings.spf_invalid = Finding::published();
    }
  }
  findings.all_fail = Finding::from_bool(policy == SpfAllPolicy::kFail);
  findings.all_softfail = Finding::from_bool(policy == SpfAllPolicy::kSoftfail);
  findings.all_neutral = Finding::from_bool(policy == SpfAllPolicy::kNeutral);
  findings.all_pass = Finding::from_bool(policy == SpfAllPolicy::kPass);
  findings.redirect = Finding::from_bool(policy == SpfAllPolicy::kRedirect);
  findings.no_all = Finding::from_bool(policy == SpfAllPolicy::kNone);
}

}  // namespace

Probe<SpfFindings> probe_spf(Inquiry& inquiry, const dns::DomainName& domain) {
  const dns::LookupOutcome& txt = co_await inquiry.ask(domain, dns::RrType::kTxt);
  const dns::LookupOutcome& type99 = co_await inquiry.ask(domain, dns::RrType::kSpf);
  const auto txt_failure = cause_of_failure(txt);
  const auto type99_failure = cause_of_failure(type99);
  const std::vector<std::string> texts = text_records(txt);
  const std::vector<std::string> type99_texts = text_records(type99);

  SpfFindings findings;
  judge_text(txt, texts, findings);
  findings.spf_type99 = type99_failure ? Finding::unmeasured(*type99_failure)
                                       : Finding::from_bool(std::holds_alternative<dns::Answer>(type99));
  // Absent only where both questions were answered and neither shows it.
  const auto either = [&](bool shown) {
    if (shown) return Finding::published();
    if (txt_failure) return Finding::unmeasured(*txt_failure);
    if (type99_failure) return Finding::unmeasured(*type99_failure);
    return Finding::absent();
  };
  findings.spf = either(findings.spf_txt.is_published() || findings.spf_type99.is_published());
  findings.sender_id = either(std::any_of(texts.begin(), texts.end(), is_sender_id_record) ||
                              std::any_of(type99_texts.begin(), type99_texts.end(), is_sender_id_record));
  co_return findings;
}

}  // namespace dauth::scanner

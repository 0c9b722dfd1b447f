// What the SPF records of a domain give reason to say (RFC 7208).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "scanner/postmaster/advice_rules.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/octets.h"
#include "scanner/record/spf_record.h"

namespace dauth::scanner {
namespace {

using dns::RrType;

// RFC 7208 section 3.4: what fits into a datagram without EDNS (RFC 1035 section 4.2.1), and what is commonly
// let through with it, since it passes every link without fragments.
constexpr std::size_t kPlainDatagram = 512;
constexpr std::size_t kSafeDatagram = 1232;

// Octets of a response to a TXT question with this answer and without EDNS. Owners are the qname or an
// earlier owner, so each is a pointer of two octets.
std::size_t response_size(const dns::DomainName& name, const dns::Answer& answer) {
  constexpr std::size_t kHeader = 12;
  constexpr std::size_t kQuestionTail = 4;
  constexpr std::size_t kRrHead = 12;
  std::size_t size = kHeader + name.wire_length() + kQuestionTail;
  for (const dns::ResourceRecord& record : answer.chain) size += kRrHead + record.rdata.size();
  for (const dns::ResourceRecord& record : answer.rrset) size += kRrHead + record.rdata.size();
  return size;
}

// The first characters of a text as a person sees them: without blanks, quotes and other marks, lower case,
// and where in `text` the last of them ended.
struct Skeleton {
  std::string letters;
  std::size_t end = 0;
};

Skeleton skeleton_of(std::string_view text) {
  constexpr std::size_t kLetters = 4;
  Skeleton skeleton;
  for (std::size_t i = 0; i < text.size() && skeleton.letters.size() < kLetters; ++i) {
    if (!is_alphanumeric(text[i])) continue;
    skeleton.letters += lowered(text[i]);
    skeleton.end = i + 1;
  }
  return skeleton;
}

// Meant as a version 1 record, to the eye, and none: `v=spf1ip4:...`, ` v=spf1`, `"v=spf1 ..."`, `v=spf 1`,
// `spf1 ...`. What lies within a longer text is not looked for.
bool is_near_miss(std::string_view text) {
  if (is_spf_record(text) || is_sender_id_record(text)) return false;
  const Skeleton skeleton = skeleton_of(text);
  constexpr std::size_t kFarthest = 16;
  if (skeleton.end > kFarthest) return false;
  if (skeleton.letters == "vspf") return true;
  return skeleton.letters == "spf1" && skeleton.end < text.size() && is_blank(text[skeleton.end]);
}

std::string term_at(const std::string& text, std::size_t offset) {
  return text.substr(offset, text.find(' ', offset) - offset);
}

void advise_on_all(const std::string& text, const SpfRecord& record, AdviceList& list) {
  const auto all = std::find_if(
      record.directives.begin(), record.directives.end(),
      [](const SpfDirective& directive) { return std::holds_alternative<SpfAll>(directive.mechanism); });
  if (all == record.directives.end()) {
    if (!record.redirect) list.add(AdviceCode::kSpfNoAll);
    return;
  }
  const std::string term = text.substr(all->offset, all->length);
  if (all->qualifier == SpfQualifier::kPass) list.add(AdviceCode::kSpfPassAll, term);
  if (all->qualifier == SpfQualifier::kNeutral) list.add(AdviceCode::kSpfNeutralAll, term);
  std::string ignored;
  for (auto behind = all + 1; behind != record.directives.end(); ++behind) {
    if (!ignored.empty()) ignored += ' ';
    ignored += text.substr(behind->offset, behind->length);
  }
  if (!ignored.empty()) list.add(AdviceCode::kSpfTermsAfterAll, std::move(ignored));
  if (record.redirect) list.add(AdviceCode::kSpfRedirectBesideAll, term_at(text, record.redirect->offset));
}

void advise_on_record(const std::string& text, AdviceList& list) {
  const auto record = parse_spf(text);
  if (!record) {
    const RecordError& error = record.error();
    const std::string term = term_at(text, error.offset);
    list.add(AdviceCode::kSpfInvalid, term.empty()
                                          ? fmt::format("octet {}: {}", error.offset, error.reason)
                                          : fmt::format("octet {}: {}: {}", error.offset, error.reason, term))
        .reference = error.section;
    return;
  }
  advise_on_all(text, *record, list);
  for (const SpfDirective& directive : record->directives) {
    if (!std::holds_alternative<SpfPtr>(directive.mechanism)) continue;
    list.add(AdviceCode::kSpfPtr, text.substr(directive.offset, directive.length));
    break;
  }
}

void advise_on_size(const dns::DomainName& domain, const dns::Answer& answer,
                    const std::vector<std::string>& records, AdviceList& list) {
  const auto longest =
      std::max_element(records.begin(), records.end(),
                       [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  if (longest != records.end() && longest->size() > kPlainDatagram) {
    list.add(AdviceCode::kSpfRecordLong, fmt::format("{} octets", longest->size()));
    return;
  }
  const std::size_t size = response_size(domain, answer);
  if (size <= kPlainDatagram) return;
  Advice& advice =
      list.add(AdviceCode::kTxtAnswerLong, fmt::format("{} TXT RRs, {} octets", answer.rrset.size(), size));
  if (size > kSafeDatagram) advice.severity = AdviceSeverity::kWarning;
}

// Type 99 against TXT: both are known.
void advise_on_type99(const std::vector<std::string>& type99_texts, const std::vector<std::string>& records,
                      AdviceList& list) {
  const std::set<std::string> in_type99(type99_texts.begin(), type99_texts.end());
  const std::set<std::string> in_txt(records.begin(), records.end());
  if (in_txt.empty()) {
    const bool has_policy = std::any_of(in_type99.begin(), in_type99.end(), is_spf_record);
    list.add(has_policy ? AdviceCode::kSpfType99Only : AdviceCode::kSpfType99);
  } else {
    list.add(in_type99 == in_txt ? AdviceCode::kSpfType99 : AdviceCode::kSpfType99Differs);
  }
}

}  // namespace

void advise_on_spf(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list) {
  const dns::LookupOutcome* txt = measured(inquiry, domain, RrType::kTxt);
  if (txt == nullptr) return;
  const std::vector<std::string> texts = text_records(*txt);
  std::vector<std::string> records;
  for (const std::string& text : texts) {
    if (is_spf_record(text)) records.push_back(text);
  }
  for (const std::string& text : texts) {
    if (!is_near_miss(text)) continue;
    Advice& advice = list.add(AdviceCode::kSpfNearMiss, text);
    if (!records.empty()) advice.severity = AdviceSeverity::kWarning;
  }
  if (records.size() > 1) list.add(AdviceCode::kSpfMultiple, fmt::format("{} records", records.size()));
  if (records.size() == 1) advise_on_record(records.front(), list);
  if (const auto* answer = std::get_if<dns::Answer>(txt); answer != nullptr && !records.empty())
    advise_on_size(domain, *answer, records, list);

  const dns::LookupOutcome* type99 = measured(inquiry, domain, RrType::kSpf);
  if (type99 != nullptr && std::holds_alternative<dns::Answer>(*type99))
    advise_on_type99(text_records(*type99), records, list);
}

}  // namespace dauth::scanner

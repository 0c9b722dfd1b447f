// What the DMARC records of a domain, and the tree walk from it, give reason to say (RFC 9989).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "scanner/postmaster/advice_rules.h"
#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/dmarc_record.h"
#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

using dns::RrType;

constexpr std::array<std::string_view, 10> kKnownTags = {"p",     "sp",   "np", "rua", "ruf",
                                                         "adkim", "aspf", "fo", "psd", "t"};
// Appendix C.5.2: in RFC 7489 and no more.
constexpr std::array<std::string_view, 3> kGoneTags = {"pct", "rf", "ri"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view candidate) { return equals_ignoring_case(candidate, name); });
}

const DmarcTag* tag_named(const DmarcReading& reading, std::string_view name) {
  const auto found = std::find_if(reading.tags.begin(), reading.tags.end(),
                                  [&](const DmarcTag& tag) { return equals_ignoring_case(tag.name, name); });
  return found == reading.tags.end() ? nullptr : &*found;
}

std::string text_of(const DmarcTag& tag) {
  return fmt::format("{}={}", tag.name, tag.value);
}

std::string described(const std::string& text, const RecordError& error) {
  std::string part = text.substr(error.offset, text.find(';', error.offset) - error.offset);
  if (part.empty()) return fmt::format("octet {}: {}", error.offset, error.reason);
  return fmt::format("octet {}: {}: {}", error.offset, error.reason, part);
}

// Where the values of p, sp and np stand: an invalid one has advice of its own.
class PolicySpans {
 public:
  PolicySpans(const std::string& text, const DmarcReading& reading) {
    for (const std::string_view name : {"p", "sp", "np"}) {
      const DmarcTag* tag = tag_named(reading, name);
      if (tag != nullptr) spans_.push_back({tag->offset, std::min(text.find(';', tag->offset), text.size())});
    }
  }

  bool hold(const RecordError& error) const {
    return std::any_of(spans_.begin(), spans_.end(), [&](const Span& span) {
      return error.offset > span.name && error.offset <= span.end;
    });
  }

 private:
  struct Span {
    std::size_t name;
    std::size_t end;
  };
  std::vector<Span> spans_;
};

void advise_on_tags(const std::string& text, const DmarcReading& reading, AdviceList& list) {
  const PolicySpans policy(text, reading);
  for (const RecordError& error : reading.record.ignored) {
    if (policy.hold(error)) continue;
    list.add(AdviceCode::kDmarcIgnored, described(text, error)).reference = error.section;
  }
  for (const DmarcTag& tag : reading.tags) {
    if (is_one_of(tag.name, kGoneTags)) {
      Advice& advice = list.add(AdviceCode::kDmarcTagGone, text_of(tag));
      // It was meant to weaken the policy, and does so no more.
      if (equals_ignoring_case(tag.name, "pct") && tag.value != "100")
        advice.severity = AdviceSeverity::kWarning;
    } else if (!is_one_of(tag.name, kKnownTags) && !equals_ignoring_case(tag.name, "v")) {
      list.add(AdviceCode::kDmarcTagUnknown, text_of(tag));
    }
  }
  for (const std::string_view name : {"rua", "ruf"}) {
    const DmarcTag* tag = tag_named(reading, name);
    if (tag != nullptr && tag->value.find('!') != std::string::npos)
      list.add(AdviceCode::kDmarcReportSize, text_of(*tag));
  }
  const DmarcTag* fo = tag_named(reading, "fo");
  if (fo != nullptr && tag_named(reading, "ruf") == nullptr)
    list.add(AdviceCode::kDmarcFoWithoutRuf, text_of(*fo));
}

void advise_on_record(const std::string& text, AdviceList& list) {
  const DmarcReading reading = read_dmarc(text).value();
  advise_on_tags(text, reading, list);
  if (reading.unusable) {
    list.add(AdviceCode::kDmarcInvalid, described(text, *reading.unusable));
    return;
  }
  const DmarcRecord& record = reading.record;
  switch (record.policy_source) {
    case DmarcPolicySource::kInvalidToNone:
      list.add(AdviceCode::kDmarcInvalidCountsAsNone);
      break;
    case DmarcPolicySource::kMissing:
      list.add(AdviceCode::kDmarcPolicyMissing);
      break;
    case DmarcPolicySource::kPublished:
      if (record.policy == DmarcPolicy::kNone) list.add(AdviceCode::kDmarcNone);
      break;
  }
  if (record.testing == DmarcTesting::kYes && record.policy != DmarcPolicy::kNone)
    list.add(AdviceCode::kDmarcTesting);
  if (!record.asks_for_reports()) list.add(AdviceCode::kDmarcNoReports);
}

// Meant as a record and none: another case of DMARC1, something before the v, no semicolon behind it.
bool is_near_miss(std::string_view text) {
  return !is_dmarc_record(text) && contains_ignoring_case(text, "dmarc1");
}

void advise_on_destination(const ReportDestination& destination, AdviceList& list) {
  switch (destination.verdict) {
    case DestinationVerdict::kNotAuthorized:
      list.add(AdviceCode::kReportsNotAuthorized,
               fmt::format("{}: no v=DMARC1 at {}", destination.uri, destination.asked->to_text()));
      return;
    case DestinationVerdict::kNameTooLong:
      list.add(AdviceCode::kReportsNotAuthorized,
               fmt::format("{}: the name that would permit it is too long", destination.uri));
      return;
    case DestinationVerdict::kOverriddenOutside:
      list.add(AdviceCode::kReportsOverriddenOutside, destination.uri);
      return;
    case DestinationVerdict::kNoHost:
      list.add(AdviceCode::kReportsNowhere, destination.uri);
      return;
    case DestinationVerdict::kSameOrganization:
    case DestinationVerdict::kAuthorized:
    case DestinationVerdict::kUnknown:
    case DestinationVerdict::kNotChecked:
      return;
  }
}

void advise_on_inherited(const DmarcStep& step, const AppliedDmarcRecord& applied, AdviceList& list) {
  const std::string where = step.domain.to_text();
  if (step.reading->unusable) {
    list.add(AdviceCode::kDmarcInheritedInvalid, where);
    return;
  }
  if (applied.policy.published == DmarcPolicy::kNone) list.add(AdviceCode::kDmarcInheritedNone, where);
  if (!step.reading->record.asks_for_reports()) list.add(AdviceCode::kDmarcInheritedNoReports, where);
}

}  // namespace

void advise_on_dmarc(const dns::DomainName& domain, const Inquiry& inquiry, AdviceList& list) {
  const dns::LookupOutcome* outcome = measured(inquiry, domain.child("_dmarc"), RrType::kTxt);
  std::vector<std::string> records;
  if (outcome != nullptr) {
    const std::vector<std::string> texts = text_records(*outcome);
    for (const std::string& text : texts) {
      if (is_dmarc_record(text)) records.push_back(text);
    }
    for (const std::string& text : texts) {
      if (!is_near_miss(text)) continue;
      Advice& advice = list.add(AdviceCode::kDmarcNearMiss, text);
      if (!records.empty()) advice.severity = AdviceSeverity::kWarning;
    }
    if (records.size() > 1) list.add(AdviceCode::kDmarcMultiple, fmt::format("{} records", records.size()));
    if (records.size() == 1) advise_on_record(records.front(), list);
  }
  const dns::LookupOutcome* at_domain = measured(inquiry, domain, RrType::kTxt);
  if (at_domain == nullptr) return;
  for (const std::string& text : text_records(*at_domain)) {
    if (!is_dmarc_record(text)) continue;
    Advice& advice = list.add(AdviceCode::kDmarcAtDomain, text);
    // Only where it is known that nothing stands in the right place is this what keeps DMARC from working.
    if (outcome == nullptr || !records.empty()) advice.severity = AdviceSeverity::kWarning;
  }
}

void advise_on_discovery(const DmarcDiscovery& discovery, AdviceList& list) {
  if (discovery.status == DmarcStatus::kNoRecord && discovery.exists.is_published()) {
    // Several records at the domain have been told already.
    const bool has_several =
        !discovery.walk.steps.empty() && discovery.walk.steps.front().outcome == DmarcStep::Outcome::kSeveral;
    if (!has_several) list.add(AdviceCode::kDmarcMissing);
  }
  if (!discovery.applied) return;
  if (discovery.applied->place != DmarcRecordPlace::kDomainItself)
    advise_on_inherited(*discovery.applied_step(), *discovery.applied, list);
  for (const ReportDestination& destination : discovery.applied->reports)
    advise_on_destination(destination, list);
}

}  // namespace dauth::scanner

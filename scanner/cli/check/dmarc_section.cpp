#include "scanner/cli/check/dmarc_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "scanner/cli/check/dmarc_words.h"

namespace dauth::scanner::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dmarc_name(const dns::DomainName& domain) {
  const auto name = domain.child("_dmarc");
  return name ? name->to_text() : fmt::format("_dmarc.{} (longer than a name can be)", domain.to_text());
}

void add_policy(CheckPage& page, const DmarcDiscovery& dmarc) {
  switch (dmarc.status) {
    case DmarcStatus::kNoRecord:
      page.fact("policy", "no DMARC record applies", Mark::kWarning);
      page.remark(
          "There is none at the domain, its organizational domain, or a public suffix above, so receivers "
          "do no DMARC processing (RFC 9989 section 4.10.1).");
      return;
    case DmarcStatus::kUnknown:
      page.fact("policy", fmt::format("not known, a question failed ({})", data::to_text(dmarc.cause)),
                Mark::kWarning);
      return;
    case DmarcStatus::kUnusable:
      page.fact("policy", "none that holds", Mark::kBad);
      break;
    case DmarcStatus::kApplies: {
      const DmarcPolicyInEffect& policy = dmarc.applied->policy;
      if (!policy.effective) {
        page.fact("policy", "not known", Mark::kWarning);
      } else {
        page.fact("policy", word_of(*policy.effective),
                  policy.effective == DmarcPolicy::kNone ? Mark::kPlain : Mark::kGood);
      }
      break;
    }
  }
  page.remark(policy_reason(dmarc));
}

Mark mark_of(DestinationVerdict verdict) {
  switch (verdict) {
    case DestinationVerdict::kSameOrganization:
    case DestinationVerdict::kAuthorized:
      return Mark::kGood;
    case DestinationVerdict::kNotAuthorized:
    case DestinationVerdict::kOverriddenOutside:
    case DestinationVerdict::kNameTooLong:
      return Mark::kBad;
    case DestinationVerdict::kNoHost:
    case DestinationVerdict::kUnknown:
      return Mark::kWarning;
    case DestinationVerdict::kNotChecked:
      return Mark::kPlain;
  }
  return Mark::kPlain;
}

void add_reports(CheckPage& page, const DmarcRecord& record, const std::vector<ReportDestination>& reports) {
  for (const ReportKind kind : {ReportKind::kAggregate, ReportKind::kFailure}) {
    const bool is_aggregate = kind == ReportKind::kAggregate;
    const auto count = std::count_if(reports.begin(), reports.end(),
                                     [&](const ReportDestination& report) { return report.kind == kind; });
    std::string value = count == 0 ? "not asked for" : fmt::format("{} to", word_of(kind));
    if (!is_aggregate && count > 0) value = failure_options_text(record.failure_options) + "; ruf to";
    page.fact(is_aggregate ? "aggregate reports" : "failure reports", value);
    std::size_t unchecked = 0;
    for (const ReportDestination& report : reports) {
      if (report.kind != kind) continue;
      if (report.verdict == DestinationVerdict::kNotChecked) {
        ++unchecked;
        continue;
      }
      page.item(0, report.uri);
      page.item(1, verdict_text(report), mark_of(report.verdict));
      for (const std::string& uri : report.overriding_uris)
        page.item(1, fmt::format("the permission has them sent to {} instead", uri));
    }
    if (unchecked > 0)
      page.item(0, fmt::format("{} more, not looked at: only the first {} addresses are", unchecked,
                               kMaxDestinations));
  }
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}
Json cause_or_null(data::Cause cause) {
  return text_or_null(data::to_text(cause));
}
Json policy_or_null(const std::optional<DmarcPolicy>& policy) {
  return policy ? Json(word_of(*policy)) : Json(nullptr);
}
Json name_or_null(const std::optional<dns::DomainName>& name) {
  return name ? Json(name->to_text()) : Json(nullptr);
}

Json step_json(const DmarcStep& step) {
  return {{"domain", step.domain.to_text()},
          {"outcome", word_of(step.outcome)},
          {"cause", cause_or_null(step.cause)},
          {"psd", step.reading ? Json(word_of(step.public_suffix())) : Json(nullptr)},
          {"records", step.records}};
}

Json record_json(const DmarcStep& step, DmarcRecordPlace place) {
  const DmarcRecord& record = step.reading->record;
  const bool has_policy = record.policy_source == DmarcPolicySource::kPublished;
  Json ignored = Json::array();
  for (const RecordError& error : record.ignored)
    ignored.push_back({{"octet", error.offset}, {"reason", error.reason}, {"reference", error.section}});
  return {{"domain", step.domain.to_text()},
          {"place", word_of(place)},
          {"text", step.records.front()},
          {"p", has_policy ? Json(word_of(record.policy)) : Json(nullptr)},
          {"sp", policy_or_null(record.subdomain_policy)},
          {"np", policy_or_null(record.nonexistent_policy)},
          {"adkim", word_of(record.dkim_alignment)},
          {"aspf", word_of(record.spf_alignment)},
          {"fo",
           {{"trigger",
             record.failure_options.trigger == DmarcFailureOptions::Trigger::kAnyFails ? "any" : "all"},
            {"dkim", record.failure_options.dkim_reports},
            {"spf", record.failure_options.spf_reports}}},
          {"psd", word_of(record.public_suffix)},
          {"testing", record.testing == DmarcTesting::kYes},
          {"ignored", std::move(ignored)}};
}

Json policy_json(const DmarcPolicyInEffect& policy) {
  return {{"published", policy_or_null(policy.published)},
          {"effective", policy_or_null(policy.effective)},
          {"tag", policy.published ? Json(word_of(policy.tag)) : Json(nullptr)},
          {"cause", cause_or_null(policy.cause)}};
}

Json destination_json(const ReportDestination& report) {
  return {{"kind", word_of(report.kind)},
          {"uri", report.uri},
          {"verdict", word_of(report.verdict)},
          {"cause", cause_or_null(report.cause)},
          {"host", name_or_null(report.host)},
          {"organizational_domain", name_or_null(report.organizational_domain)},
          {"asked", name_or_null(report.asked)},
          {"permissions", report.permissions},
          {"overriding", report.overriding_uris}};
}

}  // namespace

void add_to_page(CheckPage& page, const DmarcDiscovery& dmarc) {
  page.heading("DMARC");
  add_policy(page, dmarc);
  if (const DmarcStep* step = dmarc.applied_step()) {
    page.fact("record at", dmarc_name(step->domain));
    page.record(step->records.front());
  }
  page.fact("organizational domain",
            dmarc.walk.organizational_domain ? dmarc.walk.organizational_domain->to_text() : "not known",
            dmarc.walk.organizational_domain ? Mark::kPlain : Mark::kWarning);
  page.remark(organizational_reason(dmarc.walk));
  if (dmarc.status == DmarcStatus::kApplies) {
    const DmarcRecord& record = *dmarc.record();
    page.fact("alignment",
              fmt::format("DKIM {}, SPF {}", word_of(record.dkim_alignment), word_of(record.spf_alignment)));
    add_reports(page, record, dmarc.applied->reports);
  }
  page.fact("tree walk", "names asked for a record (RFC 9989 section 4.10)");
  for (const DmarcStep& step : dmarc.walk.steps) {
    const Mark mark = step.outcome == DmarcStep::Outcome::kSeveral  ? Mark::kBad
                      : step.outcome == DmarcStep::Outcome::kFailed ? Mark::kWarning
                                                                    : Mark::kPlain;
    page.item(0, fmt::format("{}: {}", dmarc_name(step.domain), step_text(step)), mark);
  }
}

Json to_json(const DmarcDiscovery& dmarc) {
  Json walk = Json::array();
  for (const DmarcStep& step : dmarc.walk.steps) walk.push_back(step_json(step));
  Json reports = Json::array();
  if (dmarc.applied) {
    for (const ReportDestination& report : dmarc.applied->reports)
      reports.push_back(destination_json(report));
  }
  const bool applies = dmarc.status == DmarcStatus::kApplies;
  return {
      {"domain", dmarc.domain.to_text()},
      {"exists", dmarc.exists.is_unmeasured() ? Json(nullptr) : Json(dmarc.exists.is_published())},
      {"status", word_of(dmarc.status)},
      {"cause", dmarc.status == DmarcStatus::kUnknown ? cause_or_null(dmarc.cause) : Json(nullptr)},
      {"policy", applies ? policy_json(dmarc.applied->policy) : Json(nullptr)},
      {"record", dmarc.applied ? record_json(*dmarc.applied_step(), dmarc.applied->place) : Json(nullptr)},
      {"organizational_domain",
       {{"domain", name_or_null(dmarc.walk.organizational_domain)},
        {"reason", word_of(dmarc.walk.reason)},
        {"cause", cause_or_null(dmarc.walk.cause)}}},
      {"tree_walk", std::move(walk)},
      {"report_destinations", std::move(reports)}};
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/dmarc_words.h"

#include <fmt/format.h>

namespace dauth::scanner::cli {

std::string_view word_of(DmarcStatus status) {
  switch (status) {
    case DmarcStatus::kApplies:
      return "applies";
    case DmarcStatus::kNoRecord:
      return "no_record";
    case DmarcStatus::kUnusable:
      return "unusable";
    case DmarcStatus::kUnknown:
      return "unknown";
  }
  return "";
}

std::string_view word_of(DmarcRecordPlace place) {
  switch (place) {
    case DmarcRecordPlace::kDomainItself:
      return "domain";
    case DmarcRecordPlace::kOrganizationalDomain:
      return "organizational_domain";
    case DmarcRecordPlace::kPublicSuffix:
      return "public_suffix";
  }
  return "";
}

std::string_view word_of(DmarcPolicyTag tag) {
  switch (tag) {
    case DmarcPolicyTag::kP:
      return "p";
    case DmarcPolicyTag::kSp:
      return "sp";
    case DmarcPolicyTag::kNp:
      return "np";
    case DmarcPolicyTag::kMissing:
      return "missing";
    case DmarcPolicyTag::kInvalidToNone:
      return "invalid";
  }
  return "";
}

std::string_view word_of(DmarcPolicy policy) {
  switch (policy) {
    case DmarcPolicy::kNone:
      return "none";
    case DmarcPolicy::kQuarantine:
      return "quarantine";
    case DmarcPolicy::kReject:
      return "reject";
  }
  return "";
}

std::string_view word_of(DmarcAlignment alignment) {
  return alignment == DmarcAlignment::kStrict ? "strict" : "relaxed";
}

std::string_view word_of(DmarcPublicSuffix public_suffix) {
  switch (public_suffix) {
    case DmarcPublicSuffix::kYes:
      return "y";
    case DmarcPublicSuffix::kNo:
      return "n";
    case DmarcPublicSuffix::kUnknown:
      return "u";
  }
  return "";
}

std::string_view word_of(OrganizationalReason reason) {
  switch (reason) {
    case OrganizationalReason::kMarkedAsOrganizational:
      return "psd_n";
    case OrganizationalReason::kBelowPublicSuffix:
      return "below_psd_y";
    case OrganizationalReason::kHighestRecord:
      return "highest_record";
    case OrganizationalReason::kNoRecord:
      return "no_record";
    case OrganizationalReason::kUnknown:
      return "unknown";
  }
  return "";
}

std::string_view word_of(DmarcStep::Outcome outcome) {
  switch (outcome) {
    case DmarcStep::Outcome::kRecord:
      return "record";
    case DmarcStep::Outcome::kSeveral:
      return "several";
    case DmarcStep::Outcome::kNoRecord:
      return "no_record";
    case DmarcStep::Outcome::kFailed:
      return "failed";
  }
  return "";
}

std::string_view word_of(DestinationVerdict verdict) {
  switch (verdict) {
    case DestinationVerdict::kSameOrganization:
      return "same_organization";
    case DestinationVerdict::kAuthorized:
      return "authorized";
    case DestinationVerdict::kNotAuthorized:
      return "not_authorized";
    case DestinationVerdict::kOverriddenOutside:
      return "overridden_outside";
    case DestinationVerdict::kNoHost:
      return "no_host";
    case DestinationVerdict::kNameTooLong:
      return "name_too_long";
    case DestinationVerdict::kUnknown:
      return "unknown";
    case DestinationVerdict::kNotChecked:
      return "not_checked";
  }
  return "";
}

std::string_view word_of(ReportKind kind) {
  return kind == ReportKind::kAggregate ? "rua" : "ruf";
}

std::string policy_reason(const DmarcDiscovery& dmarc) {
  const AppliedDmarcRecord& applied = *dmarc.applied;
  const std::string place = applied.place == DmarcRecordPlace::kDomainItself ? "the domain's own record"
                            : applied.place == DmarcRecordPlace::kOrganizationalDomain
                                ? "the record of its organizational domain"
                                : "the record of the public suffix above it";
  if (dmarc.status == DmarcStatus::kUnusable) {
    return fmt::format(
        "{} has an invalid p, sp or np and no valid report address, so receivers do no DMARC "
        "processing (RFC 9989 section 4.10.1)",
        place);
  }
  const DmarcPolicyInEffect& policy = applied.policy;
  if (!policy.published) {
    return fmt::format(
        "{} has different policies for names that exist and names that do not, and whether this one "
        "exists is not known ({})",
        place, data::to_text(policy.cause));
  }
  std::string reason;
  switch (policy.tag) {
    case DmarcPolicyTag::kP:
      reason = fmt::format("p of {}", place);
      break;
    case DmarcPolicyTag::kSp:
      reason = fmt::format("sp (subdomains) of {}", place);
      break;
    case DmarcPolicyTag::kNp:
      reason = fmt::format("np (names that do not exist) of {}", place);
      break;
    case DmarcPolicyTag::kMissing:
      reason = fmt::format("{} has no p, which counts as none (RFC 9989 section 4.7)", place);
      break;
    case DmarcPolicyTag::kInvalidToNone:
      reason = fmt::format(
          "{} has an invalid p, sp or np, which counts as none since it asks for reports (RFC 9989 "
          "section 4.10.1)",
          place);
      break;
  }
  if (policy.published != policy.effective) {
    reason += fmt::format("; it says {}, and t=y (testing) asks for one level lower (RFC 9989 section 4.7)",
                          word_of(*policy.published));
  }
  return reason;
}

std::string organizational_reason(const DmarcTreeWalk& walk) {
  switch (walk.reason) {
    case OrganizationalReason::kMarkedAsOrganizational:
      return "its record says psd=n";
    case OrganizationalReason::kBelowPublicSuffix:
      return "the record of the name above it says psd=y, a public suffix";
    case OrganizationalReason::kHighestRecord:
      return "the highest name with a DMARC record";
    case OrganizationalReason::kNoRecord:
      return "no name above has a DMARC record";
    case OrganizationalReason::kUnknown:
      return fmt::format("a question of the tree walk failed ({})", data::to_text(walk.cause));
  }
  return "";
}

std::string step_text(const DmarcStep& step) {
  switch (step.outcome) {
    case DmarcStep::Outcome::kRecord:
      switch (step.public_suffix()) {
        case DmarcPublicSuffix::kYes:
          return "a record with psd=y, which ends the walk";
        case DmarcPublicSuffix::kNo:
          return "a record with psd=n, which ends the walk";
        case DmarcPublicSuffix::kUnknown:
          return "a record";
      }
      return "";
    case DmarcStep::Outcome::kSeveral:
      return fmt::format("{} records, which count as none", step.records.size());
    case DmarcStep::Outcome::kNoRecord:
      return "no record";
    case DmarcStep::Outcome::kFailed:
      return fmt::format("not known, the question failed ({}); the walk ends", data::to_text(step.cause));
  }
  return "";
}

std::string verdict_text(const ReportDestination& destination) {
  const std::string asked = destination.asked ? destination.asked->to_text() : "";
  switch (destination.verdict) {
    case DestinationVerdict::kSameOrganization:
      return "the same organization, no permission needed";
    case DestinationVerdict::kAuthorized:
      return fmt::format("another organization, which permits it at {}", asked);
    case DestinationVerdict::kNotAuthorized:
      return fmt::format(
          "another organization, which does not permit it: no v=DMARC1 in TXT at {}; receivers must "
          "not send there",
          asked);
    case DestinationVerdict::kOverriddenOutside:
      return fmt::format(
          "the permission at {} names an address at another host; receivers must send to neither", asked);
    case DestinationVerdict::kNoHost:
      return "no host in the DNS";
    case DestinationVerdict::kNameTooLong:
      return "another organization, and the name of its permission would be too long; receivers must not "
             "send there";
    case DestinationVerdict::kUnknown:
      return fmt::format("not known whether it is permitted, a question failed ({})",
                         data::to_text(destination.cause));
    case DestinationVerdict::kNotChecked:
      return fmt::format("not looked at: only the first {} addresses are", kMaxDestinations);
  }
  return "";
}

std::string failure_options_text(const DmarcFailureOptions& options) {
  std::string text = options.trigger == DmarcFailureOptions::Trigger::kAnyFails
                         ? "where SPF or DKIM does not pass and align"
                         : "where neither SPF nor DKIM passes and aligns";
  if (options.dkim_reports) text += "; where a DKIM signature fails";
  if (options.spf_reports) text += "; where SPF fails";
  return text;
}

}  // namespace dauth::scanner::cli

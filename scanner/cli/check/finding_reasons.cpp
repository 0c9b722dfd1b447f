#include "scanner/cli/check/finding_reasons.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/cli/check/finding_words.h"
#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner::cli {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;
using dns::RrType;

enum class Topic : std::uint8_t { kExists, kMx, kSpf, kDomainkeys, kDmarc, kBoth };

Topic topic_of(Metric metric) {
  switch (metric) {
    case Metric::kExists:
      return Topic::kExists;
    case Metric::kMx:
    case Metric::kNullMx:
    case Metric::kMxAddressLiteral:
    case Metric::kMxIpv6:
    case Metric::kMxNoAddress:
      return Topic::kMx;
    case Metric::kSpfWithMx:
    case Metric::kDmarcWithMx:
      return Topic::kBoth;
    case Metric::kDomainkeysSubdomain:
    case Metric::kDomainkeysByA:
    case Metric::kDomainkeysPolicy:
    case Metric::kDkimPolicy:
      return Topic::kDomainkeys;
    case Metric::kDmarc:
    case Metric::kDmarcNone:
    case Metric::kDmarcQuarantine:
    case Metric::kDmarcReject:
    case Metric::kDmarcRua:
    case Metric::kDmarcTesting:
    case Metric::kDmarcMultiple:
    case Metric::kDmarcInvalid:
      return Topic::kDmarc;
    default:
      return Topic::kSpf;
  }
}

bool is_signing_policy_question(const dns::Question& question, const SurveyAnswers& answers) {
  return question.name == answers.below_subdomain("_policy") ||
         question.name == answers.below_subdomain("_adsp");
}

// Whether the answer to `asked`, one of the survey's, decides about `metric`.
bool decides(const Inquiry::Asked& asked, Metric metric, const SurveyAnswers& answers) {
  const dns::Question& question = asked.question;
  if (asked.sharing == Inquiry::Sharing::kShared) {
    return metric == Metric::kMxNoAddress || (metric == Metric::kMxIpv6 && question.type == RrType::kAaaa);
  }
  const bool at_domain = question.name == answers.domain();
  const bool is_text = at_domain && question.type == RrType::kTxt;
  const bool is_type99 = at_domain && question.type == RrType::kSpf;
  const bool is_mx = at_domain && question.type == RrType::kMx;
  const bool is_dmarc = question.name == answers.domain().child("_dmarc");
  switch (topic_of(metric)) {
    case Topic::kExists:
      return is_text;
    case Topic::kMx:
      return is_mx;
    case Topic::kDmarc:
      return is_dmarc;
    case Topic::kBoth:
      return is_mx || (metric == Metric::kDmarcWithMx ? is_dmarc : is_text || is_type99);
    case Topic::kSpf:
      if (metric == Metric::kSpfType99) return is_type99;
      return is_text || (is_type99 && (metric == Metric::kSpf || metric == Metric::kSenderId));
    case Topic::kDomainkeys:
      if (at_domain || is_dmarc) return false;
      return metric == Metric::kDkimPolicy || !is_signing_policy_question(question, answers);
  }
  return false;
}

std::string_view cause_words(Cause cause) {
  switch (cause) {
    case Cause::kTimeout:
      return "no server answered in time";
    case Cause::kServfail:
    case Cause::kPersistentServfail:
      return "the resolver could not find the answer (SERVFAIL)";
    case Cause::kRefused:
      return "the server refused to answer (REFUSED)";
    case Cause::kNotimp:
      return "the server does not know such questions (NOTIMP)";
    case Cause::kFormerr:
      return "the server did not understand the question (FORMERR)";
    case Cause::kOtherRcode:
      return "the server answered with another error code";
    case Cause::kMalformed:
      return "the answer cannot be read";
    case Cause::kTruncated:
      return "the answer was cut off, and could not be had over TCP";
    case Cause::kCnameLoop:
      return "the aliases go round in a circle, or over too many steps";
    case Cause::kReferral:
      return "the server only points to other servers";
    case Cause::kUnfinishedChain:
      return "the answer ends at an alias that leads on";
    case Cause::kUnreachable:
      return "nobody is there at the server's address";
    case Cause::kWildcardVaries:
      return "the wildcard's answers change from name to name, so it cannot be told from the subdomain";
    case Cause::kNotAsked:
      return "it was not asked for";
    case Cause::kExcluded:
      return "the name is excluded";
    case Cause::kNone:
      break;
  }
  return "";
}

ReasonWords unmeasured_words(const FindingReason& reason, const SurveyAnswers& answers) {
  const std::string words(cause_words(reason.finding.cause));
  if (reason.finding.cause == Cause::kWildcardVaries) return {words, procedure()};
  for (const dns::Question& question : reason.rests_on) {
    const auto* outcome = answers.outcome(question.name, question.type);
    if (outcome == nullptr || cause_of_failure(*outcome) != reason.finding.cause) continue;
    return {fmt::format("{} {} failed: {}", question.name.to_text(), dns::to_text(question.type), words),
            "measurement-method.md section 1"};
  }
  return {words, "measurement-method.md section 1"};
}

ReasonWords existence_words(const Finding& exists, const SurveyAnswers& answers) {
  if (exists.is_absent()) {
    return {"asking for TXT gives a name error: the name does not exist, and the survey asks no more",
            "RFC 8020 section 2"};
  }
  return {
      fmt::format("asking for TXT gives no name error ({})", outcome_words(answers.at_domain(RrType::kTxt))),
      procedure()};
}

ReasonWords both_words(Metric metric, const data::Observation& found) {
  const Metric other = metric == Metric::kSpfWithMx ? Metric::kSpf : Metric::kDmarc;
  const std::string name(data::to_text(other));
  if (found[metric].is_published()) return {fmt::format("{} and mx are both published", name), procedure()};
  const bool other_is_absent = found[other].is_absent();
  const bool mx_is_absent = found[Metric::kMx].is_absent();
  return {other_is_absent && mx_is_absent ? fmt::format("{} and mx are both absent", name)
                                          : fmt::format("{} is absent", other_is_absent ? name : "mx"),
          procedure()};
}

ReasonWords words_of(const FindingReason& reason, const data::Observation& found,
                     const SurveyAnswers& answers) {
  if (reason.finding.is_unmeasured()) return unmeasured_words(reason, answers);
  if (reason.metric == Metric::kExists) return existence_words(reason.finding, answers);
  if (found[Metric::kExists].is_absent()) {
    return {"the name does not exist, so nothing stands at it or below it", "RFC 8020 section 2"};
  }
  switch (topic_of(reason.metric)) {
    case Topic::kMx:
      return mx_words(reason.metric, found, answers);
    case Topic::kDomainkeys:
      return domainkeys_words(reason.metric, found, answers);
    case Topic::kDmarc:
      return dmarc_words(reason.metric, found, answers);
    case Topic::kBoth:
      return both_words(reason.metric, found);
    case Topic::kExists:
    case Topic::kSpf:
      break;
  }
  return spf_words(reason.metric, found, answers);
}

}  // namespace

std::string procedure() {
  return "measurement-method.md section 2";
}

std::string counted(std::size_t count, std::string_view thing) {
  if (count == 0) return fmt::format("no {}", thing);
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string finding_text(const Finding& finding) {
  if (!finding.is_unmeasured()) return std::string(data::to_text(finding.state));
  return fmt::format("unmeasured ({})", data::to_text(finding.cause));
}

std::string outcome_words(const dns::LookupOutcome* outcome) {
  if (outcome == nullptr) return "not asked";
  if (const auto* answer = std::get_if<dns::Answer>(outcome)) {
    return counted(answer->rrset.size(), "record") + (answer->chain.empty() ? "" : ", through an alias");
  }
  if (const auto* no_data = std::get_if<dns::NoData>(outcome)) {
    return no_data->chain.empty() ? "no such records" : "an alias, and no such records at its end";
  }
  if (std::holds_alternative<dns::NxDomain>(*outcome)) return "the name does not exist";
  return dns::describe(*outcome);
}

std::vector<FindingReason> finding_reasons(const data::Observation& found, const SurveyAnswers& answers) {
  std::vector<FindingReason> reasons;
  for (const Metric metric : data::all_metrics()) {
    FindingReason reason{
        .metric = metric, .finding = found[metric], .reason = {}, .rule = {}, .rests_on = {}};
    for (const Inquiry::Asked& asked : answers.inquiry().asked()) {
      const bool decides_all = found[Metric::kExists].is_absent();
      if (decides_all || decides(asked, metric, answers)) reason.rests_on.push_back(asked.question);
    }
    ReasonWords words = words_of(reason, found, answers);
    reason.reason = std::move(words.reason);
    reason.rule = std::move(words.rule);
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace dauth::scanner::cli

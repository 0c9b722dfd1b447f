#include "scanner/cli/check/spf_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "scanner/cli/option_values.h"
#include "scanner/spf/address_set.h"

namespace dauth::scanner::cli {
namespace {

// The tree of all senders at once.
std::string_view outcome_for_all(const SpfTermTrace& term) {
  switch (term.outcome) {
    case SpfTermOutcome::kMatch:
      if (term.kind == SpfTermKind::kAll) return "matches everybody else";
      return term.kind == SpfTermKind::kInclude ? "matches what its record permits" : "matches its addresses";
    case SpfTermOutcome::kNoMatch:
      return "matches nobody";
    case SpfTermOutcome::kError:
      return "the evaluation ends here, for all or some clients";
    case SpfTermOutcome::kNotReached:
      return term.counts ? "no client gets here; counted all the same" : "no client gets here";
    case SpfTermOutcome::kNotCountable:
      return "depends on the sender";
    case SpfTermOutcome::kFollowed:
      return "followed";
    case SpfTermOutcome::kIgnored:
      return "ignored";
  }
  return "";
}

std::string_view outcome_for_one(const SpfTermTrace& term) {
  switch (term.outcome) {
    case SpfTermOutcome::kMatch:
      return "match";
    case SpfTermOutcome::kNoMatch:
      return "no match";
    case SpfTermOutcome::kError:
      return "the evaluation ends here";
    case SpfTermOutcome::kFollowed:
      return term.kind == SpfTermKind::kExp ? "taken as the explanation" : "followed";
    case SpfTermOutcome::kIgnored:
      return "no explanation to be had";
    case SpfTermOutcome::kNotCountable:
      return "depends on the sender";
    case SpfTermOutcome::kNotReached:
      return "not reached";
  }
  return "";
}

}  // namespace

std::string_view spf_reason_word(SpfReason reason) {
  switch (reason) {
    case SpfReason::kMatched:
      return "matched";
    case SpfReason::kNoMatch:
      return "no_match";
    case SpfReason::kMalformedDomain:
      return "malformed_domain";
    case SpfReason::kNoRecord:
      return "no_record";
    case SpfReason::kSeveralRecords:
      return "several_records";
    case SpfReason::kSyntax:
      return "syntax";
    case SpfReason::kLookupFailed:
      return "lookup_failed";
    case SpfReason::kTooManyTerms:
      return "too_many_terms";
    case SpfReason::kTooManyVoidLookups:
      return "too_many_void_lookups";
    case SpfReason::kTooManyMxHosts:
      return "too_many_mx_hosts";
    case SpfReason::kIncludeNoRecord:
      return "include_no_record";
    case SpfReason::kRedirectNoRecord:
      return "redirect_no_record";
  }
  return "";
}

std::string spf_cause_text(const SpfCause& cause) {
  switch (cause.reason) {
    case SpfReason::kMatched:
      return fmt::format("\"{}\" in the record of {} matches ({}).", cause.term, cause.domain,
                         section_of(cause.reason));
    case SpfReason::kNoMatch:
      return fmt::format(
          "Nothing in the record of {} matches, and it has no \"all\": end it with \"~all\" or "
          "\"-all\" ({}).",
          cause.domain, section_of(cause.reason));
    case SpfReason::kMalformedDomain:
      return fmt::format("\"{}\" is no domain that can be asked for a record ({}).", cause.domain,
                         section_of(cause.reason));
    case SpfReason::kNoRecord:
      return fmt::format("{} has no SPF record ({}).", cause.domain, section_of(cause.reason));
    case SpfReason::kSeveralRecords:
      return fmt::format("{} has more than one SPF record, so none counts: leave one ({}).", cause.domain,
                         section_of(cause.reason));
    case SpfReason::kSyntax:
      return fmt::format("The record of {} is wrong at octet {}: {} ({}).", cause.domain,
                         cause.syntax ? cause.syntax->offset : 0,
                         cause.syntax ? cause.syntax->reason : "an error of syntax",
                         cause.syntax ? cause.syntax->section : section_of(cause.reason));
    case SpfReason::kLookupFailed:
      return fmt::format(
          "The question {} failed ({}): try again later, and look at the name servers if it "
          "persists ({}).",
          cause.failed_question, cause.failure ? dns::to_text(*cause.failure) : "no answer",
          section_of(cause.reason));
    case SpfReason::kTooManyTerms:
      return fmt::format(
          "\"{}\" in the record of {} makes more than 10 terms that ask the DNS, the most that is allowed: "
          "remove includes that are no longer needed ({}).",
          cause.term, cause.domain, section_of(cause.reason));
    case SpfReason::kTooManyVoidLookups:
      return fmt::format(
          "\"{}\" in the record of {} makes the third lookup without an answer, and 2 are "
          "allowed: remove the terms whose names do not exist ({}).",
          cause.term, cause.domain, section_of(cause.reason));
    case SpfReason::kTooManyMxHosts:
      return fmt::format("\"{}\" in the record of {} leads to more than 10 MX records ({}).", cause.term,
                         cause.domain, section_of(cause.reason));
    case SpfReason::kIncludeNoRecord:
      return fmt::format(
          "{} is included by \"{}\" but has no SPF record: remove the include or ask its owner "
          "({}).",
          cause.domain, cause.term, section_of(cause.reason));
    case SpfReason::kRedirectNoRecord:
      return fmt::format("\"{}\" leads to {}, which has no SPF record ({}).", cause.term, cause.domain,
                         section_of(cause.reason));
  }
  return "";
}

std::string spf_result_text(const SpfEvaluation& evaluation) {
  return spf_cause_text(evaluation.cause);
}

std::string spf_term_text(const SpfTermTrace& term, SpfTreeOf tree) {
  std::string text = fmt::format(
      "{}: {}", term.text, tree == SpfTreeOf::kAllSenders ? outcome_for_all(term) : outcome_for_one(term));
  if (term.counts) text += " [counts as a lookup]";
  if (term.has_target_error) text += fmt::format("; \"{}\" is no domain name", term.target);
  for (const SpfLookup& lookup : term.lookups) {
    text += fmt::format("; {} {}: {}", lookup.name, dns::to_text(lookup.type), lookup.outcome);
  }
  return text;
}

std::string_view bounce_word(BounceDuty duty) {
  switch (duty) {
    case BounceDuty::kAsUsual:
      return "as_usual";
    case BounceDuty::kNotNeeded:
      return "not_needed";
    case BounceDuty::kUnknown:
      return "unknown";
    case BounceDuty::kNever:
      return "never";
  }
  return "";
}

std::string bounce_text(const BounceAdvice& advice) {
  switch (advice.duty) {
    case BounceDuty::kAsUsual:
      return fmt::format(
          "A receiver that follows it (WIDE report 2005, chapter 3) accepts this mail and, "
          "should it prove undeliverable, returns a bounce as usual: the result is {}.",
          to_text(advice.result));
    case BounceDuty::kNotNeeded:
      return fmt::format(
          "A receiver that follows it (WIDE report 2005, chapter 3) accepts this mail but need "
          "not return a bounce for it, should it prove undeliverable: the result is {}.",
          to_text(advice.result));
    case BounceDuty::kUnknown:
      return fmt::format(
          "It says nothing about this mail (WIDE report 2005, chapter 3): SPF ends with {}, so "
          "the receiver does as usual.",
          to_text(advice.result));
    case BounceDuty::kNever:
      return "It changes nothing for mail with the null sender, which is mostly a bounce itself: no bounce "
             "may "
             "be returned for it, whatever SPF says (RFC 5321 section 6.1).";
  }
  return "";
}

std::string ipv4_size_text(std::uint64_t addresses) {
  return fmt::format("{} IPv4 address{}", count_text(addresses), addresses == 1 ? "" : "es");
}

std::string ipv6_size_text(const std::string& addresses) {
  // Long division by 2^64: the number may have 129 bits.
  std::string networks;
  Uint128 rest = 0;
  for (const char digit : addresses) {
    rest = rest * 10 + static_cast<unsigned>(digit - '0');
    networks += static_cast<char>('0' + static_cast<int>(rest >> 64));
    rest &= ~std::uint64_t{0};
  }
  networks.erase(0, std::min(networks.find_first_not_of('0'), networks.size()));
  const auto single = static_cast<std::uint64_t>(rest);
  const std::string_view plural = single == 1 ? "" : "es";
  if (networks.empty()) return fmt::format("{} IPv6 address{}", count_text(single), plural);
  std::string text = fmt::format("{} network{} of /64", grouped_digits(networks), networks == "1" ? "" : "s");
  if (single > 0) text += fmt::format(" and {} address{}", count_text(single), plural);
  return text + " in IPv6";
}

}  // namespace dauth::scanner::cli

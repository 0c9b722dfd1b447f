#include "scanner/cli/check/spf_words.h"

#include <fmt/format.h>

#include <algorithm>

namespace dauth::scanner::cli {
namespace {

std::string outcome_text(const SpfTermTrace& term, SpfTreeOf tree) {
  const bool is_for_all = tree == SpfTreeOf::kAllSenders;
  switch (term.outcome) {
    case SpfTermOutcome::kMatch:
      return is_for_all ? "matches its addresses" : "match";
    case SpfTermOutcome::kNoMatch:
      return is_for_all ? "matches nobody" : "no match";
    case SpfTermOutcome::kError:
      return is_for_all ? "the evaluation ends here, for all or some clients" : "the evaluation ends here";
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
          "\"{}\" in the record of {} is the 11th term that asks the DNS, and 10 are allowed: "
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
  std::string text = fmt::format("{}: {}", term.text, outcome_text(term, tree));
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
  }
  return "";
}

std::string ipv6_size_text(const std::string& addresses) {
  const std::string text = fmt::format("{} IPv6 address{}", addresses, addresses == "1" ? "" : "es");
  if (addresses == "0") return text;
  // Digits divided by 2^64, by hand: the number may have 129 bits.
  std::string quotient = addresses;
  for (int halvings = 0; halvings < 64; ++halvings) {
    int carry = 0;
    for (char& digit : quotient) {
      const int value = carry * 10 + (digit - '0');
      digit = static_cast<char>('0' + value / 2);
      carry = value % 2;
    }
    if (carry != 0) return text;
  }
  quotient.erase(0, std::min(quotient.find_first_not_of('0'), quotient.size() - 1));
  return fmt::format("{} ({} network{} of /64)", text, quotient, quotient == "1" ? "" : "s");
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/spf_section.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scanner/cli/check/spf_verdict.h"
#include "scanner/cli/check/spf_words.h"
#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {
namespace {

using Json = nlohmann::ordered_json;

Mark mark_of(SpfResult result) {
  switch (result) {
    case SpfResult::kPass:
      return Mark::kGood;
    case SpfResult::kTemperror:
    case SpfResult::kPermerror:
      return Mark::kBad;
    // For a stranger's address that is what the domain wants.
    case SpfResult::kFail:
    case SpfResult::kSoftfail:
    case SpfResult::kNeutral:
    case SpfResult::kNone:
      return Mark::kWarning;
  }
  return Mark::kPlain;
}

// Behind the term that decided there is nothing to tell of one sender. Of all senders it is told what nobody
// gets to, and in a record that nobody gets to what counts.
bool is_shown(const SpfTermTrace& term, SpfTreeOf tree, bool is_record_reached) {
  if (term.outcome != SpfTermOutcome::kNotReached) return true;
  if (tree == SpfTreeOf::kOneSender || term.kind == SpfTermKind::kExp) return false;
  return is_record_reached || term.counts;
}

void add_tree(CheckPage& page, const SpfRecordTrace& record, SpfTreeOf tree, std::size_t depth,
              bool is_reached = true) {
  if (record.record) page.item(depth, fmt::format("{}: \"{}\"", record.domain, *record.record));
  if (!record.record) page.item(depth, fmt::format("{}: no record to evaluate", record.domain));
  if (record.terms.empty() && record.result) {
    page.item(depth + 1, spf_cause_text(record.cause),
              *record.result == SpfResult::kNone ? Mark::kWarning : Mark::kBad);
  }
  for (const SpfTermTrace& term : record.terms) {
    if (!is_shown(term, tree, is_reached)) continue;
    page.item(depth + 1, spf_term_text(term, tree),
              term.outcome == SpfTermOutcome::kError ? Mark::kBad : Mark::kPlain);
    const bool is_nested_reached = term.outcome != SpfTermOutcome::kNotReached;
    for (const SpfRecordTrace& nested : term.nested)
      add_tree(page, nested, tree, depth + 2, is_nested_reached);
  }
}

void add_counts(CheckPage& page, std::size_t dns_terms, std::size_t void_lookups) {
  page.fact("  lookups", fmt::format("{} of at most {} terms that ask the DNS, {} of at most {} lookups "
                                     "without an answer (RFC 7208 section 4.6.4)",
                                     dns_terms, kSpfMaxDnsTerms, void_lookups, kSpfMaxVoidLookups));
}

void add_identity(CheckPage& page, const SpfIdentityReport& identity) {
  const SpfEvaluation& evaluation = identity.evaluation;
  page.fact(fmt::format("{} result", to_text(identity.identity)), to_text(evaluation.result),
            mark_of(evaluation.result));
  page.remark(fmt::format("checked as {} at {}", identity.sender, identity.domain));
  page.remark(spf_result_text(evaluation));
  if (evaluation.explanation) {
    page.remark("The domain explains a fail with these words (RFC 7208 section 6.2):");
    page.record(*evaluation.explanation);
  }
  add_counts(page, evaluation.dns_terms, evaluation.void_lookups);
  add_tree(page, evaluation.root, SpfTreeOf::kOneSender, 0);
}

void add_lookups(CheckPage& page, const PermittedSpace& space) {
  const bool is_over = breaks_by(space, SpfReason::kTooManyTerms);
  page.fact("SPF lookups",
            fmt::format("{}{} of at most {} terms that ask the DNS", space.is_count_complete ? "" : "over ",
                        count_text(space.dns_terms), kSpfMaxDnsTerms),
            is_over ? Mark::kBad : Mark::kGood);
  if (is_over) {
    page.remark(
        "Who is not matched before the limit gets permerror, and the record does not protect the "
        "domain from them (RFC 7208 section 4.6.4). Remove includes that are no longer needed, or "
        "write ip4 and ip6 in place of a and mx.");
  } else if (space.dns_terms > kSpfMaxDnsTerms) {
    page.remark(
        "No single client comes to more than the limit: an include decides about some of them early.");
  }
  const bool has_too_many_voids = breaks_by(space, SpfReason::kTooManyVoidLookups);
  page.fact("SPF void lookups",
            fmt::format("{} for an IPv4 client, {} for an IPv6 client, of at most {}",
                        count_text(space.void_lookups_ipv4), count_text(space.void_lookups_ipv6),
                        kSpfMaxVoidLookups),
            has_too_many_voids ? Mark::kBad : Mark::kPlain);
  if (has_too_many_voids) {
    page.remark(
        "These find no address. A client that is not matched before the third gets permerror (RFC 7208 "
        "section 4.6.4). Remove terms whose names do not exist; a host of a or mx without an IPv6 address "
        "counts for IPv6 clients, so write ip4 in its place.");
  }
}

void add_space(CheckPage& page, const PermittedSpace& space) {
  const SpfVerdict verdict = spf_verdict(space);
  page.fact("SPF verdict", verdict.text, verdict.mark);
  if (space.root.result) {
    page.remark(spf_cause_text(space.root.cause));
    if (space.root.record) page.record(*space.root.record);
    return;
  }
  for (const SpfBreak& broken : space.breaks) page.remark(spf_break_text(broken));
  add_lookups(page, space);
  page.fact("SPF permits", ipv4_size_text(space.ipv4_addresses));
  page.fact("", ipv6_size_text(space.ipv6_addresses));
  for (const std::string& term : space.not_countable) {
    page.remark(fmt::format("not countable, since it depends on the sender: {}", term));
  }
  add_tree(page, space.root, SpfTreeOf::kAllSenders, 0);
}

void add_bounce(CheckPage& page, const BounceAdvice& advice) {
  page.fact("proposal of 2005", bounce_text(advice));
  if (advice.change) {
    page.remark(
        fmt::format("If {} had \"~all\" in place of \"{}\", this sender would get softfail in place of "
                    "neutral, and no bounce need be returned.",
                    advice.change->domain, advice.change->term));
  }
}

Json cause_json(const SpfCause& cause) {
  Json json;
  json["reason"] = spf_reason_word(cause.reason);
  json["section"] = cause.syntax ? cause.syntax->section : section_of(cause.reason);
  json["domain"] = cause.domain;
  json["term"] = cause.term.empty() ? Json() : Json(cause.term);
  json["detail"] = spf_cause_text(cause);
  return json;
}

Json tree_json(const SpfRecordTrace& record);

Json term_json(const SpfTermTrace& term) {
  Json json;
  json["term"] = term.text;
  json["kind"] = to_text(term.kind);
  json["outcome"] = to_text(term.outcome);
  json["target"] = term.target.empty() ? Json() : Json(term.target);
  json["counts"] = term.counts;
  json["lookups"] = Json::array();
  for (const SpfLookup& lookup : term.lookups) {
    Json& entry = json["lookups"].emplace_back();
    entry["name"] = lookup.name;
    entry["type"] = dns::to_text(lookup.type);
    entry["outcome"] = lookup.outcome;
    entry["void"] = lookup.is_void;
  }
  json["record"] = term.nested.empty() ? Json() : tree_json(term.nested.front());
  return json;
}

Json tree_json(const SpfRecordTrace& record) {
  Json json;
  json["domain"] = record.domain;
  json["record"] = record.record ? Json(*record.record) : Json();
  json["result"] = record.result ? Json(to_text(*record.result)) : Json();
  json["cause"] = record.result ? cause_json(record.cause) : Json();
  json["dns_terms"] = record.dns_terms;
  json["terms"] = Json::array();
  for (const SpfTermTrace& term : record.terms) json["terms"].push_back(term_json(term));
  return json;
}

Json identity_json(const SpfIdentityReport& identity) {
  const SpfEvaluation& evaluation = identity.evaluation;
  Json json;
  json["identity"] = to_text(identity.identity);
  json["sender"] = identity.sender;
  json["domain"] = identity.domain;
  json["result"] = to_text(evaluation.result);
  json["cause"] = cause_json(evaluation.cause);
  json["mechanism"] = evaluation.match ? Json(evaluation.match->term) : Json();
  json["explanation"] = evaluation.explanation ? Json(*evaluation.explanation) : Json();
  json["dns_terms"] = evaluation.dns_terms;
  json["void_lookups"] = evaluation.void_lookups;
  json["tree"] = tree_json(evaluation.root);
  return json;
}

Json break_json(const SpfBreak& broken) {
  Json json;
  json["result"] = to_text(broken.result);
  json["ipv4"] = !broken.ipv4.empty();
  json["ipv6"] = !broken.ipv6.empty();
  json["cause"] = cause_json(broken.cause);
  return json;
}

Json space_json(const PermittedSpace& space) {
  Json json;
  json["verdict"] = spf_verdict(space).word;
  json["verdict_detail"] = spf_verdict(space).text;
  json["breaks"] = Json::array();
  for (const SpfBreak& broken : space.breaks) json["breaks"].push_back(break_json(broken));
  json["dns_terms"] = space.dns_terms;
  json["is_count_complete"] = space.is_count_complete;
  json["void_lookups_ipv4"] = space.void_lookups_ipv4;
  json["void_lookups_ipv6"] = space.void_lookups_ipv6;
  json["ipv4_addresses"] = space.ipv4_addresses;
  json["ipv6_addresses"] = space.ipv6_addresses;
  json["not_countable"] = space.not_countable;
  json["tree"] = tree_json(space.root);
  return json;
}

Json bounce_json(const BounceAdvice& advice) {
  Json json;
  json["bounce"] = bounce_word(advice.duty);
  json["detail"] = bounce_text(advice);
  json["with_softfail_all"] = nullptr;
  if (advice.change) {
    Json& change = json["with_softfail_all"] = Json::object();
    change["domain"] = advice.change->domain;
    change["term"] = advice.change->term;
    change["result"] = "softfail";
    change["bounce"] = bounce_word(BounceDuty::kNotNeeded);
  }
  return json;
}

}  // namespace

void add_to_page(CheckPage& page, const SpfReport& report) {
  if (report.permitted) add_space(page, *report.permitted);
  if (report.sender) page.fact("SPF client", report.sender->address.to_text());
  for (const SpfIdentityReport& identity : report.identities) add_identity(page, identity);
  if (report.bounce) add_bounce(page, *report.bounce);
}

Json to_json(const SpfReport& report) {
  Json json;
  json["client"] = report.sender ? Json(report.sender->address.to_text()) : Json();
  json["identities"] = Json::array();
  for (const SpfIdentityReport& identity : report.identities) {
    json["identities"].push_back(identity_json(identity));
  }
  json["proposal_2005"] = report.bounce ? bounce_json(*report.bounce) : Json();
  json["permitted"] = report.permitted ? space_json(*report.permitted) : Json();
  return json;
}

}  // namespace dauth::scanner::cli

#include "scanner/spf/check_host.h"

#include <utility>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/spf/select_record.h"
#include "scanner/spf/spf_mechanisms.h"

namespace dauth::scanner {
namespace {

// The `exp` of the record that a fail came from.
struct Explanation {
  MacroString domain_spec;
  std::string domain;
  SpfTermTrace* term;  // in the tree, whose vectors no longer grow there
};

struct Verdict {
  SpfResult result = SpfResult::kNone;
  SpfCause cause;
  std::optional<SpfMatch> match;
  std::optional<Explanation> explanation;
};

SpfResult result_of(SpfQualifier qualifier) {
  switch (qualifier) {
    case SpfQualifier::kPass:
      return SpfResult::kPass;
    case SpfQualifier::kFail:
      return SpfResult::kFail;
    case SpfQualifier::kSoftfail:
      return SpfResult::kSoftfail;
    case SpfQualifier::kNeutral:
      return SpfResult::kNeutral;
  }
  return SpfResult::kNeutral;
}

Probe<Verdict> evaluate(Inquiry& inquiry, SpfState& state, std::string domain, SpfRecordTrace& trace);

// Counts the term and expands what it is about; then the mechanism itself, `include` too.
Probe<SpfMechanismOutcome> evaluate_directive(Inquiry& inquiry, SpfState& state,
                                              const SpfDirective& directive, const std::string& domain,
                                              SpfTermTrace& term) {
  SpfMechanismOutcome result;
  if (asks_dns(term.kind)) {
    term.counts = true;
    result.stop = count_term(state, domain, term.text);
    if (result.stop) co_return result;
    term.target = domain;
  }
  if (const MacroString* macros = target_of(directive.mechanism)) {
    Probe<SpfExpansion> expansion = expand(inquiry, state, *macros, domain, term, SpfCounting::kYes);
    expansion.start();
    SpfExpansion expanded = co_await expansion;
    result.stop = std::move(expanded.stop);
    if (result.stop) co_return result;
    term.target = fitted_name(std::move(expanded.text));
  }
  if (term.kind == SpfTermKind::kInclude) {
    Probe<Verdict> included = evaluate(inquiry, state, term.target, term.nested.emplace_back());
    included.start();
    Verdict verdict = co_await included;
    result.matches = verdict.result == SpfResult::kPass;
    if (verdict.result == SpfResult::kTemperror || verdict.result == SpfResult::kPermerror) {
      result.stop = SpfStop{verdict.result, std::move(verdict.cause)};
    } else if (verdict.result == SpfResult::kNone) {  // section 5.2
      verdict.cause.reason = SpfReason::kIncludeNoRecord;
      verdict.cause.term = term.text;
      result.stop = SpfStop{SpfResult::kPermerror, std::move(verdict.cause)};
    }
    co_return result;
  }
  std::optional<dns::DomainName> target;
  if (!term.target.empty()) {
    target = name_of_text(term.target);
    term.has_target_error = !target;
  }
  Probe<SpfMechanismOutcome> mechanism =
      evaluate_mechanism(inquiry, state, directive.mechanism, target, domain, term);
  mechanism.start();
  result = co_await mechanism;
  co_return result;
}

// Section 6.1.
Probe<Verdict> evaluate_redirect(Inquiry& inquiry, SpfState& state, const SpfModifier& redirect,
                                 const std::string& domain, SpfTermTrace& term) {
  Verdict verdict;
  const auto stopped = [&verdict, &term](SpfStop stop) {
    term.outcome = SpfTermOutcome::kError;
    verdict.result = stop.result;
    verdict.cause = std::move(stop.cause);
  };
  term.counts = true;
  if (auto stop = count_term(state, domain, term.text)) {
    stopped(std::move(*stop));
    co_return verdict;
  }
  Probe<SpfExpansion> expansion = expand(inquiry, state, redirect.value, domain, term, SpfCounting::kYes);
  expansion.start();
  SpfExpansion expanded = co_await expansion;
  if (expanded.stop) {
    stopped(std::move(*expanded.stop));
    co_return verdict;
  }
  term.target = fitted_name(std::move(expanded.text));
  term.outcome = SpfTermOutcome::kFollowed;
  Probe<Verdict> redirected = evaluate(inquiry, state, term.target, term.nested.emplace_back());
  redirected.start();
  verdict = co_await redirected;
  if (verdict.result == SpfResult::kNone) {
    verdict.result = SpfResult::kPermerror;
    verdict.cause.reason = SpfReason::kRedirectNoRecord;
    verdict.cause.term = term.text;
    term.outcome = SpfTermOutcome::kError;
  }
  co_return verdict;
}

Probe<Verdict> evaluate_record(Inquiry& inquiry, SpfState& state, const SpfRecord& record,
                               const std::string& domain, SpfRecordTrace& trace) {
  Verdict verdict;
  verdict.cause.domain = domain;
  for (std::size_t i = 0; i < record.directives.size(); ++i) {
    SpfTermTrace& term = trace.terms[i];
    Probe<SpfMechanismOutcome> directive =
        evaluate_directive(inquiry, state, record.directives[i], domain, term);
    directive.start();
    SpfMechanismOutcome outcome = co_await directive;
    if (outcome.stop) {
      term.outcome = SpfTermOutcome::kError;
      verdict.result = outcome.stop->result;
      verdict.cause = std::move(outcome.stop->cause);
      co_return verdict;
    }
    term.outcome = outcome.matches ? SpfTermOutcome::kMatch : SpfTermOutcome::kNoMatch;
    if (!outcome.matches) continue;
    verdict.result = result_of(term.qualifier);
    verdict.cause.reason = SpfReason::kMatched;
    verdict.cause.term = term.text;
    verdict.match = SpfMatch{domain, term.text, term.kind, term.qualifier};
    if (record.exp) verdict.explanation = Explanation{record.exp->value, domain, &trace.terms.back()};
    co_return verdict;
  }
  if (record.redirect) {
    SpfTermTrace& term = trace.terms[record.directives.size()];
    Probe<Verdict> redirect = evaluate_redirect(inquiry, state, *record.redirect, domain, term);
    redirect.start();
    verdict = co_await redirect;
    co_return verdict;
  }
  verdict.result = SpfResult::kNeutral;
  verdict.cause.reason = SpfReason::kNoMatch;
  co_return verdict;
}

// check_host() of one record; `include` and `redirect` come back to here.
Probe<Verdict> evaluate(Inquiry& inquiry, SpfState& state, std::string domain, SpfRecordTrace& trace) {
  if (domain.ends_with('.')) domain.pop_back();
  const std::size_t terms_before = state.dns_terms;
  Probe<SelectedRecord> selection = select_record(inquiry, domain, trace);
  selection.start();
  const SelectedRecord selected = co_await selection;
  Verdict verdict;
  if (selected.record) {
    Probe<Verdict> evaluation = evaluate_record(inquiry, state, *selected.record, domain, trace);
    evaluation.start();
    verdict = co_await evaluation;
  } else {
    verdict.result = selected.result;
    verdict.cause = selected.cause;
  }
  trace.result = verdict.result;
  trace.cause = verdict.cause;
  trace.dns_terms = state.dns_terms - terms_before;
  co_return verdict;
}

// Section 6.2: any error leaves the fail without an explanation.
Probe<std::optional<std::string>> explain(Inquiry& inquiry, SpfState& state, Explanation explanation) {
  SpfTermTrace& term = *explanation.term;
  std::optional<std::string> text;
  term.outcome = SpfTermOutcome::kIgnored;
  Probe<SpfExpansion> target =
      expand(inquiry, state, explanation.domain_spec, explanation.domain, term, SpfCounting::kNo);
  target.start();
  term.target = fitted_name((co_await target).text);
  const auto name = name_of_text(term.target);
  term.has_target_error = !name;
  if (!name) co_return text;
  const dns::LookupOutcome& outcome = co_await inquiry.ask(*name, dns::RrType::kTxt);
  note_lookup(term, *name, dns::RrType::kTxt, outcome);
  const std::vector<std::string> texts = text_records(outcome);
  if (texts.size() != 1) co_return text;
  const auto macros = parse_explain_string(texts.front());
  if (!macros) co_return text;
  Probe<SpfExpansion> expansion = expand(inquiry, state, *macros, explanation.domain, term, SpfCounting::kNo);
  expansion.start();
  SpfExpansion expanded = co_await expansion;
  term.outcome = SpfTermOutcome::kFollowed;
  text = std::move(expanded.text);
  co_return text;
}

}  // namespace

Probe<SpfEvaluation> check_host(Inquiry& inquiry, SpfArguments arguments) {
  SpfState state{std::move(arguments), "postmaster", "", 0, 0, false};
  const std::string& sender = state.arguments.sender;
  // A quoted local-part may hold an "@", a domain may not.
  const std::size_t at = sender.rfind('@');
  state.sender_domain = at == std::string::npos ? sender : sender.substr(at + 1);
  if (at != std::string::npos && at > 0) state.local_part = sender.substr(0, at);
  if (state.sender_domain.empty()) state.sender_domain = state.arguments.domain;

  SpfEvaluation evaluation;
  Probe<Verdict> root = evaluate(inquiry, state, state.arguments.domain, evaluation.root);
  root.start();
  Verdict verdict = co_await root;
  evaluation.result = verdict.result;
  evaluation.cause = std::move(verdict.cause);
  evaluation.match = std::move(verdict.match);
  evaluation.dns_terms = state.dns_terms;
  evaluation.void_lookups = state.void_lookups;
  if (verdict.result == SpfResult::kFail && verdict.explanation) {
    Probe<std::optional<std::string>> explanation = explain(inquiry, state, std::move(*verdict.explanation));
    explanation.start();
    evaluation.explanation = co_await explanation;
  }
  co_return evaluation;
}

}  // namespace dauth::scanner

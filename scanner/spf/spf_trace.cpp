#include "scanner/spf/spf_trace.h"

#include <fmt/format.h>
#include <algorithm>

namespace dauth::scanner {
namespace {

SpfTermKind kind_of(const SpfMechanism& mechanism) {
  static_assert(std::variant_size_v<SpfMechanism> == 8);
  static constexpr SpfTermKind kKinds[] = {SpfTermKind::kAll, SpfTermKind::kInclude, SpfTermKind::kA,
                                           SpfTermKind::kMx,  SpfTermKind::kPtr,     SpfTermKind::kIp4,
                                           SpfTermKind::kIp6, SpfTermKind::kExists};
  return kKinds[mechanism.index()];
}

}  // namespace

std::string_view to_text(SpfTermKind kind) {
  switch (kind) {
    case SpfTermKind::kAll:
      return "all";
    case SpfTermKind::kInclude:
      return "include";
    case SpfTermKind::kA:
      return "a";
    case SpfTermKind::kMx:
      return "mx";
    case SpfTermKind::kPtr:
      return "ptr";
    case SpfTermKind::kIp4:
      return "ip4";
    case SpfTermKind::kIp6:
      return "ip6";
    case SpfTermKind::kExists:
      return "exists";
    case SpfTermKind::kRedirect:
      return "redirect";
    case SpfTermKind::kExp:
      return "exp";
  }
  return "";
}

std::string_view to_text(SpfTermOutcome outcome) {
  switch (outcome) {
    case SpfTermOutcome::kNotReached:
      return "not_reached";
    case SpfTermOutcome::kMatch:
      return "match";
    case SpfTermOutcome::kNoMatch:
      return "no_match";
    case SpfTermOutcome::kError:
      return "error";
    case SpfTermOutcome::kFollowed:
      return "followed";
    case SpfTermOutcome::kIgnored:
      return "ignored";
    case SpfTermOutcome::kNotCountable:
      return "not_countable";
  }
  return "";
}

bool asks_dns(SpfTermKind kind) {
  switch (kind) {
    case SpfTermKind::kInclude:
    case SpfTermKind::kA:
    case SpfTermKind::kMx:
    case SpfTermKind::kPtr:
    case SpfTermKind::kExists:
    case SpfTermKind::kRedirect:
      return true;
    case SpfTermKind::kAll:
    case SpfTermKind::kIp4:
    case SpfTermKind::kIp6:
    case SpfTermKind::kExp:
      return false;
  }
  return false;
}

std::vector<SpfTermTrace> terms_of(const SpfRecord& record, std::string_view text) {
  std::vector<SpfTermTrace> terms;
  for (const SpfDirective& directive : record.directives) {
    SpfTermTrace& term = terms.emplace_back();
    term.kind = kind_of(directive.mechanism);
    term.qualifier = directive.qualifier;
    term.text = text.substr(directive.offset, directive.length);
  }
  const auto add = [&](const std::optional<SpfModifier>& modifier, SpfTermKind kind) {
    if (!modifier) return;
    SpfTermTrace& term = terms.emplace_back();
    term.kind = kind;
    term.text = modifier->name + "=" + modifier->value.text;
  };
  add(record.redirect, SpfTermKind::kRedirect);
  add(record.exp, SpfTermKind::kExp);
  return terms;
}

const MacroString* target_of(const SpfMechanism& mechanism) {
  if (const auto* include = std::get_if<SpfInclude>(&mechanism)) return &include->domain;
  if (const auto* exists = std::get_if<SpfExists>(&mechanism)) return &exists->domain;
  const auto optional_target = [](const auto* with_domain) -> const MacroString* {
    return with_domain != nullptr && with_domain->domain ? &*with_domain->domain : nullptr;
  };
  if (const auto* target = optional_target(std::get_if<SpfA>(&mechanism))) return target;
  if (const auto* target = optional_target(std::get_if<SpfMx>(&mechanism))) return target;
  return optional_target(std::get_if<SpfPtr>(&mechanism));
}

const dns::LookupOutcome& note_lookup(SpfTermTrace& term, const dns::DomainName& name, dns::RrType type,
                                      const dns::LookupOutcome& outcome) {
  SpfLookup lookup{name.to_text(), type, "", !std::holds_alternative<dns::Answer>(outcome)};
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    lookup.outcome = fmt::format("{} answer{}", answer->rrset.size(), answer->rrset.size() == 1 ? "" : "s");
  } else if (std::holds_alternative<dns::NoData>(outcome)) {
    lookup.outcome = "no data";
  } else if (std::holds_alternative<dns::NxDomain>(outcome)) {
    lookup.outcome = "name error";
  } else if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    lookup.outcome = fmt::format("failure ({})", dns::to_text(failure->cause));
    lookup.is_void = false;
  }
  term.lookups.push_back(std::move(lookup));
  return outcome;
}

std::optional<SpfAllPolicy> ending_of(const SpfRecordTrace& trace) {
  if (!trace.record) return std::nullopt;
  const auto record = parse_spf(*trace.record);
  if (!record) return std::nullopt;
  const SpfAllPolicy policy = all_policy(*record);
  if (policy != SpfAllPolicy::kRedirect) return policy;
  const auto redirect = std::find_if(trace.terms.begin(), trace.terms.end(), [](const SpfTermTrace& term) {
    return term.kind == SpfTermKind::kRedirect;
  });
  if (redirect == trace.terms.end() || redirect->nested.empty()) return std::nullopt;
  return ending_of(redirect->nested.front());
}

}  // namespace dauth::scanner

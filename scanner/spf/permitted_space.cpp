#include "scanner/spf/permitted_space.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "scanner/spf/check_host.h"
#include "scanner/spf/permitted_walk.h"
#include "scanner/spf/select_record.h"

namespace dauth::scanner {

SpfStop stop_at(SpfReason reason, const WalkedTerm& term) {
  SpfStop stop;
  stop.cause.reason = reason;
  stop.cause.domain = term.domain;
  stop.cause.term = term.trace.text;
  return stop;
}

void note_break(PermittedWalk& walk, const Senders& senders, const SpfStop& stop) {
  walk.has_stopped_some = true;
  std::vector<SpfBreak>& breaks = walk.space.breaks;
  auto same = std::find_if(breaks.begin(), breaks.end(), [&](const SpfBreak& other) {
    return other.result == stop.result && other.cause.reason == stop.cause.reason &&
           other.cause.domain == stop.cause.domain && other.cause.term == stop.cause.term &&
           other.cause.failed_question == stop.cause.failed_question;
  });
  if (same == breaks.end()) same = breaks.insert(same, SpfBreak{stop.result, stop.cause, {}, {}});
  (senders.family == IpFamily::kIpv4 ? same->ipv4 : same->ipv6).unite(senders.addresses);
}

void break_all(PermittedWalk& walk, SenderGroups& undecided, const SpfStop& stop, SpfTermTrace& term) {
  for (const Senders& senders : undecided) note_break(walk, senders, stop);
  undecided.clear();
  term.outcome = SpfTermOutcome::kError;
}

void decide(SenderGroups& undecided, WalkOutcome& outcome, SpfQualifier qualifier, IpFamily family,
            const AddressSet& matched) {
  add_groups(qualifier == SpfQualifier::kPass ? outcome.passed : outcome.others,
             take_senders(undecided, family, matched));
}

namespace {

// Includes that a hostile tree can make one follow; ten times what a valid one may have.
constexpr std::size_t kMaxRecords = 100;

constexpr std::array kFamilies = {IpFamily::kIpv4, IpFamily::kIpv6};

// Mapped IPv4 addresses are no IPv6 client's (section 5), so such a network matches nobody.
bool is_mapped_network(const SpfIp6& ip6) {
  static constexpr std::array<std::uint8_t, 12> kPrefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return ip6.prefix_length >= 96 && std::equal(kPrefix.begin(), kPrefix.end(), ip6.address.begin());
}

std::optional<std::pair<IpFamily, AddressRange>> network_of(const SpfMechanism& mechanism) {
  if (const auto* ip4 = std::get_if<SpfIp4>(&mechanism)) {
    return std::pair(IpFamily::kIpv4, network_range(ip4->address, ip4->prefix_length));
  }
  const auto* ip6 = std::get_if<SpfIp6>(&mechanism);
  if (ip6 == nullptr || is_mapped_network(*ip6)) return std::nullopt;
  return std::pair(IpFamily::kIpv6, network_range(ip6->address, ip6->prefix_length));
}

// One more term that asks the DNS, for everybody who comes to it.
void count_term_for(PermittedWalk& walk, SenderGroups& undecided, const WalkedTerm& term) {
  term.trace.counts = true;
  ++walk.space.dns_terms;
  for (Senders& senders : undecided) {
    if (++senders.dns_terms <= kSpfMaxDnsTerms) continue;
    note_break(walk, senders, stop_at(SpfReason::kTooManyTerms, term));
    senders.addresses = {};
    term.trace.outcome = SpfTermOutcome::kError;
  }
  std::erase_if(undecided, [](const Senders& senders) { return senders.addresses.empty(); });
}

void not_countable(PermittedWalk& walk, const WalkedTerm& term) {
  term.trace.outcome = SpfTermOutcome::kNotCountable;
  walk.space.not_countable.push_back(term.domain + ": " + term.trace.text);
}

// Macros where only the domain is looked at.
std::string expanded(const MacroString& macros, const std::string& domain) {
  const MacroValues values{.local_part = {},
                           .sender_domain = {},
                           .domain = domain,
                           .validated_name = {},
                           .helo = {},
                           .receiver = {},
                           .address = IpAddress(Ipv4Octets{})};
  return fitted_name(expand_macros(macros, values));
}

Probe<WalkOutcome> walk_record(Inquiry& inquiry, PermittedWalk& walk, std::string domain,
                               SenderGroups senders, SpfRecordTrace& trace);

// `include` and `redirect`: nothing where the record is not followed, since it includes itself or there are
// too many.
Probe<std::optional<WalkOutcome>> follow(Inquiry& inquiry, PermittedWalk& walk, std::string target,
                                         SenderGroups senders, SpfTermTrace& term) {
  std::optional<WalkOutcome> outcome;
  const auto name = name_of_text(target);
  const std::string key = name ? name->lowercased().to_text() : target;
  const bool is_loop = std::find(walk.ancestors.begin(), walk.ancestors.end(), key) != walk.ancestors.end();
  if (is_loop || walk.records >= kMaxRecords) {
    walk.space.is_count_complete = false;
    co_return outcome;
  }
  Probe<WalkOutcome> record =
      walk_record(inquiry, walk, std::move(target), std::move(senders), term.nested.emplace_back());
  record.start();
  outcome = co_await record;
  co_return outcome;
}

// Why nobody gets past an include or redirect whose record is not there, or was not followed: a circle ends
// by the limit of terms.
SpfStop stop_without_record(const std::optional<WalkOutcome>& outcome, SpfReason reason,
                            const WalkedTerm& term) {
  if (!outcome) return stop_at(SpfReason::kTooManyTerms, term);
  SpfStop stop = stop_at(reason, term);
  stop.cause.domain = term.trace.nested.front().cause.domain;
  return stop;
}

Probe<bool> walk_include(Inquiry& inquiry, PermittedWalk& walk, SenderGroups& undecided, WalkOutcome& outcome,
                         WalkedTerm term) {
  // Where nobody comes here any more it is followed for the count alone.
  const bool is_for_count_alone = undecided.empty();
  Probe<std::optional<WalkOutcome>> following =
      follow(inquiry, walk, term.trace.target, undecided, term.trace);
  following.start();
  std::optional<WalkOutcome> included = co_await following;
  if (is_for_count_alone) co_return true;
  if (!included || !included->has_record) {
    break_all(walk, undecided, stop_without_record(included, SpfReason::kIncludeNoRecord, term),
              term.trace);  // section 5.2
    co_return true;
  }
  term.trace.outcome = included->passed.empty() ? SpfTermOutcome::kNoMatch : SpfTermOutcome::kMatch;
  if (included->passed.empty() && included->others.empty()) term.trace.outcome = SpfTermOutcome::kError;
  add_groups(term.trace.qualifier == SpfQualifier::kPass ? outcome.passed : outcome.others,
             std::move(included->passed));
  undecided = std::move(included->others);
  co_return true;
}

// One directive that is no network.
Probe<bool> walk_directive(Inquiry& inquiry, PermittedWalk& walk, const SpfMechanism& mechanism,
                           SenderGroups& undecided, WalkOutcome& outcome, WalkedTerm term) {
  const bool had_nobody = undecided.empty();
  SpfTermTrace& trace = term.trace;
  if (trace.kind == SpfTermKind::kAll) {
    if (had_nobody) co_return true;
    trace.outcome = SpfTermOutcome::kMatch;
    decide(undecided, outcome, trace.qualifier, IpFamily::kIpv4, AddressSet::all(32));
    decide(undecided, outcome, trace.qualifier, IpFamily::kIpv6, AddressSet::all(128));
    co_return true;
  }
  count_term_for(walk, undecided, term);
  const MacroString* macros = target_of(mechanism);
  if (trace.kind == SpfTermKind::kPtr || (macros != nullptr && !depends_on_domain_alone(*macros))) {
    if (macros != nullptr) trace.target = macros->text;
    if (!undecided.empty()) not_countable(walk, term);
    co_return true;
  }
  trace.target = macros == nullptr ? term.domain : expanded(*macros, term.domain);
  if (trace.kind == SpfTermKind::kInclude) {
    Probe<bool> include = walk_include(inquiry, walk, undecided, outcome, term);
    include.start();
    co_await include;
    co_return true;
  }
  const auto name = name_of_text(trace.target);
  trace.has_target_error = !name;
  if (undecided.empty()) co_return true;
  if (!name) {
    trace.outcome = SpfTermOutcome::kNoMatch;
    co_return true;
  }
  Probe<bool> hosts = walk_hosts(inquiry, walk, mechanism, *name, undecided, outcome, term);
  hosts.start();
  co_await hosts;
  co_return true;
}

Probe<bool> walk_redirect(Inquiry& inquiry, PermittedWalk& walk, const SpfModifier& redirect,
                          SenderGroups undecided, WalkOutcome& outcome, WalkedTerm term) {
  count_term_for(walk, undecided, term);
  const bool is_for_count_alone = undecided.empty();
  if (!depends_on_domain_alone(redirect.value)) {
    term.trace.target = redirect.value.text;
    if (!is_for_count_alone) not_countable(walk, term);
    add_groups(outcome.others, std::move(undecided));
    co_return true;
  }
  term.trace.target = expanded(redirect.value, term.domain);
  Probe<std::optional<WalkOutcome>> following =
      follow(inquiry, walk, term.trace.target, undecided, term.trace);
  following.start();
  std::optional<WalkOutcome> redirected = co_await following;
  if (is_for_count_alone) co_return true;
  if (!redirected || !redirected->has_record) {
    break_all(walk, undecided, stop_without_record(redirected, SpfReason::kRedirectNoRecord, term),
              term.trace);  // section 6.1
    co_return true;
  }
  term.trace.outcome = SpfTermOutcome::kFollowed;
  add_groups(outcome.passed, std::move(redirected->passed));
  add_groups(outcome.others, std::move(redirected->others));
  co_return true;
}

// The networks from directive `at` on that stand in a row with the same qualifier, at once: a record may hold
// thousands. Gives the index behind them.
std::size_t decide_networks(const SpfRecord& record, std::size_t at, SenderGroups& undecided,
                            WalkOutcome& outcome, SpfRecordTrace& trace) {
  const SpfQualifier qualifier = record.directives[at].qualifier;
  std::array<std::vector<AddressRange>, 2> ranges;
  for (; at < record.directives.size(); ++at) {
    SpfTermTrace& term = trace.terms[at];
    if ((term.kind != SpfTermKind::kIp4 && term.kind != SpfTermKind::kIp6) || term.qualifier != qualifier) {
      break;
    }
    if (undecided.empty()) continue;
    const auto network = network_of(record.directives[at].mechanism);
    term.outcome = network ? SpfTermOutcome::kMatch : SpfTermOutcome::kNoMatch;
    if (network) ranges[network->first == IpFamily::kIpv4 ? 0 : 1].push_back(network->second);
  }
  for (const IpFamily family : kFamilies) {
    decide(undecided, outcome, qualifier, family,
           AddressSet(std::move(ranges[family == IpFamily::kIpv4 ? 0 : 1])));
  }
  return at;
}

Probe<WalkOutcome> walk_record(Inquiry& inquiry, PermittedWalk& walk, std::string domain,
                               SenderGroups senders, SpfRecordTrace& trace) {
  ++walk.records;
  const std::size_t terms_before = walk.space.dns_terms;
  Probe<SelectedRecord> selection = select_record(inquiry, domain, trace);
  selection.start();
  const SelectedRecord selected = co_await selection;
  WalkOutcome outcome;
  if (!selected.record) {
    trace.result = selected.result;
    trace.cause = selected.cause;
    outcome.has_record = selected.result != SpfResult::kNone;
    const bool is_root = walk.ancestors.empty();  // `space.root` says it
    if (!outcome.has_record || is_root) co_return outcome;
    for (const Senders& each : senders) note_break(walk, each, {selected.result, selected.cause});
    co_return outcome;
  }
  const SpfRecord& record = *selected.record;
  const auto name = name_of_text(domain);
  walk.ancestors.push_back(name ? name->lowercased().to_text() : domain);
  bool has_all = false;
  for (std::size_t i = 0; i < record.directives.size() && !has_all;) {
    // All have been decided: nobody comes here, and what a stopped evaluation would have asked is counted.
    if (senders.empty() && !walk.has_stopped_some) break;
    SpfTermTrace& term = trace.terms[i];
    if (term.kind == SpfTermKind::kIp4 || term.kind == SpfTermKind::kIp6) {
      i = decide_networks(record, i, senders, outcome, trace);
      continue;
    }
    Probe<bool> directive = walk_directive(inquiry, walk, record.directives[i].mechanism, senders, outcome,
                                           WalkedTerm{domain, term});
    directive.start();
    co_await directive;
    has_all = term.kind == SpfTermKind::kAll;
    ++i;
  }
  const bool has_any_all =
      std::any_of(record.directives.begin(), record.directives.end(),
                  [](const auto& each) { return std::holds_alternative<SpfAll>(each.mechanism); });
  if (record.redirect && !has_any_all && (!senders.empty() || walk.has_stopped_some)) {
    Probe<bool> redirect = walk_redirect(inquiry, walk, *record.redirect, std::exchange(senders, {}), outcome,
                                         WalkedTerm{domain, trace.terms[record.directives.size()]});
    redirect.start();
    co_await redirect;
  }
  add_groups(outcome.others, std::move(senders));  // section 4.7
  walk.ancestors.pop_back();
  trace.dns_terms = walk.space.dns_terms - terms_before;
  co_return outcome;
}

}  // namespace

Probe<PermittedSpace> examine_permitted_space(Inquiry& inquiry, dns::DomainName domain) {
  PermittedWalk walk;
  SpfRecordTrace root;
  Probe<WalkOutcome> record = walk_record(inquiry, walk, text_of_name(domain), all_senders(), root);
  record.start();
  const WalkOutcome outcome = co_await record;
  walk.space.root = std::move(root);
  for (const Senders& senders : outcome.passed) {
    (senders.family == IpFamily::kIpv4 ? walk.space.ipv4 : walk.space.ipv6).unite(senders.addresses);
  }
  walk.space.ipv4_addresses = walk.space.ipv4.size();
  walk.space.ipv6_addresses = walk.space.ipv6.size_text();
  co_return std::move(walk.space);
}

}  // namespace dauth::scanner

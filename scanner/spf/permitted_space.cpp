#include "scanner/spf/permitted_space.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "scanner/spf/address_set.h"
#include "scanner/spf/check_host.h"
#include "scanner/spf/select_record.h"
#include "scanner/spf/spf_mechanisms.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;
using dns::RrType;

// Includes that a hostile tree can make one follow; ten times what a valid one may have.
constexpr std::size_t kMaxRecords = 100;

constexpr std::array kFamilies = {IpFamily::kIpv4, IpFamily::kIpv6};

// Senders of one family for whom an evaluation has gone the same way so far: what they have cost counts
// towards the limits of section 4.6.4, which stop some of them sooner than others.
struct Senders {
  IpFamily family = IpFamily::kIpv4;
  AddressSet addresses;
  std::size_t dns_terms = 0;
  std::size_t void_lookups = 0;
};
using Groups = std::vector<Senders>;

void add_group(Groups& groups, Senders senders) {
  if (senders.addresses.empty()) return;
  const auto same = std::find_if(groups.begin(), groups.end(), [&](const Senders& other) {
    return other.family == senders.family && other.dns_terms == senders.dns_terms &&
           other.void_lookups == senders.void_lookups;
  });
  if (same == groups.end()) {
    groups.push_back(std::move(senders));
  } else {
    same->addresses.unite(senders.addresses);
  }
}

void drop_empty(Groups& groups) {
  std::erase_if(groups, [](const Senders& senders) { return senders.addresses.empty(); });
}

// What a record makes of those who come to it; who is in neither gets temperror or permerror.
struct Outcome {
  Groups passed;
  Groups others;  // fail, softfail, neutral, none
  bool has_record = true;
};

struct Walk {
  PermittedSpace space;
  std::size_t records = 0;
  std::vector<std::string> ancestors;  // the domains that the record at hand is included from, itself too
  bool has_stopped_some = false;       // by a limit or an error: the count goes on without them
};

// Addresses of hosts that a term leads to, by family.
struct Hosts {
  std::array<std::vector<AddressRange>, 2> ranges;
  std::array<std::size_t, 2> void_lookups{};
  std::array<bool, 2> has_failed{};
};

std::size_t index_of(IpFamily family) {
  return family == IpFamily::kIpv4 ? 0 : 1;
}

bool is_void(const dns::LookupOutcome& outcome) {
  return std::holds_alternative<dns::NoData>(outcome) || std::holds_alternative<dns::NxDomain>(outcome);
}

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

Probe<bool> ask_addresses(Inquiry& inquiry, const DomainName& name, SpfDualCidr cidr, SpfTermTrace& term,
                          Hosts& hosts) {
  for (const IpFamily family : kFamilies) {
    const RrType type = family == IpFamily::kIpv4 ? RrType::kA : RrType::kAaaa;
    const dns::LookupOutcome& outcome = co_await inquiry.ask(name, type);
    note_lookup(term, name, type, outcome);
    const std::size_t at = index_of(family);
    if (is_void(outcome)) ++hosts.void_lookups[at];
    if (std::holds_alternative<dns::Failure>(outcome)) hosts.has_failed[at] = true;
    const auto* answer = std::get_if<dns::Answer>(&outcome);
    if (answer == nullptr) continue;
    for (const dns::ResourceRecord& record : answer->rrset) {
      const auto address = IpAddress::from_record(record);
      if (!address || address->family() != family) continue;
      const std::size_t prefix_length = family == IpFamily::kIpv4 ? cidr.ipv4 : cidr.ipv6;
      hosts.ranges[at].push_back(network_range(address->octets(), prefix_length));
    }
  }
  co_return true;
}

// Takes those whom `matched` has out of the group of their family: to `passed` by the qualifier, or to
// `others`.
void decide(Groups& undecided, Outcome& outcome, SpfQualifier qualifier, IpFamily family,
            const AddressSet& matched) {
  for (Senders& senders : undecided) {
    if (senders.family != family) continue;
    Senders taken = senders;
    taken.addresses = senders.addresses.intersected(matched);
    if (taken.addresses.empty()) continue;
    senders.addresses = senders.addresses.without(taken.addresses);
    add_group(qualifier == SpfQualifier::kPass ? outcome.passed : outcome.others, std::move(taken));
  }
  drop_empty(undecided);
}

// One more term that asks the DNS, for everybody who comes to it.
void count_term_for(Walk& walk, Groups& undecided, SpfTermTrace& term) {
  term.counts = true;
  ++walk.space.dns_terms;
  for (Senders& senders : undecided) {
    if (++senders.dns_terms > kSpfMaxDnsTerms) {
      senders.addresses = {};
      walk.has_stopped_some = true;
    }
  }
  drop_empty(undecided);
}

// Nothing where all who are left get an error.
void stop_all(Walk& walk, Groups& undecided, SpfTermTrace& term) {
  if (!undecided.empty()) walk.has_stopped_some = true;
  undecided.clear();
  term.outcome = SpfTermOutcome::kError;
}

void count_voids(Walk& walk, Groups& undecided, const Hosts& hosts, SpfTermTrace& term) {
  walk.space.void_lookups_ipv4 += hosts.void_lookups[0];
  walk.space.void_lookups_ipv6 += hosts.void_lookups[1];
  for (Senders& senders : undecided) {
    senders.void_lookups += hosts.void_lookups[index_of(senders.family)];
    if (senders.void_lookups <= kSpfMaxVoidLookups) continue;
    senders.addresses = {};
    walk.has_stopped_some = true;
    term.outcome = SpfTermOutcome::kError;
  }
  drop_empty(undecided);
}

void not_countable(Walk& walk, const std::string& domain, SpfTermTrace& term) {
  term.outcome = SpfTermOutcome::kNotCountable;
  walk.space.not_countable.push_back(domain + ": " + term.text);
}

Probe<Outcome> walk_record(Inquiry& inquiry, Walk& walk, std::string domain, Groups senders,
                           SpfRecordTrace& trace);

// `include` and `redirect`: nothing where the record is not followed, since it includes itself or there are
// too many.
Probe<std::optional<Outcome>> follow(Inquiry& inquiry, Walk& walk, std::string target, Groups senders,
                                     SpfTermTrace& term) {
  std::optional<Outcome> outcome;
  const auto name = name_of_text(target);
  const std::string key = name ? name->lowercased().to_text() : target;
  const bool is_loop = std::find(walk.ancestors.begin(), walk.ancestors.end(), key) != walk.ancestors.end();
  if (is_loop || walk.records >= kMaxRecords) {
    walk.space.is_count_complete = false;
    co_return outcome;
  }
  Probe<Outcome> record =
      walk_record(inquiry, walk, std::move(target), std::move(senders), term.nested.emplace_back());
  record.start();
  outcome = co_await record;
  co_return outcome;
}

Probe<bool> walk_include(Inquiry& inquiry, Walk& walk, Groups& undecided, Outcome& outcome,
                         SpfTermTrace& term) {
  if (undecided.empty()) {
    // Nobody comes here but those whom a limit has stopped: followed for the count alone.
    Probe<std::optional<Outcome>> counted = follow(inquiry, walk, term.target, {}, term);
    counted.start();
    co_await counted;
    term.outcome = SpfTermOutcome::kError;
    co_return true;
  }
  Probe<std::optional<Outcome>> following = follow(inquiry, walk, term.target, undecided, term);
  following.start();
  std::optional<Outcome> included = co_await following;
  if (!included || !included->has_record) {
    stop_all(walk, undecided, term);  // section 5.2; a circle ends by the limit of terms
    co_return true;
  }
  term.outcome = included->passed.empty() ? SpfTermOutcome::kNoMatch : SpfTermOutcome::kMatch;
  if (included->passed.empty() && included->others.empty()) term.outcome = SpfTermOutcome::kError;
  Groups& decided = term.qualifier == SpfQualifier::kPass ? outcome.passed : outcome.others;
  for (Senders& senders : included->passed) add_group(decided, std::move(senders));
  undecided = std::move(included->others);
  co_return true;
}

// What one host, or one lookup, makes of those who are undecided, in the order of check_host().
void settle(Walk& walk, Groups& undecided, Outcome& outcome, Hosts hosts, SpfTermTrace& term) {
  if (!hosts.ranges[0].empty() || !hosts.ranges[1].empty()) term.outcome = SpfTermOutcome::kMatch;
  for (const IpFamily family : kFamilies) {
    const std::size_t at = index_of(family);
    decide(undecided, outcome, term.qualifier, family, AddressSet(std::move(hosts.ranges[at])));
    if (!hosts.has_failed[at]) continue;
    std::erase_if(undecided, [&](const Senders& senders) { return senders.family == family; });
    walk.has_stopped_some = true;
    term.outcome = SpfTermOutcome::kError;
  }
  count_voids(walk, undecided, hosts, term);
}

// `a`, `mx`, `exists`, at a name that is known without the sender.
Probe<bool> walk_hosts(Inquiry& inquiry, Walk& walk, const SpfMechanism& mechanism, const DomainName& name,
                       Groups& undecided, Outcome& outcome, SpfTermTrace& term) {
  term.outcome = SpfTermOutcome::kNoMatch;
  Hosts hosts;
  if (const auto* a = std::get_if<SpfA>(&mechanism)) {
    Probe<bool> addresses = ask_addresses(inquiry, name, a->cidr, term, hosts);
    addresses.start();
    co_await addresses;
    settle(walk, undecided, outcome, std::move(hosts), term);
    co_return true;
  }
  const auto* mx = std::get_if<SpfMx>(&mechanism);
  const RrType type = mx != nullptr ? RrType::kMx : RrType::kA;
  const dns::LookupOutcome& found = co_await inquiry.ask(name, type);
  note_lookup(term, name, type, found);
  const auto* answer = std::get_if<dns::Answer>(&found);
  if (std::holds_alternative<dns::Failure>(found) ||
      (mx != nullptr && answer != nullptr && answer->rrset.size() > kSpfMaxMxHosts)) {
    stop_all(walk, undecided, term);
    co_return true;
  }
  if (is_void(found)) hosts.void_lookups = {1, 1};
  if (mx == nullptr && answer != nullptr) {
    hosts.ranges = {{{network_range(Ipv4Octets{}, 0)}, {network_range(Ipv6Octets{}, 0)}}};
  }
  settle(walk, undecided, outcome, std::move(hosts), term);
  if (mx == nullptr || answer == nullptr) co_return true;
  for (const DomainName& exchange : mx_exchanges(*answer)) {
    Hosts host;
    Probe<bool> addresses = ask_addresses(inquiry, exchange, mx->cidr, term, host);
    addresses.start();
    co_await addresses;
    settle(walk, undecided, outcome, std::move(host), term);
  }
  co_return true;
}

// One directive that is no network.
Probe<bool> walk_directive(Inquiry& inquiry, Walk& walk, const SpfMechanism& mechanism,
                           const std::string& domain, Groups& undecided, Outcome& outcome,
                           SpfTermTrace& term) {
  if (term.kind == SpfTermKind::kAll) {
    term.outcome = SpfTermOutcome::kMatch;
    decide(undecided, outcome, term.qualifier, IpFamily::kIpv4, AddressSet::all(32));
    decide(undecided, outcome, term.qualifier, IpFamily::kIpv6, AddressSet::all(128));
    co_return true;
  }
  const bool had_nobody = undecided.empty();
  count_term_for(walk, undecided, term);
  const bool is_stopped = undecided.empty() && !had_nobody;
  const MacroString* macros = target_of(mechanism);
  if (term.kind == SpfTermKind::kPtr || (macros != nullptr && !depends_on_domain_alone(*macros))) {
    if (macros != nullptr) term.target = macros->text;
    not_countable(walk, domain, term);
    co_return true;
  }
  // Only the domain is looked at.
  const MacroValues values{.local_part = {},
                           .sender_domain = {},
                           .domain = domain,
                           .validated_name = {},
                           .helo = {},
                           .receiver = {},
                           .address = IpAddress(Ipv4Octets{})};
  term.target = macros == nullptr ? domain : fitted_name(expand_macros(*macros, values));
  if (is_stopped) term.outcome = SpfTermOutcome::kError;
  if (term.kind == SpfTermKind::kInclude) {
    Probe<bool> include = walk_include(inquiry, walk, undecided, outcome, term);
    include.start();
    co_await include;
    co_return true;
  }
  const auto name = name_of_text(term.target);
  term.has_target_error = !name;
  if (undecided.empty()) {
    term.outcome = SpfTermOutcome::kError;
  } else if (!name) {
    term.outcome = SpfTermOutcome::kNoMatch;
  } else {
    Probe<bool> hosts = walk_hosts(inquiry, walk, mechanism, *name, undecided, outcome, term);
    hosts.start();
    co_await hosts;
  }
  co_return true;
}

Probe<bool> walk_redirect(Inquiry& inquiry, Walk& walk, const SpfModifier& redirect,
                          const std::string& domain, Groups& undecided, Outcome& outcome,
                          SpfTermTrace& term) {
  count_term_for(walk, undecided, term);
  if (!depends_on_domain_alone(redirect.value)) {
    term.target = redirect.value.text;
    not_countable(walk, domain, term);
    for (Senders& senders : undecided) add_group(outcome.others, std::move(senders));
    undecided.clear();
    co_return true;
  }
  const MacroValues values{.local_part = {},
                           .sender_domain = {},
                           .domain = domain,
                           .validated_name = {},
                           .helo = {},
                           .receiver = {},
                           .address = IpAddress(Ipv4Octets{})};
  term.target = fitted_name(expand_macros(redirect.value, values));
  const bool is_for_count_alone = undecided.empty();
  Probe<std::optional<Outcome>> following = follow(inquiry, walk, term.target, std::move(undecided), term);
  following.start();
  std::optional<Outcome> redirected = co_await following;
  undecided.clear();
  term.outcome = is_for_count_alone || !redirected || !redirected->has_record ? SpfTermOutcome::kError
                                                                              : SpfTermOutcome::kFollowed;
  if (!redirected || !redirected->has_record) {
    walk.has_stopped_some = true;  // section 6.1
    co_return true;
  }
  for (Senders& senders : redirected->passed) add_group(outcome.passed, std::move(senders));
  for (Senders& senders : redirected->others) add_group(outcome.others, std::move(senders));
  co_return true;
}

// The networks from directive `at` on that stand in a row with the same qualifier, at once: a record may hold
// thousands. Gives the index behind them.
std::size_t decide_networks(const SpfRecord& record, std::size_t at, Groups& undecided, Outcome& outcome,
                            SpfRecordTrace& trace) {
  const SpfQualifier qualifier = record.directives[at].qualifier;
  std::array<std::vector<AddressRange>, 2> ranges;
  for (; at < record.directives.size(); ++at) {
    SpfTermTrace& term = trace.terms[at];
    if ((term.kind != SpfTermKind::kIp4 && term.kind != SpfTermKind::kIp6) || term.qualifier != qualifier) {
      break;
    }
    const auto network = network_of(record.directives[at].mechanism);
    term.outcome = network ? SpfTermOutcome::kMatch : SpfTermOutcome::kNoMatch;
    if (network) ranges[index_of(network->first)].push_back(network->second);
  }
  for (const IpFamily family : kFamilies) {
    decide(undecided, outcome, qualifier, family, AddressSet(std::move(ranges[index_of(family)])));
  }
  return at;
}

Probe<Outcome> walk_record(Inquiry& inquiry, Walk& walk, std::string domain, Groups senders,
                           SpfRecordTrace& trace) {
  ++walk.records;
  const std::size_t terms_before = walk.space.dns_terms;
  Probe<SelectedRecord> selection = select_record(inquiry, domain, trace);
  selection.start();
  const SelectedRecord selected = co_await selection;
  Outcome outcome;
  if (!selected.record) {
    trace.result = selected.result;
    trace.cause = selected.cause;
    outcome.has_record = selected.result != SpfResult::kNone;
    if (!senders.empty()) walk.has_stopped_some = true;
    co_return outcome;
  }
  const SpfRecord& record = *selected.record;
  const auto name = name_of_text(domain);
  walk.ancestors.push_back(name ? name->lowercased().to_text() : domain);
  bool has_all = false;
  for (std::size_t i = 0; i < record.directives.size() && !has_all;) {
    SpfTermTrace& term = trace.terms[i];
    // All have been decided: nobody comes here, and what a stopped evaluation would have asked is counted.
    if (senders.empty() && !walk.has_stopped_some) break;
    if (term.kind == SpfTermKind::kIp4 || term.kind == SpfTermKind::kIp6) {
      i = decide_networks(record, i, senders, outcome, trace);
      continue;
    }
    Probe<bool> directive =
        walk_directive(inquiry, walk, record.directives[i].mechanism, domain, senders, outcome, term);
    directive.start();
    co_await directive;
    has_all = term.kind == SpfTermKind::kAll;
    ++i;
  }
  if (record.redirect && !has_all && (!senders.empty() || walk.has_stopped_some)) {
    SpfTermTrace& term = trace.terms[record.directives.size()];
    const bool has_any =
        std::any_of(record.directives.begin(), record.directives.end(),
                    [](const auto& each) { return std::holds_alternative<SpfAll>(each.mechanism); });
    if (!has_any) {
      Probe<bool> redirect = walk_redirect(inquiry, walk, *record.redirect, domain, senders, outcome, term);
      redirect.start();
      co_await redirect;
    }
  }
  for (Senders& left : senders) add_group(outcome.others, std::move(left));  // section 4.7
  walk.ancestors.pop_back();
  trace.dns_terms = walk.space.dns_terms - terms_before;
  co_return outcome;
}

}  // namespace

Probe<PermittedSpace> examine_permitted_space(Inquiry& inquiry, dns::DomainName domain) {
  Walk walk;
  Groups everybody = {{IpFamily::kIpv4, AddressSet::all(32), 0, 0},
                      {IpFamily::kIpv6, AddressSet::all(128), 0, 0}};
  SpfRecordTrace root;
  Probe<Outcome> record = walk_record(inquiry, walk, text_of_name(domain), std::move(everybody), root);
  record.start();
  const Outcome outcome = co_await record;
  std::array<AddressSet, 2> passed;
  for (const Senders& senders : outcome.passed) passed[index_of(senders.family)].unite(senders.addresses);
  walk.space.root = std::move(root);
  walk.space.ipv4_addresses = passed[0].size();
  walk.space.ipv6_addresses = passed[1].size_text();
  walk.space.ipv4 = std::move(passed[0]);
  walk.space.ipv6 = std::move(passed[1]);
  co_return std::move(walk.space);
}

}  // namespace dauth::scanner

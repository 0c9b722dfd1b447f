#include <algorithm>
#include <array>
#include <utility>

#include "scanner/spf/check_host.h"
#include "scanner/spf/permitted_walk.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;
using dns::RrType;

constexpr std::array kFamilies = {IpFamily::kIpv4, IpFamily::kIpv6};

std::size_t index_of(IpFamily family) {
  return family == IpFamily::kIpv4 ? 0 : 1;
}

// Addresses of hosts that a term leads to, by family.
struct Hosts {
  std::array<std::vector<AddressRange>, 2> ranges;
  std::array<std::size_t, 2> void_lookups{};
  std::array<std::optional<SpfStop>, 2> failed;
};

bool is_void(const dns::LookupOutcome& outcome) {
  return std::holds_alternative<dns::NoData>(outcome) || std::holds_alternative<dns::NxDomain>(outcome);
}

SpfStop lookup_failed(const dns::Failure& failure, const DomainName& name, RrType type,
                      const WalkedTerm& term) {
  SpfStop stop = stop_at(SpfReason::kLookupFailed, term);
  stop.result = SpfResult::kTemperror;
  stop.cause.failure = failure.cause;
  stop.cause.failed_question = name.to_text() + ' ' + std::string(dns::to_text(type));
  return stop;
}

Probe<bool> ask_addresses(Inquiry& inquiry, DomainName name, SpfDualCidr cidr, WalkedTerm term,
                          Hosts& hosts) {
  for (const IpFamily family : kFamilies) {
    const RrType type = family == IpFamily::kIpv4 ? RrType::kA : RrType::kAaaa;
    const dns::LookupOutcome& outcome = co_await inquiry.ask(name, type);
    note_lookup(term.trace, name, type, outcome);
    const std::size_t at = index_of(family);
    if (is_void(outcome)) ++hosts.void_lookups[at];
    if (const auto* failure = std::get_if<dns::Failure>(&outcome))
      hosts.failed[at] = lookup_failed(*failure, name, type, term);
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

void count_voids(PermittedWalk& walk, SenderGroups& undecided, const Hosts& hosts, const WalkedTerm& term) {
  walk.space.void_lookups_ipv4 += hosts.void_lookups[0];
  walk.space.void_lookups_ipv6 += hosts.void_lookups[1];
  for (Senders& senders : undecided) {
    senders.void_lookups += hosts.void_lookups[index_of(senders.family)];
    if (senders.void_lookups <= kSpfMaxVoidLookups) continue;
    note_break(walk, senders, stop_at(SpfReason::kTooManyVoidLookups, term));
    senders.addresses = {};
    term.trace.outcome = SpfTermOutcome::kError;
  }
  std::erase_if(undecided, [](const Senders& senders) { return senders.addresses.empty(); });
}

// What one host, or one lookup, makes of those who are undecided, in the order of check_host().
void settle(PermittedWalk& walk, SenderGroups& undecided, WalkOutcome& outcome, Hosts hosts,
            const WalkedTerm& term) {
  if (!hosts.ranges[0].empty() || !hosts.ranges[1].empty()) term.trace.outcome = SpfTermOutcome::kMatch;
  for (const IpFamily family : kFamilies) {
    const std::size_t at = index_of(family);
    decide(undecided, outcome, term.trace.qualifier, family, AddressSet(std::move(hosts.ranges[at])));
    if (!hosts.failed[at]) continue;
    for (const Senders& senders : undecided) {
      if (senders.family == family) note_break(walk, senders, *hosts.failed[at]);
    }
    std::erase_if(undecided, [&](const Senders& senders) { return senders.family == family; });
    term.trace.outcome = SpfTermOutcome::kError;
  }
  count_voids(walk, undecided, hosts, term);
}

}  // namespace

Probe<bool> walk_hosts(Inquiry& inquiry, PermittedWalk& walk, const SpfMechanism& mechanism, DomainName name,
                       SenderGroups& undecided, WalkOutcome& outcome, WalkedTerm term) {
  term.trace.outcome = SpfTermOutcome::kNoMatch;
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
  note_lookup(term.trace, name, type, found);
  if (const auto* failure = std::get_if<dns::Failure>(&found)) {
    break_all(walk, undecided, lookup_failed(*failure, name, type, term), term.trace);
    co_return true;
  }
  const auto* answer = std::get_if<dns::Answer>(&found);
  if (mx != nullptr && answer != nullptr && answer->rrset.size() > kSpfMaxMxHosts) {
    break_all(walk, undecided, stop_at(SpfReason::kTooManyMxHosts, term), term.trace);
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

}  // namespace dauth::scanner

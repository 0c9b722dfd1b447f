#include "scanner/postmaster/receiving_side.h"

#include <algorithm>
#include <utility>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/mx_set.h"

namespace dauth::scanner {
namespace {

using data::Cause;
using dns::DomainName;

// Without MX RRs the addresses of the domain decide (RFC 5321 section 5.1).
void route_without_mx(ReceivingSide& side) {
  const Fact has_address = side.domain_addresses.has_address();
  side.cause = Cause::kNone;
  if (has_address.is_yes()) {
    side.route = MailRoute::kImplicit;
    side.hosts.push_back({0, side.domain_addresses});
  } else if (has_address.is_no()) {
    side.route = MailRoute::kNone;
  } else {
    side.cause = has_address.cause;
  }
}

// The hosts to look up, their addresses still missing.
void read_route(ReceivingSide& side, const dns::LookupOutcome& outcome) {
  side.cause = Cause::kNone;
  if (const auto cause = cause_of_failure(outcome)) {
    side.cause = *cause;
    return;
  }
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr) return route_without_mx(side);
  auto set = parse_mx_set(answer->rrset);
  if (!set) {
    side.cause = Cause::kMalformed;
    return;
  }
  if (is_null_mx(*set)) {
    side.route = MailRoute::kNullMx;
    return;
  }
  side.route = MailRoute::kMxHosts;
  if (set->hosts.size() > kMaxMxHosts) {
    side.hosts_not_followed = set->hosts.size() - kMaxMxHosts;
    set->hosts.resize(kMaxMxHosts);
  }
  for (MxHost& host : set->hosts) {
    const bool is_literal = has_address_literal(MxSet{{host}});
    const bool is_root = host.exchange.is_root();
    side.hosts.push_back({host.preference, HostAddresses{std::move(host.exchange)}, {}, is_root, is_literal});
  }
}

Fact reachable(const ReceivingSide& side, IpFamily family) {
  if (side.route == MailRoute::kUnknown) return Fact::unknown(side.cause);
  Fact reached = Fact::no();
  for (const MxHostReport& host : side.hosts) reached = reached || host.host.has_family(family);
  if (side.hosts_not_followed > 0) reached = reached || Fact::unknown(Cause::kNotAsked);
  return reached;
}

}  // namespace

std::string_view to_text(MailRoute route) {
  switch (route) {
    case MailRoute::kMxHosts:
      return "mx";
    case MailRoute::kImplicit:
      return "implicit";
    case MailRoute::kNullMx:
      return "null_mx";
    case MailRoute::kNone:
      return "none";
    case MailRoute::kUnknown:
      return "unknown";
  }
  return "";
}

Probe<ReceivingSide> examine_receiving_side(Inquiry& inquiry, DomainName domain) {
  ReceivingSide side{domain};
  static_cast<void>(inquiry.ask(domain, dns::RrType::kMx));
  Probe<HostAddresses> own_addresses = look_up_addresses(inquiry, domain);
  own_addresses.start();
  const dns::LookupOutcome& outcome = co_await inquiry.ask(domain, dns::RrType::kMx);
  side.domain_addresses = co_await own_addresses;
  read_route(side, outcome);

  if (side.route == MailRoute::kMxHosts) {
    std::vector<Probe<HostAddresses>> lookups;
    for (const MxHostReport& report : side.hosts) {
      lookups.push_back(look_up_addresses(inquiry, report.host.host));
      // The root is no host and is not asked about.
      if (!report.is_root) lookups.back().start();
    }
    for (std::size_t i = 0; i < lookups.size(); ++i) {
      HostAddresses& host = side.hosts[i].host;
      if (side.hosts[i].is_root) {
        host.has_ipv4 = host.has_ipv6 = host.is_alias = Fact::no();
      } else {
        host = co_await lookups[i];
      }
    }
  }
  side.reachable_over_ipv4 = reachable(side, IpFamily::kIpv4);
  side.reachable_over_ipv6 = reachable(side, IpFamily::kIpv6);

  // An address that several hosts share is asked about once, by the inquiry, and counts once.
  std::vector<IpAddress> followed;
  std::vector<IpAddress> left;
  const auto holds = [](const std::vector<IpAddress>& addresses, const IpAddress& address) {
    return std::find(addresses.begin(), addresses.end(), address) != addresses.end();
  };
  for (const MxHostReport& report : side.hosts) {
    for (const IpAddress& address : report.host.addresses) {
      if (holds(followed, address) || holds(left, address)) continue;
      (followed.size() < kMaxReverseAddresses ? followed : left).push_back(address);
    }
  }
  side.addresses_not_followed = left.size();
  std::vector<Probe<ReverseNames>> lookups;
  for (const IpAddress& address : followed) {
    lookups.push_back(look_up_reverse_names(inquiry, address));
    lookups.back().start();
  }
  std::vector<ReverseNames> reverse;
  reverse.reserve(lookups.size());
  for (Probe<ReverseNames>& lookup : lookups) reverse.push_back(co_await lookup);
  for (MxHostReport& report : side.hosts) {
    for (const IpAddress& address : report.host.addresses) {
      MxHostAddress& shown = report.addresses.emplace_back(MxHostAddress{address});
      const auto found = std::find_if(reverse.begin(), reverse.end(),
                                      [&](const ReverseNames& names) { return names.address == address; });
      if (found != reverse.end()) shown.reverse = *found;
    }
  }
  co_return side;
}

}  // namespace dauth::scanner

#include "scanner/spf/spf_mechanisms.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace dauth::scanner {
namespace {

using dns::DomainName;
using dns::RrType;

SpfStop failed_lookup(const std::string& domain, const std::string& term, const DomainName& name, RrType type,
                      const dns::Failure& failure) {
  SpfStop stop{SpfResult::kTemperror, {SpfReason::kLookupFailed, domain, term, {}, failure.cause, ""}};
  stop.cause.failed_question = name.to_text() + ' ' + dns::to_text(type);
  return stop;
}

SpfStop permerror(SpfReason reason, const std::string& domain, const std::string& term) {
  return {SpfResult::kPermerror, {reason, domain, term, {}, {}, ""}};
}

// A lookup without an answer, where it is one too many.
std::optional<SpfStop> count_void(SpfState& state, const dns::LookupOutcome& outcome,
                                  const std::string& domain, const std::string& term) {
  if (!std::holds_alternative<dns::NoData>(outcome) && !std::holds_alternative<dns::NxDomain>(outcome)) {
    return std::nullopt;
  }
  if (++state.void_lookups <= kSpfMaxVoidLookups) return std::nullopt;
  return permerror(SpfReason::kTooManyVoidLookups, domain, term);
}

std::vector<DomainName> names_in(const dns::LookupOutcome& outcome) {
  std::vector<DomainName> names;
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    for (const dns::ResourceRecord& record : answer->rrset) {
      if (auto name = DomainName::from_wire(record.rdata)) names.push_back(std::move(*name));
    }
  }
  return names;
}

bool has_address_within(const dns::LookupOutcome& outcome, const IpAddress& client, const SpfDualCidr& cidr) {
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr) return false;
  const std::size_t prefix_length = client.family() == IpFamily::kIpv4 ? cidr.ipv4 : cidr.ipv6;
  return std::any_of(answer->rrset.begin(), answer->rrset.end(), [&](const dns::ResourceRecord& record) {
    const auto address = IpAddress::from_record(record);
    return address && client.is_within(*address, prefix_length);
  });
}

// The names that the client's address leads to: the first 10 (section 4.6.4); none where the question failed
// (section 5.5).
struct ReverseNames {
  std::vector<DomainName> names;
  std::optional<SpfStop> stop;
};

Probe<ReverseNames> reverse_names(Inquiry& inquiry, SpfState& state, const std::string& domain,
                                  SpfTermTrace& term, SpfCounting counting) {
  ReverseNames result;
  const DomainName name = state.arguments.address.reverse_name();
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, RrType::kPtr);
  note_lookup(term, name, RrType::kPtr, outcome);
  if (counting == SpfCounting::kYes) result.stop = count_void(state, outcome, domain, term.text);
  result.names = names_in(outcome);
  if (result.names.size() > kSpfMaxPtrNames) result.names.resize(kSpfMaxPtrNames);
  co_return result;
}

// Whether a name leads back to the client. A failure skips the name (section 5.5).
Probe<SpfMechanismOutcome> validate(Inquiry& inquiry, SpfState& state, const DomainName& name,
                                    const std::string& domain, SpfTermTrace& term, SpfCounting counting) {
  SpfMechanismOutcome result;
  const RrType type = state.arguments.address.rr_type();
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, type);
  note_lookup(term, name, type, outcome);
  result.matches = has_address_within(outcome, state.arguments.address, {});
  if (counting == SpfCounting::kYes) result.stop = count_void(state, outcome, domain, term.text);
  co_return result;
}

// %{p} (section 7.3): the domain itself where it is validated, else a name below it, else any.
Probe<SpfExpansion> validated_name(Inquiry& inquiry, SpfState& state, const std::string& domain,
                                   SpfTermTrace& term, SpfCounting counting) {
  SpfExpansion result{"unknown", {}};
  if (counting == SpfCounting::kYes && !state.has_counted_validated_name) {
    state.has_counted_validated_name = true;
    result.stop = count_term(state, domain, term.text);
    if (result.stop) co_return result;
  }
  Probe<ReverseNames> reverse = reverse_names(inquiry, state, domain, term, counting);
  reverse.start();
  const ReverseNames found = co_await reverse;
  result.stop = found.stop;
  if (result.stop) co_return result;
  const auto own = name_of_text(domain);
  const auto rank = [&](const DomainName& name) {
    if (!own || !name.is_at_or_below(*own)) return 2;
    return name == *own ? 0 : 1;
  };
  std::vector<DomainName> ranked;
  for (int wanted = 0; wanted <= 2; ++wanted) {
    std::copy_if(found.names.begin(), found.names.end(), std::back_inserter(ranked),
                 [&](const DomainName& name) { return rank(name) == wanted; });
  }
  for (const DomainName& name : ranked) {
    Probe<SpfMechanismOutcome> validation = validate(inquiry, state, name, domain, term, counting);
    validation.start();
    const SpfMechanismOutcome validated = co_await validation;
    result.stop = validated.stop;
    if (result.stop) co_return result;
    if (validated.matches) {
      result.text = text_of_name(name);
      co_return result;
    }
  }
  co_return result;
}

// Section 5.5. Only names at or below the target can match, so only they are asked for.
Probe<SpfMechanismOutcome> evaluate_ptr(Inquiry& inquiry, SpfState& state, std::optional<DomainName> target,
                                        const std::string& domain, SpfTermTrace& term) {
  SpfMechanismOutcome result;
  if (!target) co_return result;
  Probe<ReverseNames> reverse = reverse_names(inquiry, state, domain, term, SpfCounting::kYes);
  reverse.start();
  const ReverseNames found = co_await reverse;
  result.stop = found.stop;
  if (result.stop) co_return result;
  for (const DomainName& name : found.names) {
    if (!name.is_at_or_below(*target)) continue;
    Probe<SpfMechanismOutcome> validation = validate(inquiry, state, name, domain, term, SpfCounting::kYes);
    validation.start();
    result = co_await validation;
    if (result.stop || result.matches) co_return result;
  }
  co_return result;
}

// Section 5.3, and each host of `mx`.
Probe<SpfMechanismOutcome> evaluate_addresses(Inquiry& inquiry, SpfState& state, const DomainName& name,
                                              SpfDualCidr cidr, const std::string& domain,
                                              SpfTermTrace& term) {
  SpfMechanismOutcome result;
  const RrType type = state.arguments.address.rr_type();
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, type);
  note_lookup(term, name, type, outcome);
  if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    result.stop = failed_lookup(domain, term.text, name, type, *failure);
    co_return result;
  }
  result.stop = count_void(state, outcome, domain, term.text);
  result.matches = has_address_within(outcome, state.arguments.address, cidr);
  co_return result;
}

// Section 5.4. The limit is of RRs, so one exchange named eleven times is too many.
Probe<SpfMechanismOutcome> evaluate_mx(Inquiry& inquiry, SpfState& state, const DomainName& name,
                                       SpfDualCidr cidr, const std::string& domain, SpfTermTrace& term) {
  SpfMechanismOutcome result;
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, RrType::kMx);
  note_lookup(term, name, RrType::kMx, outcome);
  if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    result.stop = failed_lookup(domain, term.text, name, RrType::kMx, *failure);
    co_return result;
  }
  result.stop = count_void(state, outcome, domain, term.text);
  const auto* answer = std::get_if<dns::Answer>(&outcome);
  if (answer == nullptr || result.stop) co_return result;
  if (answer->rrset.size() > kSpfMaxMxHosts) {
    result.stop = permerror(SpfReason::kTooManyMxHosts, domain, term.text);
    co_return result;
  }
  for (const DomainName& exchange : mx_exchanges(*answer)) {
    Probe<SpfMechanismOutcome> host = evaluate_addresses(inquiry, state, exchange, cidr, domain, term);
    host.start();
    result = co_await host;
    if (result.stop || result.matches) co_return result;
  }
  co_return result;
}

Probe<SpfMechanismOutcome> evaluate_exists(Inquiry& inquiry, SpfState& state, const DomainName& name,
                                           const std::string& domain, SpfTermTrace& term) {
  SpfMechanismOutcome result;
  // A also for an IPv6 client (section 5.7).
  const dns::LookupOutcome& outcome = co_await inquiry.ask(name, RrType::kA);
  note_lookup(term, name, RrType::kA, outcome);
  if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    result.stop = failed_lookup(domain, term.text, name, RrType::kA, *failure);
    co_return result;
  }
  result.stop = count_void(state, outcome, domain, term.text);
  result.matches = std::holds_alternative<dns::Answer>(outcome);
  co_return result;
}

}  // namespace

std::vector<DomainName> mx_exchanges(const dns::Answer& answer) {
  constexpr std::size_t kPreferenceLength = 2;
  struct Host {
    unsigned preference;
    std::size_t position;  // equals stay in the order of the answer
    DomainName name;
  };
  std::vector<Host> hosts;
  for (const dns::ResourceRecord& record : answer.rrset) {
    if (record.rdata.size() <= kPreferenceLength) continue;
    auto name = DomainName::from_wire(std::span(record.rdata).subspan(kPreferenceLength));
    // The root is the exchange of a null MX (RFC 7505): no host.
    if (!name || name->is_root()) continue;
    const unsigned preference = static_cast<unsigned>(record.rdata[0]) << 8 | record.rdata[1];
    hosts.push_back({preference, hosts.size(), std::move(*name)});
  }
  std::sort(hosts.begin(), hosts.end(), [](const Host& left, const Host& right) {
    return std::pair(left.preference, left.position) < std::pair(right.preference, right.position);
  });
  std::vector<DomainName> names;
  for (Host& host : hosts) names.push_back(std::move(host.name));
  return names;
}

std::string text_of_name(const DomainName& name) {
  std::string text;
  for (std::size_t i = name.label_count(); i-- > 0;) {
    text += *name.label_from_right(i);
    if (i > 0) text += '.';
  }
  return text;
}

bool same_prefix(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b,
                 std::size_t prefix_length) {
  const std::size_t whole = prefix_length / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin())) return false;
  const std::size_t rest = prefix_length % 8;
  return rest == 0 || (static_cast<unsigned>(a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

std::optional<SpfStop> count_term(SpfState& state, const std::string& domain, const std::string& term) {
  if (++state.dns_terms <= kSpfMaxDnsTerms) return std::nullopt;
  return permerror(SpfReason::kTooManyTerms, domain, term);
}

Probe<SpfExpansion> expand(Inquiry& inquiry, SpfState& state, const MacroString& macros,
                           const std::string& domain, SpfTermTrace& term, SpfCounting counting) {
  SpfExpansion validated;
  if (macros.uses_validated_name()) {
    Probe<SpfExpansion> validation = validated_name(inquiry, state, domain, term, counting);
    validation.start();
    validated = co_await validation;
    if (validated.stop) co_return validated;
  }
  const SpfArguments& arguments = state.arguments;
  SpfExpansion result;
  result.text = expand_macros(macros, {.local_part = state.local_part,
                                       .sender_domain = state.sender_domain,
                                       .domain = domain,
                                       .validated_name = validated.text,
                                       .helo = arguments.helo,
                                       .receiver = arguments.receiver,
                                       .address = arguments.address,
                                       .now = arguments.now});
  co_return result;
}

Probe<SpfMechanismOutcome> evaluate_mechanism(Inquiry& inquiry, SpfState& state,
                                              const SpfMechanism& mechanism, std::optional<DomainName> target,
                                              const std::string& domain, SpfTermTrace& term) {
  const IpAddress& client = state.arguments.address;
  SpfMechanismOutcome result;
  if (std::holds_alternative<SpfAll>(mechanism)) {
    result.matches = true;
  } else if (const auto* ip4 = std::get_if<SpfIp4>(&mechanism)) {
    result.matches =
        client.family() == IpFamily::kIpv4 && same_prefix(client.octets(), ip4->address, ip4->prefix_length);
  } else if (const auto* ip6 = std::get_if<SpfIp6>(&mechanism)) {
    // By octets: as an IpAddress, a network of mapped addresses would be one of IPv4.
    result.matches =
        client.family() == IpFamily::kIpv6 && same_prefix(client.octets(), ip6->address, ip6->prefix_length);
  } else if (target) {
    std::optional<Probe<SpfMechanismOutcome>> probe;
    if (const auto* a = std::get_if<SpfA>(&mechanism)) {
      probe.emplace(evaluate_addresses(inquiry, state, *target, a->cidr, domain, term));
    } else if (const auto* mx = std::get_if<SpfMx>(&mechanism)) {
      probe.emplace(evaluate_mx(inquiry, state, *target, mx->cidr, domain, term));
    } else if (std::holds_alternative<SpfExists>(mechanism)) {
      probe.emplace(evaluate_exists(inquiry, state, *target, domain, term));
    } else if (std::holds_alternative<SpfPtr>(mechanism)) {
      probe.emplace(evaluate_ptr(inquiry, state, *target, domain, term));
    }
    if (probe) {
      probe->start();
      result = co_await *probe;
    }
  }
  co_return result;
}

}  // namespace dauth::scanner

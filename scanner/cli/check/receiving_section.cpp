#include "scanner/cli/check/receiving_section.h"

#include <fmt/format.h>

#include "data/finding.h"
#include "scanner/cli/check/host_facts.h"

namespace dauth::scanner::cli {
namespace {

using nlohmann::ordered_json;

void add_route(CheckPage& page, const ReceivingSide& side) {
  const std::size_t count = side.hosts.size() + side.hosts_not_followed;
  switch (side.route) {
    case MailRoute::kMxHosts:
      page.fact("mail goes to", fmt::format("{} MX {}", count, count == 1 ? "host" : "hosts"));
      return;
    case MailRoute::kImplicit:
      page.fact("mail goes to", "the domain itself");
      page.remark(
          "It has no MX RR but an address, which then stands for one (implicit MX, RFC 5321 section 5.1). If "
          "it is to get mail, an MX RR says so plainly; if not, publish a null MX: 0 . (RFC 7505).",
          Mark::kWarning);
      return;
    case MailRoute::kNullMx:
      page.fact("mail goes to", "nowhere: null MX, the domain accepts no mail (RFC 7505)");
      return;
    case MailRoute::kNone:
      page.fact("mail goes to", "nowhere: neither an MX RR nor an address (RFC 5321 section 5.1)");
      page.remark(
          "Senders get an error at once. A null MX (0 .) says the same and is kept by resolvers (RFC 7505).");
      return;
    case MailRoute::kUnknown:
      page.fact("mail goes to", "unknown: " + words_of(side.cause));
      return;
  }
}

void add_host(CheckPage& page, const MxHostReport& report) {
  const HostAddresses& host = report.host;
  const std::string label = fmt::format("{} {}", report.preference, host.host.to_text());
  if (report.is_root) {
    page.item(0,
              label +
                  ": a null MX stands alone and with preference 0 (RFC 7505 section 3); here it names no "
                  "host. Remove it, or all others.",
              Mark::kBad);
    return;
  }
  page.item(0, label);
  if (report.is_address_literal) {
    page.item(1, "An MX names a host, never an address (RFC 1035 section 3.3.9). Give the host a name.",
              Mark::kBad);
  }
  if (host.is_alias.is_yes()) {
    page.item(
        1,
        fmt::format("It is an alias (CNAME){}, which an MX must not name (RFC 2181 section 10.3). Name the "
                    "host itself.",
                    host.canonical_name ? " of " + host.canonical_name->to_text() : ""),
        Mark::kBad);
  }
  if (host.has_address().is_no() && !report.is_address_literal) {
    page.item(1,
              "It has no address, so no mail can go there (RFC 5321 section 5.1). Publish one, or remove "
              "the MX RR.",
              Mark::kBad);
  }
  for (const MxHostAddress& address : report.addresses) {
    if (address.reverse) {
      page.item(1, fmt::format("{}: {}", address.address.to_text(), reverse_text(*address.reverse)),
                reverse_mark(*address.reverse));
    } else {
      page.item(1, address.address.to_text() + ": its reverse name was not looked up");
    }
  }
  for (const IpFamily family : {IpFamily::kIpv4, IpFamily::kIpv6}) {
    const Fact has = host.has_family(family);
    if (has.is_unknown())
      page.item(1, fmt::format("{} addresses unknown: {}", to_text(family), words_of(has.cause)));
  }
}

void add_family(CheckPage& page, IpFamily family, SpfFamilyVerdict verdict) {
  const std::string label = fmt::format("SPF permits {}", to_text(family));
  switch (verdict) {
    case SpfFamilyVerdict::kCovered:
      page.fact(label, "yes", Mark::kGood);
      return;
    case SpfFamilyVerdict::kUncovered:
      page.fact(label, "none at all, though these hosts have such addresses:", Mark::kWarning);
      return;
    case SpfFamilyVerdict::kNotNeeded:
      page.fact(label, fmt::format("not needed: no host here has an {} address", to_text(family)));
      return;
    case SpfFamilyVerdict::kNothingSent:
      page.fact(label, "no: the record permits no sender");
      return;
    case SpfFamilyVerdict::kLeftOpen:
      page.fact(label, "no, but what the record does not name does not fail");
      return;
    case SpfFamilyVerdict::kNoRecord:
      page.fact(label, "no SPF record that can be evaluated");
      return;
    case SpfFamilyVerdict::kUnknown:
      page.fact(label, "unknown");
      return;
  }
}

void add_families(CheckPage& page, const SpfFamilies& families) {
  for (const IpFamily family : {IpFamily::kIpv4, IpFamily::kIpv6}) {
    const SpfFamilyVerdict verdict = family == IpFamily::kIpv4 ? families.ipv4 : families.ipv6;
    add_family(page, family, verdict);
    if (verdict != SpfFamilyVerdict::kUncovered) continue;
    for (const SpfHostAddress& uncovered : families.uncovered) {
      if (uncovered.address.family() == family)
        page.item(0, fmt::format("{} at {}", uncovered.address.to_text(), uncovered.host.to_text()));
    }
    page.remark(
        fmt::format("Mail of this domain that one of them sends over {0} fails SPF: {1} terms match {2} "
                    "clients alone (RFC "
                    "7208 section 5.6), and a host with addresses of both families uses either. Add {3}, a "
                    "or mx terms for "
                    "the senders, or let them send over {2} only.",
                    to_text(family), family == IpFamily::kIpv4 ? "ip6" : "ip4",
                    family == IpFamily::kIpv4 ? "IPv6" : "IPv4", family == IpFamily::kIpv4 ? "ip4" : "ip6"));
  }
}

ordered_json to_json(const SpfFamilies& families) {
  ordered_json coverage;
  coverage["has_record"] = cli::to_json(families.coverage.has_record);
  coverage["permits_ipv4"] = cli::to_json(families.coverage.permits_ipv4);
  coverage["permits_ipv6"] = cli::to_json(families.coverage.permits_ipv6);
  coverage["is_countless"] = families.coverage.is_countless;
  ordered_json uncovered = ordered_json::array();
  for (const SpfHostAddress& address : families.uncovered)
    uncovered.push_back({{"host", address.host.to_text()}, {"address", address.address.to_text()}});
  ordered_json json;
  json["coverage"] = std::move(coverage);
  json["ipv4"] = to_text(families.ipv4);
  json["ipv6"] = to_text(families.ipv6);
  json["uncovered"] = std::move(uncovered);
  return json;
}

}  // namespace

void add_to_page(CheckPage& page, const ReceivingSide& side) {
  page.heading("Receiving mail");
  add_route(page, side);
  for (const MxHostReport& host : side.hosts) add_host(page, host);
  if (side.hosts_not_followed > 0)
    page.item(0, fmt::format("and {} more, which were not looked up", side.hosts_not_followed));
  if (side.domain_addresses.is_alias.is_yes()) {
    page.remark(fmt::format("The domain is an alias (CNAME){}; what is said here is of the name it leads to.",
                            side.domain_addresses.canonical_name
                                ? " of " + side.domain_addresses.canonical_name->to_text()
                                : ""));
  }
  if (side.route != MailRoute::kNullMx && side.route != MailRoute::kNone) {
    page.fact("reachable over IPv4", words_of(side.reachable_over_ipv4),
              side.reachable_over_ipv4.is_yes() ? Mark::kGood : Mark::kPlain);
    page.fact("reachable over IPv6", words_of(side.reachable_over_ipv6),
              side.reachable_over_ipv6.is_yes() ? Mark::kGood : Mark::kPlain);
    if (side.reachable_over_ipv4.is_no() && side.reachable_over_ipv6.is_yes())
      page.remark("Senders without IPv6, which are many, cannot deliver mail.", Mark::kWarning);
  }
  if (side.spf_families) add_families(page, *side.spf_families);
}

ordered_json to_json(const ReceivingSide& side) {
  ordered_json hosts = ordered_json::array();
  for (const MxHostReport& report : side.hosts) {
    ordered_json reverse = ordered_json::array();
    for (const MxHostAddress& address : report.addresses) {
      if (address.reverse) reverse.push_back(cli::to_json(*address.reverse));
    }
    ordered_json host;
    host["preference"] = report.preference;
    host["host"] = cli::to_json(report.host);
    host["is_root"] = report.is_root;
    host["is_address_literal"] = report.is_address_literal;
    host["reverse"] = std::move(reverse);
    hosts.push_back(std::move(host));
  }
  ordered_json json;
  json["route"] = to_text(side.route);
  if (side.route == MailRoute::kUnknown) json["cause"] = data::to_text(side.cause);
  json["hosts"] = std::move(hosts);
  json["hosts_not_followed"] = side.hosts_not_followed;
  json["addresses_not_followed"] = side.addresses_not_followed;
  json["domain_addresses"] = cli::to_json(side.domain_addresses);
  json["reachable_over_ipv4"] = cli::to_json(side.reachable_over_ipv4);
  json["reachable_over_ipv6"] = cli::to_json(side.reachable_over_ipv6);
  if (side.spf_families) json["spf_families"] = to_json(*side.spf_families);
  return json;
}

}  // namespace dauth::scanner::cli

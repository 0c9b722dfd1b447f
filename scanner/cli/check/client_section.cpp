#include "scanner/cli/check/client_section.h"

#include <fmt/format.h>

#include "scanner/cli/check/host_facts.h"

namespace dauth::scanner::cli {
namespace {

using nlohmann::ordered_json;

void add_form(CheckPage& page, const HeloName& helo) {
  switch (helo.form) {
    case HeloForm::kHostName:
      page.fact("HELO name", helo.text, Mark::kGood);
      return;
    case HeloForm::kAddressLiteral:
      page.fact("HELO name", helo.text);
      page.remark(
          "An address literal is allowed for a client that has no name (RFC 5321 section 4.1.3), but many "
          "receivers trust it less. Give the host a name, and its address a PTR RR with that name.",
          Mark::kWarning);
      return;
    case HeloForm::kSingleLabel:
      page.fact("HELO name", helo.text, Mark::kBad);
      page.remark(
          "It is not fully qualified: it has one label (RFC 5321 section 2.3.5). Many receivers refuse it. "
          "Configure the host's full name, such as mail.example.com.");
      return;
    case HeloForm::kBareAddress:
      page.fact("HELO name", helo.text, Mark::kBad);
      page.remark(
          fmt::format("An address has to stand in brackets (RFC 5321 section 4.1.3): [{}{}]. A name is "
                      "better than either.",
                      helo.address && helo.address->family() == IpFamily::kIpv6 ? "IPv6:" : "",
                      helo.address ? helo.address->to_text() : helo.text));
      return;
    case HeloForm::kBrokenLiteral:
      page.fact("HELO name", helo.text, Mark::kBad);
      page.remark(fmt::format("It is no address literal: {} (RFC 5321 section 4.1.3).", helo.reason));
      return;
    case HeloForm::kNoHostName:
      page.fact("HELO name", helo.text, Mark::kBad);
      page.remark(fmt::format("It is no host name: {} (RFC 5321 section 4.1.2). Strict receivers refuse it.",
                              helo.reason));
      return;
    case HeloForm::kNoName:
      page.fact("HELO name", helo.text, Mark::kBad);
      page.remark(fmt::format("It is no domain name: {} (RFC 5321 section 4.1.2).", helo.reason));
      return;
  }
}

void add_addresses(CheckPage& page, const HostAddresses& host) {
  const Fact has_address = host.has_address();
  page.fact("  its addresses", addresses_text(host), mark_of(has_address, Mark::kBad));
  if (has_address.is_no()) {
    page.remark(
        "The name in HELO must lead to an address (RFC 5321 section 2.3.5). Publish A and AAAA RRs for it, "
        "or "
        "use the name that the host has in the DNS.");
  }
  if (host.is_alias.is_yes()) {
    page.remark(
        fmt::format(
            "It is an alias (CNAME){}. The name in HELO has to be the host's own, with addresses at it "
            "(RFC 5321 section 2.3.5).",
            host.canonical_name ? " of " + host.canonical_name->to_text() : ""),
        Mark::kWarning);
  }
}

void add_reverse(CheckPage& page, const ReverseNames& reverse) {
  page.fact("reverse name", reverse_text(reverse), reverse_mark(reverse));
  if (reverse.has_name.is_no()) {
    page.remark(
        fmt::format("Many receivers refuse or distrust clients without one. Whoever provides the "
                    "address can publish a PTR RR at {} with the host's name.",
                    reverse.owner.to_text()));
  } else if (reverse.confirmed.is_no()) {
    page.remark(
        fmt::format("No name of the address leads back to it, so none is believed (RFC 8601 section "
                    "3, \"iprev\"). Publish the address as an {} RR at the name, or correct the PTR RR.",
                    reverse.address.family() == IpFamily::kIpv4 ? "A" : "AAAA"));
  }
}

}  // namespace

void add_to_page(CheckPage& page, const ClientIdentity& client) {
  if (!client.helo && !client.reverse) return;
  page.heading("Mail client");
  if (client.reverse) page.fact("address", client.reverse->address.to_text());
  if (client.helo) add_form(page, *client.helo);
  if (client.helo_addresses) add_addresses(page, *client.helo_addresses);
  if (client.helo_has_client_address) {
    const Fact& has = *client.helo_has_client_address;
    page.fact("  leads to the client", words_of(has), mark_of(has, Mark::kWarning));
    if (has.is_no() && client.helo_addresses && client.helo_addresses->has_address().is_yes()) {
      page.remark(
          "The client's address is not among those of its HELO name (RFC 5321 section 4.1.4). A receiver "
          "must "
          "not refuse mail for that alone, but many count it. Add the address to the name, or correct the "
          "name.");
    } else if (has.is_no() && client.helo->form == HeloForm::kAddressLiteral) {
      page.remark("The literal is another address than the client's (RFC 5321 section 4.1.4).");
    }
  }
  if (client.reverse) add_reverse(page, *client.reverse);
  if (client.helo_is_reverse_name) {
    page.fact("  is the HELO name", words_of(*client.helo_is_reverse_name),
              client.helo_is_reverse_name->is_yes() ? Mark::kGood : Mark::kPlain);
  }
}

ordered_json to_json(const ClientIdentity& client) {
  ordered_json json = ordered_json::object();
  if (client.helo) {
    ordered_json& helo = json["helo"];
    helo["text"] = client.helo->text;
    helo["form"] = to_text(client.helo->form);
    helo["is_valid"] = client.helo->is_valid();
    if (!client.helo->reason.empty()) helo["reason"] = client.helo->reason;
    if (client.helo->name) helo["name"] = client.helo->name->to_text();
    if (client.helo->address) helo["address"] = client.helo->address->to_text();
    if (client.helo_addresses) helo["addresses"] = to_json(*client.helo_addresses);
  }
  if (client.reverse) {
    json["address"] = client.reverse->address.to_text();
    json["reverse"] = to_json(*client.reverse);
  }
  if (client.helo_has_client_address)
    json["helo_has_client_address"] = to_json(*client.helo_has_client_address);
  if (client.helo_is_reverse_name) json["helo_is_reverse_name"] = to_json(*client.helo_is_reverse_name);
  return json;
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/host_facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace dauth::scanner::cli {
namespace {

using nlohmann::ordered_json;

std::string_view phrase_of(data::Cause cause) {
  switch (cause) {
    case data::Cause::kTimeout:
      return "no answer in time";
    case data::Cause::kServfail:
      return "the resolver could not resolve it";
    case data::Cause::kRefused:
    case data::Cause::kNotimp:
    case data::Cause::kFormerr:
    case data::Cause::kOtherRcode:
      return "the resolver answered with an error";
    case data::Cause::kMalformed:
      return "the answer cannot be read";
    case data::Cause::kTruncated:
      return "the answer came cut off";
    case data::Cause::kCnameLoop:
      return "its CNAMEs lead in a circle";
    case data::Cause::kReferral:
    case data::Cause::kUnfinishedChain:
      return "the resolver did not look it up to the end";
    case data::Cause::kUnreachable:
      return "the resolver could not be reached";
    case data::Cause::kNotAsked:
      return "not looked up";
    default:
      return "not measured";
  }
}

std::string list_of(const std::vector<IpAddress>& addresses) {
  std::vector<std::string> texts;
  for (const IpAddress& address : addresses) texts.push_back(address.to_text());
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string reverse_name_text(const ReverseName& reverse) {
  const std::string name = reverse.name.to_text();
  if (reverse.leads_back.is_yes()) return name + ", which leads back";
  if (reverse.leads_back.is_unknown())
    return fmt::format("{}, of which it is unknown whether it leads back ({})", name,
                       words_of(reverse.leads_back.cause));
  if (reverse.addresses.empty()) return name + ", which has no such address";
  return fmt::format("{}, which leads to {} instead", name, list_of(reverse.addresses));
}

}  // namespace

std::string words_of(data::Cause cause) {
  return fmt::format("{} ({})", phrase_of(cause), data::to_text(cause));
}

std::string words_of(const Fact& fact) {
  if (!fact.is_unknown()) return std::string(to_text(fact.state));
  return "unknown: " + words_of(fact.cause);
}

Mark mark_of(const Fact& fact, Mark no) {
  if (fact.is_unknown()) return Mark::kPlain;
  return fact.is_yes() ? Mark::kGood : no;
}

ordered_json to_json(const Fact& fact) {
  ordered_json json;
  json["state"] = to_text(fact.state);
  if (fact.is_unknown()) json["cause"] = data::to_text(fact.cause);
  return json;
}

ordered_json to_json(const std::vector<IpAddress>& addresses) {
  ordered_json json = ordered_json::array();
  for (const IpAddress& address : addresses) json.push_back(address.to_text());
  return json;
}

ordered_json to_json(const HostAddresses& host) {
  ordered_json json;
  json["host"] = host.host.to_text();
  json["has_ipv4"] = to_json(host.has_ipv4);
  json["has_ipv6"] = to_json(host.has_ipv6);
  json["addresses"] = to_json(host.addresses);
  json["is_alias"] = to_json(host.is_alias);
  if (host.canonical_name) json["canonical_name"] = host.canonical_name->to_text();
  return json;
}

ordered_json to_json(const ReverseNames& reverse) {
  ordered_json names = ordered_json::array();
  for (const ReverseName& name : reverse.names) {
    ordered_json shown;
    shown["name"] = name.name.to_text();
    shown["leads_back"] = to_json(name.leads_back);
    shown["addresses"] = to_json(name.addresses);
    names.push_back(std::move(shown));
  }
  ordered_json json;
  json["address"] = reverse.address.to_text();
  json["owner"] = reverse.owner.to_text();
  json["has_name"] = to_json(reverse.has_name);
  json["names"] = std::move(names);
  json["not_followed"] = reverse.not_followed;
  json["confirmed"] = to_json(reverse.confirmed);
  return json;
}

std::string addresses_text(const HostAddresses& host) {
  std::string text = list_of(host.addresses);
  if (host.has_ipv4.is_no() && host.has_ipv6.is_no()) return "none";
  for (const IpFamily family : {IpFamily::kIpv4, IpFamily::kIpv6}) {
    const Fact has = host.has_family(family);
    if (!has.is_unknown()) continue;
    if (!text.empty()) text += "; ";
    text += fmt::format("{} unknown: {}", to_text(family), words_of(has.cause));
  }
  return text;
}

std::string reverse_text(const ReverseNames& reverse) {
  if (reverse.has_name.is_unknown()) return "reverse name " + words_of(reverse.has_name);
  if (reverse.has_name.is_no()) return "no reverse name (PTR)";
  std::vector<std::string> names;
  for (const ReverseName& name : reverse.names) names.push_back(reverse_name_text(name));
  std::string text = fmt::format("{}", fmt::join(names, "; "));
  if (reverse.not_followed > 0)
    text += fmt::format("; and {} more, which were not followed", reverse.not_followed);
  return text;
}

Mark reverse_mark(const ReverseNames& reverse) {
  return mark_of(reverse.confirmed, Mark::kWarning);
}

}  // namespace dauth::scanner::cli

#include "scanner/postmaster/dmarc_reports.h"

#include <algorithm>
#include <utility>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/ip_address.h"
#include "scanner/record/octets.h"

namespace dauth::scanner {
namespace {

int hexadecimal_value(char c) {
  if (is_digit(c)) return c - '0';
  const char letter = lowered(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// RFC 3986 section 2.1.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && text.size() - i > 2) {
      const int high = hexadecimal_value(text[i + 1]);
      const int low = hexadecimal_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    decoded += text[i];
  }
  return decoded;
}

// Letters, digits, `-`, `_` and dots; octets over 127 stand for a name that is not in A-labels. A backslash
// would be an escape to DomainName.
bool is_host_octet(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || static_cast<unsigned char>(c) > 127;
}

const std::vector<std::string>& uris_of(const DmarcRecord& record, ReportKind kind) {
  return kind == ReportKind::kAggregate ? record.aggregate_report_uris : record.failure_report_uris;
}

// "<domain>._report._dmarc.<host>"; nothing where it would be no name.
std::optional<dns::DomainName> permission_name(const dns::DomainName& domain, const dns::DomainName& host) {
  std::optional<dns::DomainName> name = host.child("_dmarc");
  if (name) name = name->child("_report");
  for (std::size_t i = 0; name && i < domain.label_count(); ++i) {
    name = name->child(*domain.label_from_right(i));
  }
  return name;
}

enum class Relation { kSame, kDifferent, kUnknown };

// By organizational domain. It is the name itself or one above, so names that do not even share their last
// label are strangers whatever the walks would have found.
Relation relation(const DmarcTreeWalk& home, const DmarcTreeWalk& host) {
  if (home.organizational_domain && host.organizational_domain) {
    return *home.organizational_domain == *host.organizational_domain ? Relation::kSame
                                                                      : Relation::kDifferent;
  }
  const bool share_last_label =
      equals_ignoring_case(home.start.label_from_right(0).value_or(std::string_view()),
                           host.start.label_from_right(0).value_or(std::string_view()));
  return share_last_label ? Relation::kUnknown : Relation::kDifferent;
}

// What the permissions say of where reports of this kind go instead.
void read_override(ReportDestination& destination) {
  for (const std::string& text : destination.permissions) {
    const auto reading = read_dmarc(text);
    destination.overriding_uris = uris_of(reading->record, destination.kind);
    if (!destination.overriding_uris.empty()) break;
  }
  const bool leads_outside =
      std::any_of(destination.overriding_uris.begin(), destination.overriding_uris.end(),
                  [&](const std::string& uri) { return host_of_report_uri(uri) != destination.host; });
  destination.verdict =
      leads_outside ? DestinationVerdict::kOverriddenOutside : DestinationVerdict::kAuthorized;
}

// `home` is the walk from `domain`.
Probe<ReportDestination> check_destination(Inquiry& inquiry, const dns::DomainName& domain,
                                           const DmarcTreeWalk& home, ReportDestination destination) {
  destination.host = host_of_report_uri(destination.uri);
  if (!destination.host) {
    destination.verdict = DestinationVerdict::kNoHost;
    co_return destination;
  }
  if (*destination.host == domain) {
    destination.organizational_domain = home.organizational_domain;
    destination.verdict = DestinationVerdict::kSameOrganization;
    co_return destination;
  }
  auto host_walk = walk_dmarc_tree(inquiry, *destination.host);
  host_walk.start();
  const DmarcTreeWalk host = co_await host_walk;
  destination.organizational_domain = host.organizational_domain;
  const Relation related = relation(home, host);
  if (related == Relation::kSame) {
    destination.verdict = DestinationVerdict::kSameOrganization;
    co_return destination;
  }
  // Where no permission is found and it is not known whether one is needed.
  const auto refuse = [&](DestinationVerdict verdict) {
    const bool is_known = related == Relation::kDifferent;
    destination.verdict = is_known ? verdict : DestinationVerdict::kUnknown;
    if (!is_known) destination.cause = home.organizational_domain ? host.cause : home.cause;
  };
  destination.asked = permission_name(domain, *destination.host);
  if (!destination.asked) {
    refuse(DestinationVerdict::kNameTooLong);
    co_return destination;
  }
  const dns::LookupOutcome& outcome = co_await inquiry.ask(destination.asked, dns::RrType::kTxt);
  if (const auto cause = cause_of_failure(outcome)) {
    destination.verdict = DestinationVerdict::kUnknown;
    destination.cause = *cause;
    co_return destination;
  }
  destination.permissions = text_records(outcome);
  std::erase_if(destination.permissions, [](const std::string& text) { return !is_dmarc_record(text); });
  if (destination.permissions.empty()) {
    refuse(DestinationVerdict::kNotAuthorized);
  } else {
    read_override(destination);
  }
  co_return destination;
}

}  // namespace

std::optional<dns::DomainName> host_of_report_uri(std::string_view uri) {
  const std::size_t colon = uri.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view rest = uri.substr(colon + 1);
  std::string host;
  if (equals_ignoring_case(uri.substr(0, colon), "mailto")) {
    host = percent_decoded(rest.substr(0, rest.find('?')));
    const std::size_t at = host.rfind('@');
    if (at == std::string::npos) return std::nullopt;
    host.erase(0, at + 1);
  } else {
    if (!rest.starts_with("//")) return std::nullopt;
    rest.remove_prefix(2);
    rest = rest.substr(0, rest.find_first_of("/?#"));
    if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
    host = percent_decoded(rest.substr(0, rest.find(':')));
  }
  if (host.empty() || !std::all_of(host.begin(), host.end(), is_host_octet)) return std::nullopt;
  if (IpAddress::parse(host)) return std::nullopt;
  auto name = dns::DomainName::from_text(host);
  if (!name || name->is_root()) return std::nullopt;
  return std::move(*name);
}

Probe<std::vector<ReportDestination>> check_report_destinations(Inquiry& inquiry,
                                                                const dns::DomainName& domain,
                                                                const DmarcRecord& record) {
  std::vector<ReportDestination> destinations;
  for (const ReportKind kind : {ReportKind::kAggregate, ReportKind::kFailure}) {
    for (const std::string& uri : uris_of(record, kind)) {
      ReportDestination& destination = destinations.emplace_back();
      destination.kind = kind;
      destination.uri = uri;
      destination.verdict = DestinationVerdict::kNotChecked;
    }
  }
  if (destinations.empty()) co_return destinations;
  auto home_walk = walk_dmarc_tree(inquiry, domain);
  home_walk.start();
  const DmarcTreeWalk home = co_await home_walk;

  // Side by side; the inquiry asks each question once.
  std::vector<Probe<ReportDestination>> probes;
  for (std::size_t i = 0; i < std::min(destinations.size(), kMaxDestinations); ++i) {
    probes.push_back(check_destination(inquiry, domain, home, destinations[i]));
    probes.back().start();
  }
  for (std::size_t i = 0; i < probes.size(); ++i) destinations[i] = co_await probes[i];
  co_return destinations;
}

}  // namespace dauth::scanner

#include "scanner/spf/examine_spf.h"

#include <utility>

#include "scanner/spf/spf_mechanisms.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kPostmaster = "postmaster@";

bool is_null_reverse_path(const std::optional<std::string>& mail_from) {
  return !mail_from || mail_from->empty() || *mail_from == "<>";
}

// Section 2.4, and section 4.3 for an address without local-part.
std::string mail_from_sender(const SpfSender& sender, const std::string& domain) {
  if (is_null_reverse_path(sender.mail_from)) {
    return std::string(kPostmaster) + sender.helo.value_or(domain);
  }
  std::string address = *sender.mail_from;
  if (address.size() > 1 && address.front() == '<' && address.back() == '>') {
    address = address.substr(1, address.size() - 2);
  }
  const std::size_t at = address.rfind('@');
  if (at == std::string::npos) return std::string(kPostmaster) + address;
  if (at == 0) return std::string(kPostmaster) + address.substr(1);
  return address;
}

}  // namespace

std::string_view to_text(SpfIdentity identity) {
  return identity == SpfIdentity::kHelo ? "HELO" : "MAIL FROM";
}

Probe<SpfReport> examine_spf(Inquiry& inquiry, dns::DomainName domain, SpfQuery query) {
  SpfReport report;
  report.domain = domain;
  report.sender = query.sender;
  if (!query.sender) {
    Probe<PermittedSpace> space = examine_permitted_space(inquiry, domain);
    space.start();
    report.permitted = co_await space;
    co_return report;
  }
  const SpfSender& sender = *query.sender;
  const std::string own = text_of_name(domain);
  if (sender.helo) {
    SpfIdentityReport& helo = report.identities.emplace_back();
    helo.identity = SpfIdentity::kHelo;
    helo.sender = std::string(kPostmaster) + *sender.helo;
  }
  SpfIdentityReport& mail_from = report.identities.emplace_back();
  mail_from.identity = SpfIdentity::kMailFrom;
  mail_from.sender = mail_from_sender(sender, own);
  for (SpfIdentityReport& identity : report.identities) {
    identity.domain = identity.sender.substr(identity.sender.rfind('@') + 1);
    SpfArguments arguments{sender.address, identity.domain, identity.sender, sender.helo.value_or(own),
                           query.receiver, query.now};
    if (identity.identity == SpfIdentity::kHelo) arguments.domain = identity.domain = *sender.helo;
    Probe<SpfEvaluation> evaluation = check_host(inquiry, std::move(arguments));
    evaluation.start();
    identity.evaluation = co_await evaluation;
  }
  const bool is_null = sender.mail_from && is_null_reverse_path(sender.mail_from);
  report.bounce = bounce_advice(report.identities.back().evaluation,
                                is_null ? ReversePath::kNull : ReversePath::kAddress);
  co_return report;
}

}  // namespace dauth::scanner

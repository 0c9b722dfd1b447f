#include "scanner/cli/check/check_domain.h"

#include "scanner/cli/check/spf_coverage.h"

namespace dauth::scanner::cli {
namespace {

SpfQuery spf_query(const CheckQuery& query, const dns::DomainName& domain) {
  SpfQuery spf{.sender = {}, .receiver = query.receiver, .now = query.now};
  if (query.client) {
    // The domain that is looked at is the sender's unless another is given.
    spf.sender = SpfSender{*query.client, query.helo,
                           query.mail_from ? *query.mail_from : "postmaster@" + domain.to_text()};
  }
  return spf;
}

template <class T>
std::optional<Probe<T>> started_if(bool wanted, Probe<T> probe) {
  if (!wanted) return std::nullopt;
  probe.start();
  return probe;
}

Probe<std::vector<DkimKey>> look_up_dkim_keys(Inquiry& inquiry, const dns::DomainName& domain,
                                              const std::vector<dns::DomainName>& selectors) {
  std::vector<Probe<DkimKey>> probes;
  for (const dns::DomainName& selector : selectors) {
    probes.push_back(look_up_dkim_key(inquiry, domain, selector));
    probes.back().start();
  }
  std::vector<DkimKey> keys;
  for (Probe<DkimKey>& probe : probes) keys.push_back(co_await probe);
  co_return keys;
}

std::optional<HeloName> helo_of(const CheckQuery& query) {
  if (!query.helo) return std::nullopt;
  return read_helo_name(*query.helo);
}

}  // namespace

Probe<DomainCheck> check_domain(Inquiry& whole, CheckInquiries& inquiries, const dns::DomainName& domain,
                                const CheckQuery& query) {
  const dns::LookupOutcome& existence = co_await whole.ask(domain, dns::RrType::kTxt);
  // Of a name that does not exist nothing more is asked (RFC 8020) but what does not concern its records: the
  // DMARC policy for it stands higher in the tree, and the client is somebody else.
  const bool exists = !std::holds_alternative<dns::NxDomain>(existence);

  auto survey = probe_domain(inquiries.survey, domain, query.selection, query.random_label);
  survey.start();
  auto spf = started_if(exists || query.client, examine_spf(inquiries.spf, domain, spf_query(query, domain)));
  auto permitted = started_if(exists, examine_permitted_space(inquiries.permitted, domain));
  auto receiving = started_if(exists, examine_receiving_side(inquiries.receiving, domain));
  auto dmarc = discover_dmarc(inquiries.dmarc, domain);
  dmarc.start();
  auto dkim = started_if(exists && !query.selectors.empty(),
                         look_up_dkim_keys(inquiries.dkim, domain, query.selectors));
  auto client =
      started_if(query.client || query.helo, examine_client(inquiries.client, helo_of(query), query.client));

  DomainCheck check;
  check.found = co_await survey;
  if (spf) check.spf = co_await *spf;
  if (receiving) check.receiving = co_await *receiving;
  std::optional<PermittedSpace> space;
  if (permitted) {
    space = co_await *permitted;
    compare_with_spf(*check.receiving, coverage_of(*space, inquiries.permitted));
  }
  check.dmarc = co_await dmarc;
  if (dkim) check.dkim = co_await *dkim;
  if (client) check.client = co_await *client;
  check.advice = advise(domain, check.found, inquiries.survey, *check.dmarc, space ? &*space : nullptr);
  co_return check;
}

}  // namespace dauth::scanner::cli

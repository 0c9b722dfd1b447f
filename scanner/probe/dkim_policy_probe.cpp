#include "scanner/probe/dkim_policy_probe.h"

#include <algorithm>

#include "scanner/probe/outcome_helpers.h"
#include "scanner/record/domainkeys_policy.h"

namespace dauth::scanner {

using data::Finding;

Probe<Finding> probe_dkim_policy(Inquiry& inquiry, const dns::DomainName& domain,
                                 Finding domainkeys_subdomain) {
  if (!domainkeys_subdomain.is_published()) co_return domainkeys_subdomain;
  const auto subdomain = domain.child("_domainkey");
  const auto below = [&](std::string_view label) {
    return subdomain ? subdomain->child(label) : std::optional<dns::DomainName>();
  };

  const dns::LookupOutcome& policy = co_await inquiry.ask(below("_policy"), dns::RrType::kTxt);
  const std::vector<std::string> policy_texts = text_records(policy);
  if (std::any_of(policy_texts.begin(), policy_texts.end(), is_signing_policy))
    co_return Finding::published();

  const dns::LookupOutcome& adsp = co_await inquiry.ask(below("_adsp"), dns::RrType::kTxt);
  const std::vector<std::string> adsp_texts = text_records(adsp);
  if (std::any_of(adsp_texts.begin(), adsp_texts.end(), is_adsp_record)) co_return Finding::published();

  if (const auto cause = cause_of_failure(policy)) co_return Finding::unmeasured(*cause);
  if (const auto cause = cause_of_failure(adsp)) co_return Finding::unmeasured(*cause);
  co_return Finding::absent();
}

}  // namespace dauth::scanner

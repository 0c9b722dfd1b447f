#include "scanner/cli/check/check_domain.h"

namespace dauth::scanner::cli {

Probe<DomainCheck> check_domain(Inquiry& /*whole: its pool holds the frame*/, CheckInquiries& inquiries,
                                const dns::DomainName& domain, const CheckQuery& query) {
  auto survey = probe_domain(inquiries.survey, domain, query.selection, query.random_label);
  survey.start();

  DomainCheck check;
  check.found = co_await survey;
  co_return check;
}

}  // namespace dauth::scanner::cli

// check_domain(): everything that `dauth check` finds out about one domain, as coroutines on one Inquiry: the
// survey's probes and, beside them, what goes further.
#pragma once

#include <optional>
#include <vector>

#include "data/finding.h"
#include "scanner/cli/check/check_query.h"
#include "scanner/cli/check/topic_inquiry.h"
#include "scanner/postmaster/advice.h"
#include "scanner/postmaster/client_identity.h"
#include "scanner/postmaster/dkim_key.h"
#include "scanner/postmaster/dmarc_discovery.h"
#include "scanner/postmaster/receiving_side.h"
#include "scanner/spf/examine_spf.h"

namespace dauth::scanner::cli {

// The questions of each topic. `inquiry` outlives it.
struct CheckInquiries {
  explicit CheckInquiries(Inquiry& inquiry)
      : whole(inquiry),
        survey(inquiry, "survey"),
        spf(inquiry, "SPF evaluated"),
        permitted(inquiry, "SPF: the addresses that it permits"),
        receiving(inquiry, "receiving side"),
        dmarc(inquiry, "DMARC policy discovery"),
        dkim(inquiry, "DKIM keys"),
        client(inquiry, "client") {}

  // All but the survey's.
  std::vector<const TopicInquiry*> others() const {
    return {&spf, &permitted, &receiving, &dmarc, &dkim, &client};
  }

  Inquiry& whole;
  TopicInquiry survey;
  TopicInquiry spf;
  TopicInquiry permitted;
  TopicInquiry receiving;
  TopicInquiry dmarc;
  TopicInquiry dkim;
  TopicInquiry client;
};

// What was not looked into is not there.
struct DomainCheck {
  data::Observation found;                 // as the survey finds it
  std::optional<SpfReport> spf;            // not where the domain does not exist, unless a client is given
  std::optional<ReceivingSide> receiving;  // not where the domain does not exist
  std::optional<DmarcDiscovery> dmarc;
  std::vector<DkimKey> dkim;             // in the order of the selectors
  std::optional<ClientIdentity> client;  // with --ip or --helo
  std::vector<Advice> advice;
};

// All arguments by reference have to outlive the probe.
Probe<DomainCheck> check_domain(Inquiry& whole, CheckInquiries& inquiries, const dns::DomainName& domain,
                                const CheckQuery& query);

}  // namespace dauth::scanner::cli

// What `dauth check` is to look at, beside the domains: the same for each of them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/probe/domain_probe.h"
#include "scanner/probe/probe_selection.h"
#include "scanner/record/ip_address.h"

namespace dauth::scanner::cli {

// A host of --submission: by its name, whose addresses are asked for, or by one of them.
using SubmissionTarget = std::variant<dns::DomainName, IpAddress>;

struct CheckQuery {
  // All of them: the MX hosts' addresses are looked up for the receiving side anyway.
  ProbeSelection selection = {.mx_hosts = true};
  RandomLabelSource random_label;

  std::optional<IpAddress> client;                   // --ip
  std::optional<std::string> helo;                   // --helo: any octets but none
  std::optional<std::string> mail_from;              // --mail-from: local-part@domain in A-labels, or "<>"
  std::vector<dns::DomainName> selectors;            // --selector, each once
  std::vector<SubmissionTarget> submission_hosts;    // --submission, each once
  std::chrono::milliseconds submission_timer{5000};  // --submission-timeout, of each port

  // For the explanations that SPF records publish (RFC 7208 section 7.3): the host that checks, and when.
  std::string receiver = "unknown";
  std::chrono::sys_seconds now{};
};

}  // namespace dauth::scanner::cli

// What `check` tells of a domain's SPF: for a given sender the result for each identity, without one the tree
// of the record, the lookups that it costs and the address space that it permits.
//
// A coroutine on an Inquiry; no socket, no clock: time and receiver are passed in. Values own what they hold.
// Errors: none; whatever goes wrong is a result (RFC 7208 section 2.6).
//
//   const Probe<SpfReport> ... = examine_spf(inquiry, domain, {.sender = SpfSender{address}, .now = now});
//
// Then add_to_page() and to_json() in scanner/cli/check/spf_section.h.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "scanner/probe/probe.h"
#include "scanner/record/ip_address.h"
#include "scanner/spf/bounce_advice.h"
#include "scanner/spf/check_host.h"
#include "scanner/spf/permitted_space.h"

namespace dauth::scanner {

// A client that offers mail, as on the command line; octets as given.
struct SpfSender {
  IpAddress address;                     // --ip
  std::optional<std::string> helo;       // --helo
  std::optional<std::string> mail_from;  // --mail-from; empty or "<>": the null reverse-path
};

struct SpfQuery {
  std::optional<SpfSender> sender;
  std::string receiver = "unknown";  // %{r} of explanations: the name of the host that checks
  std::chrono::sys_seconds now{};    // %{t} of explanations
};

enum class SpfIdentity : std::uint8_t { kHelo, kMailFrom };

// "HELO", "MAIL FROM".
std::string_view to_text(SpfIdentity identity);

struct SpfIdentityReport {
  SpfIdentity identity = SpfIdentity::kMailFrom;
  std::string sender;  // local-part@domain as checked: "postmaster@example.jp" where none was given
  std::string domain;  // the <domain> of check_host()
  SpfEvaluation evaluation;
};

struct SpfReport {
  dns::DomainName domain;  // the one that was looked at
  std::optional<SpfSender> sender;
  // With a sender: HELO where it was given, then MAIL FROM. Without --mail-from the latter is
  // postmaster@HELO (section 2.4), and postmaster@DOMAIN without HELO too.
  std::vector<SpfIdentityReport> identities;
  std::optional<BounceAdvice> bounce;       // with a sender: what follows from the MAIL FROM result
  std::optional<PermittedSpace> permitted;  // without a sender
};

Probe<SpfReport> examine_spf(Inquiry& inquiry, dns::DomainName domain, SpfQuery query);

}  // namespace dauth::scanner

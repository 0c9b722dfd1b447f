// Which probes a survey runs: `--probes mx,spf,domainkeys,dkim_policy,dmarc,mx-hosts`, and the RR types that
// tell
// `_domainkey` from a wildcard: `--wildcard-types TXT,A`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/question.h"
#include "resolver/dns/result.h"

namespace dauth::scanner {

struct ProbeSelection {
  bool mx = true;
  bool spf = true;
  bool domainkeys = true;
  bool dkim_policy = true;  // asks only where domainkeys found the subdomain; needs that probe
  bool dmarc = true;
  // Asks about the hosts that mx finds; needs that probe. Chosen only by name: it costs questions of its own,
  // and what is asked by default stays what it was.
  bool mx_hosts = false;
  // In the order asked; TXT is always the first, each later one is asked only where those before told
  // nothing.
  std::vector<dns::RrType> wildcard_types = {dns::RrType::kTxt, dns::RrType::kA};
};

// The selection that `probes` ("mx,spf") and `wildcard_types` ("TXT,A", any case) name, or what is wrong with
// them in one line that begins with the option's name.
Result<ProbeSelection, std::string> parse_probe_selection(std::string_view probes,
                                                          std::string_view wildcard_types);

// The text that parse_probe_selection reads: "mx,spf,domainkeys,dkim_policy,dmarc".
std::string probes_text(const ProbeSelection& selection);
std::string wildcard_types_text(const ProbeSelection& selection);

}  // namespace dauth::scanner

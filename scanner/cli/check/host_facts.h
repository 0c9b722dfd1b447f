// Facts, addresses and reverse names of hosts as the sections of `dauth check` show them: words for a person,
// JSON for a program (docs/check-json/host.schema.json).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scanner/cli/check/check_page.h"
#include "scanner/postmaster/fact.h"
#include "scanner/postmaster/host_addresses.h"
#include "scanner/postmaster/reverse_names.h"

namespace dauth::scanner::cli {

// "yes", "no", "unknown: no answer in time (timeout)".
std::string words_of(const Fact& fact);
// The part behind "unknown: ".
std::string words_of(data::Cause cause);
// Good where it is a yes, plain where it is not known.
Mark mark_of(const Fact& fact, Mark no);

// {"state": "unknown", "cause": "timeout"}; without the cause where the state is known.
nlohmann::ordered_json to_json(const Fact& fact);
nlohmann::ordered_json to_json(const std::vector<IpAddress>& addresses);
nlohmann::ordered_json to_json(const HostAddresses& host);
nlohmann::ordered_json to_json(const ReverseNames& reverse);

// "192.0.2.1, 2001:db8::1", or what is known of a host without addresses.
std::string addresses_text(const HostAddresses& host);
// What the PTR RRs of an address come to, in one line: "mail.example.jp, which leads back".
std::string reverse_text(const ReverseNames& reverse);
Mark reverse_mark(const ReverseNames& reverse);

}  // namespace dauth::scanner::cli

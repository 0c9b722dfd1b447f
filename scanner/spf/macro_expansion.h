// Expanding the macros of SPF (RFC 7208 section 7), and names made of the outcome.
//
// Pure. Values may hold any octets: a local-part or HELO is the client's to choose.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/domain_name.h"
#include "scanner/record/ip_address.h"
#include "scanner/record/macro_string.h"

namespace dauth::scanner {

struct MacroValues {
  std::string_view local_part;      // %{l}
  std::string_view sender_domain;   // %{o}
  std::string_view domain;          // %{d}: the <domain> of the record at hand
  std::string_view validated_name;  // %{p}
  std::string_view helo;            // %{h}
  std::string_view receiver;        // %{r}
  IpAddress address;                // %{i}, %{v}, %{c}
  std::chrono::sys_seconds now{};   // %{t}
};

// Section 7.3. %{i} of an IPv6 address has its 32 nibbles in capitals, as the openspf suite has them.
std::string expand_macros(const MacroString& macros, const MacroValues& values);

// True where nothing but the domain is needed to expand it: text and %{d}.
bool depends_on_domain_alone(const MacroString& macros);

// Text made of macros as the name that it stands for (section 7.3): without a last dot, and with labels taken
// off the left until at most 253 octets are left.
std::string fitted_name(std::string text);

// The name of labels between dots, any octets in them. Nothing where it is no name: an empty label, one of
// over 63 octets, over 253 octets in all.
std::optional<dns::DomainName> name_of_text(std::string_view text);

}  // namespace dauth::scanner

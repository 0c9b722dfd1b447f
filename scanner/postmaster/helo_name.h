// HeloName: what a mail client calls itself in HELO or EHLO (RFC 5321 sections 4.1.1.1, 4.1.2 and 4.1.3), by
// its form alone.
//
// Any octets in, a value out: a name that breaks the rules is something to tell about, not an error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "resolver/dns/domain_name.h"
#include "scanner/record/ip_address.h"

namespace dauth::scanner {

enum class HeloForm : std::uint8_t {
  kHostName,        // `Domain` of section 4.1.2 with at least two labels
  kSingleLabel,     // "mail": a host name that is not fully qualified (section 2.3.5)
  kAddressLiteral,  // "[192.0.2.1]", "[IPv6:2001:db8::1]" (section 4.1.3)
  kBareAddress,     // an address without the brackets
  kBrokenLiteral,   // brackets, but no literal that section 4.1.3 knows of IPv4 and IPv6
  kNoHostName,  // a domain name, but no `Domain`: an underscore, a dot at the end, digits as the last label
  kNoName,      // no domain name at all
};

// "host_name", "single_label", ...
std::string_view to_text(HeloForm form);

struct HeloName {
  std::string text;  // as given
  HeloForm form = HeloForm::kNoName;
  // What breaks the form, a fixed phrase; empty for kHostName and kAddressLiteral.
  std::string_view reason = {};
  // To be looked up: kHostName, kSingleLabel and kNoHostName.
  std::optional<dns::DomainName> name = {};
  // kAddressLiteral and kBareAddress.
  std::optional<IpAddress> address = {};

  // Whether section 4.1.1.1 lets it stand behind EHLO: a fully qualified host name, or an address literal.
  bool is_valid() const { return form == HeloForm::kHostName || form == HeloForm::kAddressLiteral; }
};

HeloName read_helo_name(std::string_view text);

}  // namespace dauth::scanner

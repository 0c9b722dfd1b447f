// ClientIdentity: how a mail client introduces itself, held against the DNS: its HELO name (RFC 5321 sections
// 2.3.5, 4.1.1.1 and 4.1.4) and the reverse names of its address.
//
// Parts that were not given are not there. Nothing here is about a mail domain.
#pragma once

#include <optional>

#include "scanner/postmaster/fact.h"
#include "scanner/postmaster/helo_name.h"
#include "scanner/postmaster/host_addresses.h"
#include "scanner/postmaster/reverse_names.h"
#include "scanner/probe/probe.h"
#include "scanner/record/ip_address.h"

namespace dauth::scanner {

struct ClientIdentity {
  std::optional<HeloName> helo = {};
  std::optional<HostAddresses> helo_addresses = {};  // of helo->name, where it has one
  std::optional<ReverseNames> reverse = {};          // of the client's address
  // Where both were given: the client's address is among those of the HELO name, or is the literal.
  std::optional<Fact> helo_has_client_address = {};
  // Where both were given and the HELO is a name: it is one of the address's PTR names.
  std::optional<Fact> helo_is_reverse_name = {};
};

// Asks A and AAAA of the HELO name, and what look_up_reverse_names() asks, side by side.
Probe<ClientIdentity> examine_client(Inquiry& inquiry, std::optional<HeloName> helo,
                                     std::optional<IpAddress> address);

}  // namespace dauth::scanner

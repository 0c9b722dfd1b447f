// DkimKey: what a domain publishes for one selector, the TXT RRs at S._domainkey.D (RFC 6376 section 3.6.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"
#include "scanner/postmaster/dkim_key_record.h"
#include "scanner/postmaster/fact.h"
#include "scanner/probe/probe.h"

namespace dauth::scanner {

struct PublishedDkimKey {
  std::string text;  // the data of the TXT RR, strings joined: any octets
  Result<DkimKeyRecord, RecordError> record;
};

struct DkimKey {
  dns::DomainName selector;
  std::optional<dns::DomainName> owner = {};           // nothing where it would be longer than a name may be
  Fact exists = {};                                    // the name exists, with whatever RRs
  Fact is_published = {};                              // TXT RRs are there
  Fact is_alias = {};                                  // a CNAME stands there, as providers of mail ask for
  std::optional<dns::DomainName> canonical_name = {};  // where the chain ends
  // More than one is undefined (RFC 6376 section 3.6.2.2). In the order of their octets.
  std::vector<PublishedDkimKey> records = {};
  // One record, and its key can be used: DkimKeyRecord::is_usable().
  Fact is_usable = {};
};

// A selector (RFC 6376 section 3.1): labels of letters, digits, hyphens and underscores, separated by dots.
// The error says what is wrong with it.
Result<dns::DomainName, std::string> parse_selector(std::string_view text);

// Asks TXT at the selector's name below the domain.
Probe<DkimKey> look_up_dkim_key(Inquiry& inquiry, dns::DomainName domain, dns::DomainName selector);

}  // namespace dauth::scanner

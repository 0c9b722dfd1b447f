// The substitution that a DNAME RR stands for (RFC 6672 section 2.2).
#pragma once

#include <optional>

#include "resolver/dns/domain_name.h"

namespace dauth::dns {

// `name` with its suffix `owner` replaced by `target`. Nothing where `name` does not stand below `owner` (a
// DNAME says nothing of its own owner, section 2.3), or where the result would be over 255 octets. Pure; the
// labels before the suffix keep their letter case.
std::optional<DomainName> substitute_dname(const DomainName& name, const DomainName& owner,
                                           const DomainName& target);

}  // namespace dauth::dns

// The kinds of domain, a table for each subject; domain_kinds() joins them.
#pragma once

#include <span>

#include "tests/support/registry/domain_kinds.h"

namespace dauth::testing {

std::span<const DomainKind> mail_kinds();
std::span<const DomainKind> sender_policy_kinds();
std::span<const DomainKind> domainkeys_kinds();
std::span<const DomainKind> wildcard_kinds();
std::span<const DomainKind> dmarc_kinds();
std::span<const DomainKind> present_day_kinds();
std::span<const DomainKind> long_name_kinds();

}  // namespace dauth::testing

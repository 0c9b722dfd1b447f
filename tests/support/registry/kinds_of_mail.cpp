#include "tests/support/registry/kind_tables.h"

namespace dauth::testing {
namespace {

constexpr DomainKind kExistenceAndMail[] = {
    {.name = "mx_only", .records = "@ MX 10 mail\nmail A 192.0.2.25\n", .expected = {.mx = true}},
    {.name = "mx_hosted",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n@ MX 20 mx2.mail-hosting.example.net.\n",
     .expected = {.mx = true, .mx_ipv6 = true}},
    {.name = "no_mx", .records = "@ A 192.0.2.80\nwww A 192.0.2.80\n", .expected = {}},
    // The domain is an empty non-terminal: NOERROR, so it exists.
    {.name = "empty_apex", .records = "www A 192.0.2.80\n", .expected = {}},
    // Delegated by the registry, but there is nothing at or below it.
    {.name = "nxdomain", .records = "", .expected = {.exists = false, .domainkeys_evidence = ""}},
    {.name = "null_mx", .records = "@ MX 0 .\n@ A 192.0.2.80\n", .expected = {.mx = true, .null_mx = true}},
    // "MX 0 ." beside another is no null MX (RFC 7505 section 3).
    {.name = "null_mx_beside_host",
     .records = "@ MX 0 .\n@ MX 10 mail\nmail A 192.0.2.25\n",
     .expected = {.mx = true}},
    {.name = "mx_address",
     .records = "@ MX 10 192.0.2.25.\n",
     .expected = {.mx = true, .mx_address_literal = true, .mx_no_address = true}},
    {.name = "mx_address_beside_host",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ MX 20 192.0.2.26.\n",
     .expected = {.mx = true, .mx_address_literal = true}},
    // The host name only begins with digits: no address.
    {.name = "mx_like_address",
     .records = "@ MX 10 192.0.2.25.mail-hosting.example.net.\n",
     .expected = {.mx = true}},
    {.name = "cname_to_host", .records = "@ CNAME web.hosting.example.net.\n", .expected = {}},
    {.name = "cname_to_mail",
     .records = "@ CNAME full.hosting.example.net.\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    {.name = "cname_twice",
     .records = "@ CNAME alias.hosting.example.net.\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    // NXDOMAIN behind a CNAME speaks of the target: the domain exists (RFC 6604).
    {.name = "cname_dangling", .records = "@ CNAME gone.hosting.example.net.\n", .expected = {}},
};

constexpr DomainKind kLongNames[] = {
    {.name = "long_label",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\ns1._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"},
     .shape = NameShape::kLongLabel},
    {.name = "long_name",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey TXT \"o=~\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "no_wildcard"},
     .shape = NameShape::kLongName},
    // `_domainkey` does not fit before it: such a name cannot exist.
    {.name = "longest_name",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n",
     .expected = {.mx = true},
     .shape = NameShape::kLongestName},
};

}  // namespace

std::span<const DomainKind> mail_kinds() {
  return kExistenceAndMail;
}

std::span<const DomainKind> long_name_kinds() {
  return kLongNames;
}

}  // namespace dauth::testing

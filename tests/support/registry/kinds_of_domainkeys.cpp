#include "tests/support/registry/kind_tables.h"

namespace dauth::testing {
namespace {

constexpr DomainKind kDomainkeys[] = {
    // `_domainkey` is an empty non-terminal above the keys: NOERROR without data.
    {.name = "dk_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\ns2006._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_selector_alias",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\ns1._domainkey CNAME s1.dkim.hosting.example.net.\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_any_selector",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n*._domainkey TXT \"v=DKIM1; p=\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey TXT \"o=~; r=postmaster@example.net\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_policy_and_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey TXT \"t=y; o=-; n=our policy\"\n"
                "s2006._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_policy_without_mx",
     .records = "@ A 192.0.2.80\n_domainkey TXT \"o=-\"\n",
     .expected = {.domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "no_wildcard"}},
    // A key where the policy belongs: its tags are none of o, t, n, r.
    {.name = "dk_key_for_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey TXT \"k=rsa; t=y; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_address_only",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey A 192.0.2.9\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_alias_to_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey CNAME policy.hosting.example.net.\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "no_wildcard"}},
    // The SOA at the end of the chain belongs to another name.
    {.name = "dk_alias_to_zone_apex",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_domainkey CNAME example.net.\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "no_wildcard"}},
    {.name = "dk_own_zone",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "own_zone"},
     .own_zone = "_domainkey",
     .own_zone_records = "s2006 TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n"},
    {.name = "dk_own_zone_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "own_zone"},
     .own_zone = "_domainkey",
     .own_zone_records = "@ TXT \"o=~\"\n"},
    {.name = "dk_own_zone_beside_wildcard",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"any name\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "own_zone"},
     .own_zone = "_domainkey",
     .own_zone_records = "@ TXT \"any name\"\n"},
    {.name = "dk_signing_policy_draft",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\ns1._domainkey TXT \"v=DKIM1; p=MHwwDQYJKoZIhvcNAQEB\"\n"
                "_policy._domainkey TXT \"o=-; t=y\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_evidence = "no_wildcard",
                  .dkim_policy = true}},
    {.name = "dk_adsp",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\ns1._domainkey TXT \"v=DKIM1; p=MHwwDQYJKoZIhvcNAQEB\"\n"
                "_adsp._domainkey TXT \"dkim=all\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_evidence = "no_wildcard",
                  .dkim_policy = true}},
    {.name = "dname_without_dk",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n@ DNAME moved.example.net.\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "dname_with_dk",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n@ DNAME moved-with-keys.example.net.\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "differs_from_wildcard"}},
};

constexpr DomainKind kWildcards[] = {
    {.name = "wildcard_txt",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx -all\"\n* TXT \"v=spf1 -all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "fail",
                  .domainkeys_evidence = "same_as_wildcard"}},
    // The wildcard looks like a policy, yet no name of that kind was made.
    {.name = "wildcard_txt_like_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"o=~\"\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_txt_dk_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"any name\"\n_domainkey TXT \"o=~\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "differs_from_wildcard"}},
    {.name = "wildcard_txt_dk_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"any name\"\n"
                "s1._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "differs_from_wildcard"}},
    // Made by hand, but not to be told from the wildcard.
    {.name = "wildcard_txt_dk_same",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"any name\"\n_domainkey TXT \"any name\"\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_txt_dk_same_split",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"any name\"\n_domainkey 60 TXT \"any \" \"name\"\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_cname_to_apex",
     .records = "@ MX 10 mail\n@ A 192.0.2.80\nmail A 192.0.2.25\n* CNAME @\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    // An SOA is seen at `_domainkey` through the CNAME; it belongs to the domain.
    {.name = "wildcard_cname_to_own_apex",
     .records = "",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "fail",
                  .domainkeys_evidence = "same_as_wildcard"},
     .own_zone = "@",
     .own_zone_records =
         "@ MX 10 mail\n@ A 192.0.2.80\n@ TXT \"v=spf1 mx -all\"\nmail A 192.0.2.25\n* CNAME @\n"},
    {.name = "wildcard_cname_elsewhere",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* CNAME web.hosting.example.net.\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_cname_dangling",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* CNAME gone.hosting.example.net.\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_cname_dk_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* CNAME web.hosting.example.net.\n"
                "s1._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_subdomain = true, .domainkeys_evidence = "differs_from_wildcard"}},
    {.name = "wildcard_a",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* A 192.0.2.80\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "wildcard_a_dk_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* A 192.0.2.80\n"
                "s1._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_by_a = true,
                  .domainkeys_evidence = "differs_from_wildcard"}},
    {.name = "wildcard_a_dk_address",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* A 192.0.2.80\n_domainkey A 192.0.2.9\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_by_a = true,
                  .domainkeys_evidence = "differs_from_wildcard"}},
    // TXT differs, so A is not asked.
    {.name = "wildcard_a_dk_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* A 192.0.2.80\n_domainkey TXT \"o=-\"\n",
     .expected = {.mx = true,
                  .domainkeys_subdomain = true,
                  .domainkeys_policy = true,
                  .domainkeys_evidence = "differs_from_wildcard"}},
    // Neither TXT nor A at either name: nothing to tell them apart by.
    {.name = "wildcard_mx",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* MX 10 mail\n",
     .expected = {.mx = true, .domainkeys_evidence = "both_empty"}},
    {.name = "wildcard_mx_dk_selectors",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* MX 10 mail\n"
                "s1._domainkey TXT \"k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n",
     .expected = {.mx = true, .domainkeys_evidence = "both_empty"}},
};

}  // namespace

std::span<const DomainKind> domainkeys_kinds() {
  return kDomainkeys;
}

std::span<const DomainKind> wildcard_kinds() {
  return kWildcards;
}

}  // namespace dauth::testing

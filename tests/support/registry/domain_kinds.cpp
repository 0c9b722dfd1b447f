#include "tests/support/registry/domain_kinds.h"

#include <algorithm>
#include <array>

namespace dauth::testing {
namespace {

constexpr DomainKind kExistenceAndMail[] = {
    {.name = "mx_only", .records = "@ MX 10 mail\nmail A 192.0.2.25\n", .expected = {.mx = true}},
    {.name = "mx_hosted",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n@ MX 20 mx2.mail-hosting.example.net.\n",
     .expected = {.mx = true}},
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
     .expected = {.mx = true, .mx_address_literal = true}},
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

constexpr DomainKind kSenderPolicies[] = {
    {.name = "spf_fail",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    {.name = "spf_softfail",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx ~all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "spf_neutral",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx ?all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "neutral"}},
    {.name = "spf_pass",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 +all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "pass"}},
    {.name = "spf_bare_all",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 a all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "pass"}},
    // The first `all` counts.
    {.name = "spf_two_alls",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx ~all -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "spf_no_all",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "none"}},
    {.name = "spf_version_only",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "none"}},
    {.name = "spf_redirect",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 redirect=_spf.hosting.example.net\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "redirect"}},
    {.name = "spf_redirect_and_all",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 redirect=_spf.hosting.example.net ~all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "spf_upper_case",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"V=SPF1 MX -ALL\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    {.name = "spf_both_types",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx -all\"\n@ SPF \"v=spf1 mx -all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_type99 = true,
                  .spf_record = true,
                  .spf_all = "fail"}},
    // The version-1 record is a matter of TXT alone (RFC 7208 section 3.1).
    {.name = "spf_type99_only",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ SPF \"v=spf1 mx -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_type99 = true}},
    {.name = "spf_split_strings",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 ip4:192.0.\" \"2.0/24 -a\" \"ll\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    {.name = "spf_split_version",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=s\" \"pf1 ~all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "spf_beside_other_text",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"site-verification=0123456789abcdef\"\n"
                "@ TXT \"v=spf1 include:_spf.hosting.example.net ~all\"\n@ TXT \"MS=ms00000000\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "spf_multiple",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx -all\"\n@ TXT \"v=spf1 a ~all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_multiple = true,
                  .spf_all = "multiple"}},
    {.name = "spf_version_10",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf10 mx -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true}},
    // Another version beside the record does not make two of it.
    {.name = "spf_beside_version_10",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf10 mx -all\"\n@ TXT \"v=spf1 mx ?all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "neutral"}},
    {.name = "spf_bad_address",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 ip4:192.0.2.300 -all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_invalid = true,
                  .spf_all = "invalid"}},
    {.name = "spf_bad_mechanism",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 ipv4:192.0.2.0/24 -all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_invalid = true,
                  .spf_all = "invalid"}},
    // Text that merely speaks of SPF counts by the rule of 2005.
    {.name = "spf_word_only",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"This domain has no Spf record yet\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true}},
    {.name = "spf_without_mx",
     .records = "@ A 192.0.2.80\n@ TXT \"v=spf1 -all\"\n",
     .expected = {.spf = true, .spf_txt = true, .spf_record = true, .spf_all = "fail"}},
    // Over 1232 octets: truncated over UDP, whole over TCP.
    {.name = "spf_in_big_rrset",
     .records =
         "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"v=spf1 mx ~all\"\n"
         "@ TXT "
         "\"1-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"2-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"3-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"4-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"5-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"6-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n"
         "@ TXT "
         "\"7-verification-of-a-service=0123456789012345678901234567890123456789012345678901234567890123456"
         "7890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "text_without_spf",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"site-verification=0123456789abcdef\"\n",
     .expected = {.mx = true}},
    // Control characters, an escape sequence, no UTF-8, a spreadsheet's formula.
    {.name = "text_hostile",
     .records =
         "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"=1+1|<b>\\027[31m\\000\\255\\254\\226\\128\\174\"\n",
     .expected = {.mx = true}},
    {.name = "text_empty",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"\"\n",
     .expected = {.mx = true}},
    // "spf2.0" contains "spf": by the rule of 2005 it is SPF too.
    {.name = "sender_id_txt",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"spf2.0/pra mx -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .sender_id = true}},
    {.name = "sender_id_type99",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ SPF \"spf2.0/mfrom,pra mx -all\"\n",
     .expected = {.mx = true, .spf = true, .spf_type99 = true, .sender_id = true}},
    {.name = "sender_id_and_spf",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n@ TXT \"spf2.0/pra mx -all\"\n@ TXT \"v=spf1 mx -all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "fail",
                  .sender_id = true}},
};

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

constexpr DomainKind kDmarc[] = {
    {.name = "dmarc_none",
     .records =
         "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=none; rua=mailto:d@example.net\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "none", .dmarc_rua = true}},
    {.name = "dmarc_quarantine",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=quarantine\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "quarantine"}},
    {.name = "dmarc_reject",
     .records =
         "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=reject; rua=mailto:d@example.net\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "reject", .dmarc_rua = true}},
    {.name = "dmarc_testing",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=reject; t=y\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "reject", .dmarc_testing = true}},
    {.name = "dmarc_without_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; rua=mailto:d@example.net\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "none", .dmarc_rua = true}},
    {.name = "dmarc_bad_policy",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=block\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_invalid = true}},
    {.name = "dmarc_bad_policy_with_reports",
     .records =
         "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=block; rua=mailto:d@example.net\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "none", .dmarc_rua = true}},
    {.name = "dmarc_multiple",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=DMARC1; p=none\"\n"
                "_dmarc TXT \"v=DMARC1; p=reject\"\n",
     .expected = {.mx = true, .dmarc_multiple = true}},
    {.name = "dmarc_wrong_case",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=dmarc1; p=reject\"\n",
     .expected = {.mx = true}},
    {.name = "dmarc_beside_other_text",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc TXT \"v=spf1 -all\"\n"
                "_dmarc TXT \"v=DMARC1; P=Quarantine\"\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "quarantine"}},
    {.name = "dmarc_alias",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n_dmarc CNAME dmarc.hosting.example.net.\n",
     .expected = {.mx = true, .dmarc = true, .dmarc_policy = "reject"}},
    {.name = "dmarc_by_wildcard",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"v=DMARC1; p=reject\"\n",
     .expected =
         {.mx = true, .domainkeys_evidence = "same_as_wildcard", .dmarc = true, .dmarc_policy = "reject"}},
    {.name = "dmarc_nothing_but_spf_wildcard",
     .records = "@ MX 10 mail\nmail A 192.0.2.25\n* TXT \"v=spf1 -all\"\n",
     .expected = {.mx = true, .domainkeys_evidence = "same_as_wildcard"}},
};

// Several of these at once, as domains of today publish them.
constexpr DomainKind kPresentDay[] = {
    {.name = "today_spf_only",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n"
                "@ TXT \"v=spf1 include:_spf.hosting.example.net ~all\"\n",
     .expected = {.mx = true, .spf = true, .spf_txt = true, .spf_record = true, .spf_all = "softfail"}},
    {.name = "today_spf_dmarc",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n"
                "@ TXT \"v=spf1 include:_spf.hosting.example.net ~all\"\n_dmarc TXT \"v=DMARC1; p=none\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "softfail",
                  .dmarc = true,
                  .dmarc_policy = "none"}},
    {.name = "today_all_three",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n"
                "@ TXT \"v=spf1 include:_spf.hosting.example.net -all\"\n"
                "s1._domainkey CNAME s1.dkim.hosting.example.net.\n"
                "_dmarc TXT \"v=DMARC1; p=quarantine; rua=mailto:d@example.net\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "fail",
                  .domainkeys_subdomain = true,
                  .domainkeys_evidence = "no_wildcard",
                  .dmarc = true,
                  .dmarc_policy = "quarantine",
                  .dmarc_rua = true}},
    {.name = "today_all_three_wildcard_a",
     .records =
         "@ MX 10 mx1.mail-hosting.example.net.\n* A 192.0.2.80\n"
         "@ TXT \"v=spf1 include:_spf.hosting.example.net ~all\"\n"
         "s1._domainkey TXT \"v=DKIM1; k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n_dmarc TXT \"v=DMARC1; p=none\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "softfail",
                  .domainkeys_subdomain = true,
                  .domainkeys_by_a = true,
                  .domainkeys_evidence = "differs_from_wildcard",
                  .dmarc = true,
                  .dmarc_policy = "none"}},
    {.name = "today_spf_wildcard_a",
     .records = "@ MX 10 mx1.mail-hosting.example.net.\n* A 192.0.2.80\n"
                "@ TXT \"v=spf1 include:_spf.hosting.example.net ~all\"\n",
     .expected = {.mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "softfail",
                  .domainkeys_evidence = "same_as_wildcard"}},
    {.name = "today_parked",
     .records = "@ MX 0 .\n@ TXT \"v=spf1 -all\"\n*._domainkey TXT \"v=DKIM1; p=\"\n"
                "_dmarc TXT \"v=DMARC1; p=reject\"\n",
     .expected = {.mx = true,
                  .null_mx = true,
                  .spf = true,
                  .spf_txt = true,
                  .spf_record = true,
                  .spf_all = "fail",
                  .domainkeys_subdomain = true,
                  .domainkeys_evidence = "no_wildcard",
                  .dmarc = true,
                  .dmarc_policy = "reject"}},
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

constexpr std::size_t kKindCount = std::size(kExistenceAndMail) + std::size(kSenderPolicies) +
                                   std::size(kDomainkeys) + std::size(kWildcards) + std::size(kDmarc) +
                                   std::size(kPresentDay) + std::size(kLongNames);

constexpr std::array<DomainKind, kKindCount> join_kinds() {
  std::array<DomainKind, kKindCount> all{};
  auto next = all.begin();
  for (const std::span<const DomainKind> group :
       {std::span<const DomainKind>(kExistenceAndMail), std::span<const DomainKind>(kSenderPolicies),
        std::span<const DomainKind>(kDomainkeys), std::span<const DomainKind>(kWildcards),
        std::span<const DomainKind>(kDmarc), std::span<const DomainKind>(kPresentDay),
        std::span<const DomainKind>(kLongNames)}) {
    next = std::copy(group.begin(), group.end(), next);
  }
  return all;
}

constexpr std::array<DomainKind, kKindCount> kAllKinds = join_kinds();

}  // namespace

std::span<const DomainKind> domain_kinds() {
  return kAllKinds;
}

const DomainKind* find_domain_kind(std::string_view name) {
  const auto* found = std::find_if(kAllKinds.begin(), kAllKinds.end(),
                                   [name](const DomainKind& kind) { return kind.name == name; });
  return found == kAllKinds.end() ? nullptr : found;
}

std::string_view outside_zone() {
  return "$ORIGIN example.net.\n$TTL 300\n"
         "@ SOA ns1 hostmaster 1 3600 900 604800 300\n@ NS ns1\nns1 A 127.0.0.1\n"
         "mx1.mail-hosting A 192.0.2.101\nmx2.mail-hosting A 192.0.2.102\n"
         "192.0.2.25.mail-hosting A 192.0.2.25\n"
         "web.hosting A 192.0.2.80\n"
         "full.hosting MX 10 mx1.mail-hosting\nfull.hosting TXT \"v=spf1 mx -all\"\n"
         "alias.hosting CNAME full.hosting\n"
         "_spf.hosting TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n"
         "policy.hosting TXT \"o=~\"\n"
         "s1.dkim.hosting TXT \"v=DKIM1; k=rsa; p=MHwwDQYJKoZIhvcNAQEB\"\n"
         "dmarc.hosting TXT \"v=DMARC1; p=reject\"\n"
         "moved A 192.0.2.80\n"
         "moved-with-keys A 192.0.2.80\n_domainkey.moved-with-keys TXT \"o=-\"\n";
}

}  // namespace dauth::testing

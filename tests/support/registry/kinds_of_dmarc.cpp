#include "tests/support/registry/kind_tables.h"

namespace dauth::testing {
namespace {

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

}  // namespace

std::span<const DomainKind> dmarc_kinds() {
  return kDmarc;
}

std::span<const DomainKind> present_day_kinds() {
  return kPresentDay;
}

}  // namespace dauth::testing

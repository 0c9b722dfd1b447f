#include "tests/support/registry/kind_tables.h"

namespace dauth::testing {
namespace {

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

}  // namespace

std::span<const DomainKind> sender_policy_kinds() {
  return kSenderPolicies;
}

}  // namespace dauth::testing

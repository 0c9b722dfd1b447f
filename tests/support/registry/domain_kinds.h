// DomainKind: one way in which a domain can publish mail authentication, and what the survey must find there.
//
// The findings of each kind are written down by hand from docs/measurement-method.md, for a resolver that
// follows CNAMEs and for `--wildcard-types TXT,A`; nothing here is worked out by the scanner's own code.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dauth::testing {

// What a domain's name must look like for its kind.
enum class NameShape : std::uint8_t {
  kOrdinary,
  kLongLabel,    // a label of 63 octets
  kLongName,     // 243 octets in wire form: `_domainkey` just fits before it, nothing more before that
  kLongestName,  // 255 octets in wire form: nothing can stand below it
};

// A finding that is true here is "published", else "absent".
struct ExpectedFindings {
  bool exists = true;
  bool mx = false;
  bool null_mx = false;
  bool mx_address_literal = false;
  bool spf = false;
  bool spf_txt = false;
  bool spf_type99 = false;
  bool spf_record = false;
  bool spf_multiple = false;
  bool spf_invalid = false;
  std::string_view spf_all = "";
  bool sender_id = false;
  bool domainkeys_subdomain = false;
  bool domainkeys_by_a = false;
  bool domainkeys_policy = false;
  std::string_view domainkeys_evidence = "name_error";
  bool dkim_policy = false;
  bool dmarc = false;
  std::string_view dmarc_policy = "";
  bool dmarc_rua = false;
  bool dmarc_testing = false;
  bool dmarc_multiple = false;
  bool dmarc_invalid = false;
  // Where the probe mx-hosts is chosen; in a file of their own, since by default it is not.
  bool mx_ipv6 = false;
  bool mx_no_address = false;
};

struct DomainKind {
  std::string_view name;
  // Master-file lines, relative to the domain.
  std::string_view records;
  ExpectedFindings expected;
  // A zone of its own: "" for none, "@" for the domain itself, "_domainkey" for that name below it. The lines
  // are relative to the zone's apex; SOA and NS are added.
  std::string_view own_zone = "";
  std::string_view own_zone_records = "";
  NameShape shape = NameShape::kOrdinary;
};

// Every kind, each name once.
std::span<const DomainKind> domain_kinds();
// The kind of that name, or nullptr.
const DomainKind* find_domain_kind(std::string_view name);

// The zone example.net that the records above point into: hosts, aliases' targets, a provider's records.
std::string_view outside_zone();

}  // namespace dauth::testing

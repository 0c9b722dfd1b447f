#include "scanner/list/zone_token.h"

#include <algorithm>
#include <array>

namespace dauth::scanner {
namespace {

// IANA's registry of RR types and the meta-types a zone file or a print of one may show, sorted.
constexpr std::string_view kTypes[] = {
    "A",        "A6",      "AAAA",    "AFSDB",      "AMTRELAY", "APL",    "ATMA",     "AVC",        "BRID",
    "CAA",      "CDNSKEY", "CDS",     "CERT",       "CLA",      "CNAME",  "CSYNC",    "DHCID",      "DLV",
    "DNAME",    "DNSKEY",  "DOA",     "DS",         "DSYNC",    "EID",    "EUI48",    "EUI64",      "GID",
    "GPOS",     "HHIT",    "HINFO",   "HIP",        "HTTPS",    "IPN",    "IPSECKEY", "ISDN",       "KEY",
    "KX",       "L32",     "L64",     "LOC",        "LP",       "MB",     "MD",       "MF",         "MG",
    "MINFO",    "MR",      "MX",      "NAPTR",      "NID",      "NIMLOC", "NINFO",    "NS",         "NSAP",
    "NSAP-PTR", "NSEC",    "NSEC3",   "NSEC3PARAM", "NULL",     "NXNAME", "NXT",      "OPENPGPKEY", "OPT",
    "PTR",      "PX",      "RESINFO", "RKEY",       "RP",       "RRSIG",  "RT",       "SIG",        "SINK",
    "SMIMEA",   "SOA",     "SPF",     "SRV",        "SSHFP",    "SVCB",   "TA",       "TALINK",     "TKEY",
    "TLSA",     "TSIG",    "TXT",     "UID",        "UINFO",    "UNSPEC", "URI",      "WALLET",     "WKS",
    "X25",      "ZONEMD"};
static_assert(std::ranges::is_sorted(kTypes));
constexpr std::size_t kLongestWord = 10;  // also "TYPE65535" and "CLASS65535"

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_ttl(std::string_view word) {
  return std::ranges::all_of(word, [](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return is_digit(c) || lower == 'w' || lower == 'd' || lower == 'h' || lower == 'm' || lower == 's';
  });
}

// The number behind `prefix` ("TYPE2"), or -1.
int number_behind(std::string_view word, std::string_view prefix) {
  if (!word.starts_with(prefix) || word.size() == prefix.size()) return -1;
  int number = 0;
  for (const char c : word.substr(prefix.size())) {
    if (!is_digit(c)) return -1;
    number = number * 10 + (c - '0');
    if (number > 65535) return -1;
  }
  return number;
}

}  // namespace

ZoneWord classify_zone_word(std::string_view word) {
  if (word.empty()) return ZoneWord::kUnknown;
  if (is_digit(word[0])) return is_ttl(word) ? ZoneWord::kTtl : ZoneWord::kUnknown;
  if (word.size() > kLongestWord) return ZoneWord::kUnknown;
  std::array<char, kLongestWord> upper_case;
  std::ranges::transform(word, upper_case.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c; });
  const std::string_view upper(upper_case.data(), word.size());
  // The two that fill most lines of a registry's zone come first.
  if (upper == "NS") return ZoneWord::kTypeNs;
  if (upper == "IN") return ZoneWord::kClassIn;
  if (upper == "SOA") return ZoneWord::kTypeSoa;
  if (std::ranges::binary_search(kTypes, upper)) return ZoneWord::kOtherType;
  if (upper == "CH" || upper == "HS" || upper == "CS" || upper == "NONE" || upper == "ANY") {
    return ZoneWord::kOtherClass;
  }
  switch (number_behind(upper, "TYPE")) {
    case -1:
      break;
    case 2:
      return ZoneWord::kTypeNs;
    case 6:
      return ZoneWord::kTypeSoa;
    default:
      return ZoneWord::kOtherType;
  }
  switch (number_behind(upper, "CLASS")) {
    case -1:
      return ZoneWord::kUnknown;
    case 1:
      return ZoneWord::kClassIn;
    default:
      return ZoneWord::kOtherClass;
  }
}

}  // namespace dauth::scanner

// ResponseParts: a DNS message from its parts, well-formed or lying as the test wants it, without ldns and
// without the code under test (only the names are DomainNames).
//
// Owns what it is built from. Errors in the description: std::invalid_argument.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/question.h"

namespace dauth::testing {

using Octets = std::vector<std::uint8_t>;

inline constexpr std::uint16_t kQr = 0x8000;
inline constexpr std::uint16_t kAa = 0x0400;
inline constexpr std::uint16_t kTc = 0x0200;
inline constexpr std::uint16_t kRd = 0x0100;
inline constexpr std::uint16_t kRa = 0x0080;
inline constexpr std::uint16_t kNxDomain = 3;  // RCODE

dns::DomainName name(std::string_view text);

// RDATA: octets as they are, and names, which may be compressed.
using RdataPart = std::variant<Octets, dns::DomainName>;
using Rdata = std::vector<RdataPart>;

Octets octets_of(std::string_view text);
Rdata raw(std::string_view octets);
Rdata target(std::string_view name);  // CNAME, DNAME, NS, PTR
Rdata mx(std::uint16_t preference, std::string_view exchange);
Rdata soa(std::string_view mname, std::string_view rname);
Rdata txt(std::initializer_list<std::string_view> strings);

struct Record {
  std::string owner;
  dns::RrType type = dns::RrType::kTxt;
  Rdata rdata = {};
  std::uint16_t rr_class = 1;
  std::uint32_t ttl = 300;
  std::optional<std::uint16_t> rdata_length = {};  // in place of the true one
};

// OPT with the upper eight bits of an RCODE.
Record opt(std::uint8_t upper_rcode = 0);

enum class Compression : std::uint8_t { kNone, kNames };

struct ResponseParts {
  std::uint16_t id = 0x1234;
  std::uint16_t flags = kQr | kRd | kRa;
  std::uint16_t rcode = 0;  // the header's four bits
  std::string qname = "example.jp";
  dns::RrType qtype = dns::RrType::kTxt;
  std::uint16_t qclass = 1;
  std::uint16_t questions = 1;  // how often the question stands there
  std::vector<Record> answer = {};
  std::vector<Record> authority = {};
  std::vector<Record> additional = {};
  Compression compression = Compression::kNames;

  dns::Question question() const;
  Octets octets() const;
};

void put_u16(Octets& octets, std::size_t at, std::uint16_t value);

// "Answer: a.jp CNAME b.jp; b.jp TXT "x" "y"", "NoData: ...", "NxDomain", "Failure (servfail)".
std::string show(const dns::LookupOutcome& outcome);
// The same for the RRset in no order: sorted.
std::string show_sorted(const dns::LookupOutcome& outcome);

// Accepts the octets as an answer to the question and classifies them; throws where they are no answer.
dns::LookupOutcome classify(const Octets& octets, const dns::Question& question);
// As above, whether they are an answer or not.
dns::LookupOutcome classify_unaccepted(const Octets& octets, const dns::Question& question);

}  // namespace dauth::testing

// SPF version 1 records (RFC 7208): recognised, and taken apart into a tree that check_host() can walk.
//
// Input is the data of one TXT RR, its character-strings joined: any octets. Everything here is pure and
// total; the tree owns what it holds. Offsets count octets from the start of the record.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/macro_string.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

// True for a version 1 record by RFC 7208 section 4.5: `v=spf1` in any case, then a space or the end.
bool is_spf_record(std::string_view record);

// The rule of 2005 (docs/measurement-method.md section 2): "spf" in any case anywhere.
bool contains_spf_text(std::string_view record);

// True where the record starts with `spf2.0/` (RFC 4406 section 3.1). The literal stands in quotes in its
// ABNF, so its letters are compared without case (RFC 5234 section 2.3).
bool is_sender_id_record(std::string_view record);

enum class SpfQualifier : std::uint8_t { kPass, kFail, kSoftfail, kNeutral };

// Prefix lengths of `a` and `mx`, in bits (section 5.6).
struct SpfDualCidr {
  std::uint8_t ipv4 = 32;
  std::uint8_t ipv6 = 128;

  friend bool operator==(const SpfDualCidr&, const SpfDualCidr&) = default;
};

// The mechanisms of section 5. A domain that is not given is the current one.
struct SpfAll {
  friend bool operator==(const SpfAll&, const SpfAll&) = default;
};
struct SpfInclude {
  MacroString domain;
  friend bool operator==(const SpfInclude&, const SpfInclude&) = default;
};
struct SpfA {
  std::optional<MacroString> domain;
  SpfDualCidr cidr;
  friend bool operator==(const SpfA&, const SpfA&) = default;
};
struct SpfMx {
  std::optional<MacroString> domain;
  SpfDualCidr cidr;
  friend bool operator==(const SpfMx&, const SpfMx&) = default;
};
struct SpfPtr {
  std::optional<MacroString> domain;
  friend bool operator==(const SpfPtr&, const SpfPtr&) = default;
};
struct SpfIp4 {
  std::array<std::uint8_t, 4> address{};  // as published: bits behind the prefix may be set
  std::uint8_t prefix_length = 32;        // 0 to 32
  friend bool operator==(const SpfIp4&, const SpfIp4&) = default;
};
struct SpfIp6 {
  std::array<std::uint8_t, 16> address{};
  std::uint8_t prefix_length = 128;  // 0 to 128
  friend bool operator==(const SpfIp6&, const SpfIp6&) = default;
};
struct SpfExists {
  MacroString domain;
  friend bool operator==(const SpfExists&, const SpfExists&) = default;
};

using SpfMechanism = std::variant<SpfAll, SpfInclude, SpfA, SpfMx, SpfPtr, SpfIp4, SpfIp6, SpfExists>;

struct SpfDirective {
  SpfQualifier qualifier = SpfQualifier::kPass;
  SpfMechanism mechanism;
  std::size_t offset = 0;  // of the term, its qualifier included
  std::size_t length = 0;

  friend bool operator==(const SpfDirective&, const SpfDirective&) = default;
};

struct SpfModifier {
  std::string name;   // as published
  MacroString value;  // a domain-spec in `redirect` and `exp`
  std::size_t offset = 0;

  friend bool operator==(const SpfModifier&, const SpfModifier&) = default;
};

struct SpfRecord {
  std::vector<SpfDirective> directives;        // in the order of the record, those behind an `all` included
  std::optional<SpfModifier> redirect;         // section 6.1; without effect beside an `all`
  std::optional<SpfModifier> exp;              // section 6.2
  std::vector<SpfModifier> unknown_modifiers;  // section 6: ignored, but their syntax counts

  friend bool operator==(const SpfRecord&, const SpfRecord&) = default;
};

// The whole grammar of RFC 7208 sections 4.6.1, 5, 6, 7 and 12; the first error from the left. Any error in
// the record makes check_host() return permerror (section 4.6), so there is no partial result.
Result<SpfRecord, RecordError> parse_spf(std::string_view record);

// What the record says of everything that no earlier directive matches.
enum class SpfAllPolicy : std::uint8_t {
  kFail,
  kSoftfail,
  kNeutral,
  kPass,
  kRedirect,  // no `all`, a `redirect=`
  kNone,      // neither: the default result, neutral (section 4.7)
};

// By the first `all`.
SpfAllPolicy all_policy(const SpfRecord& record);

}  // namespace dauth::scanner

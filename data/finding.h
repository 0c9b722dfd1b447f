// Finding: what the survey found of one domain in one respect, and Observation: all findings of one domain.
//
// docs/measurement-method.md section 2 says when a finding is published, absent or unmeasured. An unmeasured
// finding always carries its cause. Metric: a finding's name, which is also the name of its count in the
// tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "resolver/dns/lookup_outcome.h"

namespace dauth::data {

// Stored as these numbers: never renumber.
enum class FindingState : std::uint8_t { kAbsent = 0, kPublished = 1, kUnmeasured = 2 };

// Why a finding is unmeasured. Stored as these numbers: never renumber. kNone for the other two states.
enum class Cause : std::uint8_t {
  kNone = 0,
  kTimeout = 1,
  kServfail = 2,
  kRefused = 3,
  kNotimp = 4,
  kFormerr = 5,
  kOtherRcode = 6,
  kMalformed = 7,
  kTruncated = 8,
  kCnameLoop = 9,
  kReferral = 10,
  kUnfinishedChain = 11,
  kUnreachable = 12,
  kWildcardVaries = 20,  // step 5 of the DomainKeys procedure: the wildcard's answers change
  kNotAsked = 21,        // the probe was not chosen, or the month did not ask the question
  kExcluded = 22,        // the name stands on the --exclude list
  // SERVFAIL in both passes while other names resolved: a fact about the name, not about the survey.
  kPersistentServfail = 23,
};

Cause cause_of(dns::FailureCause failure);
// "timeout", "wildcard_varies", ...; "" for kNone. The words of the export's column `cause`.
std::string_view to_text(Cause cause);
std::optional<Cause> cause_from_number(std::int64_t number);

struct Finding {
  FindingState state = FindingState::kUnmeasured;
  Cause cause = Cause::kNotAsked;

  static constexpr Finding published() { return {FindingState::kPublished, Cause::kNone}; }
  static constexpr Finding absent() { return {FindingState::kAbsent, Cause::kNone}; }
  static constexpr Finding unmeasured(Cause cause) { return {FindingState::kUnmeasured, cause}; }
  static constexpr Finding from_bool(bool is_published) { return is_published ? published() : absent(); }

  bool is_published() const { return state == FindingState::kPublished; }
  bool is_absent() const { return state == FindingState::kAbsent; }
  bool is_unmeasured() const { return state == FindingState::kUnmeasured; }

  friend bool operator==(const Finding&, const Finding&) = default;
};

std::string_view to_text(FindingState state);

// Every finding of a domain, in the order in which they are stored. The name of each is its metric's name in
// tables, CSV and the view monthly_count: to_text(). New ones go to the end.
enum class Metric : std::uint8_t {
  kExists,
  kMx,
  kNullMx,
  kMxAddressLiteral,
  kSpf,
  kSpfTxt,
  kSpfType99,
  kSpfRecord,
  kSpfMultiple,
  kSpfInvalid,
  kSpfAllFail,
  kSpfAllSoftfail,
  kSpfAllNeutral,
  kSpfAllPass,
  kSpfRedirect,
  kSpfNoAll,
  kSpfWithMx,
  kSenderId,
  kDomainkeysSubdomain,
  kDomainkeysByA,
  kDomainkeysPolicy,
  kDkimPolicy,
  kDmarc,
  kDmarcNone,
  kDmarcQuarantine,
  kDmarcReject,
  kDmarcRua,
  kDmarcTesting,
  kDmarcMultiple,
  kDmarcInvalid,
  kDmarcWithMx,
  kMxIpv6,
  kMxNoAddress,
};
inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::kMxNoAddress) + 1;

// "mx", "spf_txt", ...
std::string_view to_text(Metric metric);
std::optional<Metric> metric_from_text(std::string_view name);
// All of them, in order.
std::span<const Metric> all_metrics();
// Not a finding but the number of names listed; a metric of the tables all the same.
inline constexpr std::string_view kRegisteredMetric = "registered";

// How the DomainKeys procedure came to its end (docs/measurement-method.md section 2). Stored as these
// numbers: never renumber.
enum class DomainkeysEvidence : std::uint8_t {
  kNone = 0,  // not asked, or the domain does not exist
  kNameError = 1,
  kOwnZone = 2,
  kNoWildcard = 3,
  kSameAsWildcard = 4,
  kBothEmpty = 5,
  kDiffersFromWildcard = 6,
  kWildcardVaries = 7,
  kLookupFailure = 8,
};

// "name_error", "own_zone", ...; "" for kNone.
std::string_view to_text(DomainkeysEvidence evidence);

// All findings of one domain.
class Observation {
 public:
  // Every finding unmeasured, cause not_asked.
  Observation() = default;
  // Every finding unmeasured for this one cause (excluded, say).
  static Observation all_unmeasured(Cause cause);

  const Finding& operator[](Metric metric) const { return findings_[static_cast<std::size_t>(metric)]; }
  Finding& operator[](Metric metric) { return findings_[static_cast<std::size_t>(metric)]; }

  DomainkeysEvidence domainkeys_evidence = DomainkeysEvidence::kNone;

  friend bool operator==(const Observation&, const Observation&) = default;

 private:
  std::array<Finding, kMetricCount> findings_{};
};

// The export's column spf_all: fail softfail neutral pass redirect none multiple invalid unmeasured, or "".
std::string_view spf_all_text(const Observation& observation);
// The export's column dmarc_policy: none quarantine reject unmeasured, or "".
std::string_view dmarc_policy_text(const Observation& observation);
// The cause of the first unmeasured column, in the order of the export's header; kNone where all is measured.
Cause first_cause(const Observation& observation);
// True where one of mx, spf, domainkeys_subdomain or dmarc is unmeasured for another cause than not_asked or
// excluded: the name failed and is asked again in the second pass.
bool has_lookup_failure(const Observation& observation);
// How many of these four are.
std::uint32_t lookup_failures(const Observation& observation);
// True where mx_ipv6 or mx_no_address is unmeasured for another cause than these two. That is no lookup
// failure of the name, but it is asked again all the same.
bool has_mx_host_failure(const Observation& observation);
// Says of each SERVFAIL that it has persisted: the cause of those findings becomes persistent_servfail.
void mark_servfail_as_persistent(Observation& observation);
// How many of these four are unmeasured for this cause.
std::uint32_t lookup_failures(const Observation& observation, Cause cause);

}  // namespace dauth::data

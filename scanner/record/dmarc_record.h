// DMARC policy records (RFC 9989 sections 4.7, 4.8 and 4.10.1): recognised and read.
//
// Input is the data of one TXT RR at `_dmarc.D`, strings joined: any octets. Pure and total; the record owns
// what it holds. How many records a name may have is the caller's matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

// True where the first tag is `v=DMARC1`: the name without case, the value with it, white space (space or
// tab) allowed around `=` and behind the value, none before `v` (section 4.8, dmarc-version). A value that
// goes on, as in `v=DMARC1 p=none` without the semicolon, is another value, and no record.
bool is_dmarc_record(std::string_view record);

enum class DmarcPolicy : std::uint8_t { kNone, kQuarantine, kReject };
enum class DmarcAlignment : std::uint8_t { kRelaxed, kStrict };
enum class DmarcPublicSuffix : std::uint8_t { kUnknown, kYes, kNo };  // psd=u, y, n
enum class DmarcTesting : std::uint8_t { kNo, kYes };                 // t=n, y

// Where DmarcRecord::policy comes from.
enum class DmarcPolicySource : std::uint8_t {
  kPublished,      // the tag p
  kMissing,        // no tag p: none (section 4.7)
  kInvalidToNone,  // p, sp or np invalid, but a valid rua: none (section 4.10.1)
};

struct DmarcFailureOptions {
  enum class Trigger : std::uint8_t { kAllFail, kAnyFails };  // fo=0, 1
  Trigger trigger = Trigger::kAllFail;
  bool dkim_reports = false;  // fo=d
  bool spf_reports = false;   // fo=s

  friend bool operator==(const DmarcFailureOptions&, const DmarcFailureOptions&) = default;
};

struct DmarcRecord {
  DmarcPolicy policy = DmarcPolicy::kNone;  // in effect for D itself
  DmarcPolicySource policy_source = DmarcPolicySource::kMissing;
  std::optional<DmarcPolicy> subdomain_policy;     // sp; without it, policy
  std::optional<DmarcPolicy> nonexistent_policy;   // np; without it, sp, then policy
  std::vector<std::string> aggregate_report_uris;  // rua: the valid ones, without an obsolete "!10m"
  std::vector<std::string> failure_report_uris;    // ruf, likewise
  DmarcAlignment dkim_alignment = DmarcAlignment::kRelaxed;
  DmarcAlignment spf_alignment = DmarcAlignment::kRelaxed;
  DmarcFailureOptions failure_options;
  DmarcPublicSuffix public_suffix = DmarcPublicSuffix::kUnknown;
  DmarcTesting testing = DmarcTesting::kNo;
  // What was passed over as section 4.8 asks, in the order of the record: malformed tags, invalid values
  // (the default holds), repeated tags (the first holds). Unknown tags are no errors and not listed.
  std::vector<RecordError> ignored;

  bool asks_for_reports() const { return !aggregate_report_uris.empty(); }

  friend bool operator==(const DmarcRecord&, const DmarcRecord&) = default;
};

// An error where is_dmarc_record() is false, or where p, sp or np is invalid and no valid rua URI stands
// (section 4.10.1: no DMARC processing); its offset is then that of the first such value.
Result<DmarcRecord, RecordError> parse_dmarc(std::string_view record);

// A tag as published.
struct DmarcTag {
  std::string name;
  std::string value;       // without the white space around it
  std::size_t offset = 0;  // of the name

  friend bool operator==(const DmarcTag&, const DmarcTag&) = default;
};

// A record whether or not its policy can hold. The tree walk heeds psd, and a permission to send reports its
// URIs, where p is not even meant to stand.
struct DmarcReading {
  // Where `unusable` is set its policy is none, without sp and np; everything else is as published.
  DmarcRecord record;
  std::optional<RecordError> unusable;  // what parse_dmarc() gives as an error
  std::vector<DmarcTag> tags;           // all that are well-formed, behind the v=DMARC1, unknown ones too

  friend bool operator==(const DmarcReading&, const DmarcReading&) = default;
};

// An error only where is_dmarc_record() is false.
Result<DmarcReading, RecordError> read_dmarc(std::string_view record);

}  // namespace dauth::scanner

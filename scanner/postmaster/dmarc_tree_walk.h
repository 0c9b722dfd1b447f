// The DNS tree walk of DMARC (RFC 9989 section 4.10) and the organizational domain that it finds (4.10.2).
//
// From a name upwards to its top-level domain, TXT at `_dmarc` of each name, eight questions at most: from a
// name of more than eight labels the walk goes on at the last seven. It ends early at a record with psd=y or
// psd=n, and at a question that failed, since what stands above could then not be understood.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/finding.h"
#include "scanner/probe/probe.h"
#include "scanner/record/dmarc_record.h"

namespace dauth::scanner {

// What TXT at `_dmarc` of one name gave.
struct DmarcStep {
  enum class Outcome : std::uint8_t {
    kRecord,    // exactly one DMARC record: `reading`
    kSeveral,   // more than one, which counts as none (section 4.10 steps 2 and 6)
    kNoRecord,  // answered, and no DMARC record among what was answered
    kFailed,    // not known: `cause`
  };

  dns::DomainName domain;  // the question was for `_dmarc` below it
  Outcome outcome = Outcome::kNoRecord;
  data::Cause cause = data::Cause::kNone;
  std::vector<std::string> records;     // every DMARC record, as published
  std::optional<DmarcReading> reading;  // of the one record

  DmarcPublicSuffix public_suffix() const {
    return reading ? reading->record.public_suffix : DmarcPublicSuffix::kUnknown;
  }
};

// Why a name is the organizational domain, in the order in which section 4.10.2 asks.
enum class OrganizationalReason : std::uint8_t {
  kMarkedAsOrganizational,  // its record has psd=n
  kBelowPublicSuffix,       // the name above it has a record with psd=y
  kHighestRecord,           // of all names with a record it has the fewest labels
  kNoRecord,                // no record anywhere: the name where the walk began
  kUnknown,                 // a question failed: `cause`
};

struct DmarcTreeWalk {
  dns::DomainName start;
  std::vector<DmarcStep> steps;  // in the order asked, the longest name first; never empty but for the root
  std::optional<dns::DomainName> organizational_domain;  // nothing where the reason is kUnknown
  OrganizationalReason reason = OrganizationalReason::kNoRecord;
  data::Cause cause = data::Cause::kNone;

  const DmarcStep* step_at(const dns::DomainName& domain) const;
};

// `start` has to outlive the probe.
Probe<DmarcTreeWalk> walk_dmarc_tree(Inquiry& inquiry, const dns::DomainName& start);

}  // namespace dauth::scanner

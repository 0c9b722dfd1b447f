#include "scanner/postmaster/spf_families.h"

#include <algorithm>

#include "scanner/postmaster/receiving_side.h"

namespace dauth::scanner {
namespace {

// Hosts that most likely send mail for the domain: its MX hosts and itself.
std::vector<const HostAddresses*> hosts_of(const ReceivingSide& side) {
  std::vector<const HostAddresses*> hosts;
  for (const MxHostReport& report : side.hosts) hosts.push_back(&report.host);
  if (side.route != MailRoute::kImplicit) hosts.push_back(&side.domain_addresses);
  return hosts;
}

std::vector<SpfHostAddress> addresses_of(const ReceivingSide& side, IpFamily family) {
  std::vector<SpfHostAddress> found;
  for (const HostAddresses* host : hosts_of(side)) {
    for (const IpAddress& address : host->addresses) {
      SpfHostAddress shown{host->host, address};
      // A host may stand with two preferences.
      if (address.family() == family && std::find(found.begin(), found.end(), shown) == found.end())
        found.push_back(std::move(shown));
    }
  }
  return found;
}

Fact has_addresses(const ReceivingSide& side, IpFamily family) {
  Fact has = Fact::no();
  for (const HostAddresses* host : hosts_of(side)) has = has || host->has_family(family);
  if (side.route == MailRoute::kUnknown) has = has || Fact::unknown(side.cause);
  if (side.hosts_not_followed > 0) has = has || Fact::unknown(data::Cause::kNotAsked);
  return has;
}

SpfFamilyVerdict judge(const Fact& has_addresses, const SpfCoverage& coverage, const Fact& permits,
                       const Fact& permits_other) {
  if (has_addresses.is_no()) return SpfFamilyVerdict::kNotNeeded;
  if (coverage.has_record.is_no()) return SpfFamilyVerdict::kNoRecord;
  if (has_addresses.is_unknown() || coverage.has_record.is_unknown()) return SpfFamilyVerdict::kUnknown;
  if (permits.is_yes()) return SpfFamilyVerdict::kCovered;
  if (permits.is_unknown() || coverage.is_countless) return SpfFamilyVerdict::kUnknown;
  if (permits_other.is_no()) return SpfFamilyVerdict::kNothingSent;
  if (!coverage.ending) return SpfFamilyVerdict::kUnknown;
  const bool fails = coverage.ending == SpfAllPolicy::kFail || coverage.ending == SpfAllPolicy::kSoftfail;
  return fails ? SpfFamilyVerdict::kUncovered : SpfFamilyVerdict::kLeftOpen;
}

}  // namespace

std::string_view to_text(SpfFamilyVerdict verdict) {
  switch (verdict) {
    case SpfFamilyVerdict::kCovered:
      return "covered";
    case SpfFamilyVerdict::kUncovered:
      return "uncovered";
    case SpfFamilyVerdict::kNotNeeded:
      return "not_needed";
    case SpfFamilyVerdict::kNothingSent:
      return "nothing_sent";
    case SpfFamilyVerdict::kLeftOpen:
      return "left_open";
    case SpfFamilyVerdict::kNoRecord:
      return "no_record";
    case SpfFamilyVerdict::kUnknown:
      return "unknown";
  }
  return "";
}

void compare_with_spf(ReceivingSide& side, const SpfCoverage& coverage) {
  SpfFamilies families{coverage};
  const auto compare = [&](IpFamily family, const Fact& permits, const Fact& permits_other) {
    const SpfFamilyVerdict verdict = judge(has_addresses(side, family), coverage, permits, permits_other);
    if (verdict == SpfFamilyVerdict::kUncovered) {
      const std::vector<SpfHostAddress> addresses = addresses_of(side, family);
      families.uncovered.insert(families.uncovered.end(), addresses.begin(), addresses.end());
    }
    return verdict;
  };
  families.ipv4 = compare(IpFamily::kIpv4, coverage.permits_ipv4, coverage.permits_ipv6);
  families.ipv6 = compare(IpFamily::kIpv6, coverage.permits_ipv6, coverage.permits_ipv4);
  side.spf_families = std::move(families);
}

}  // namespace dauth::scanner

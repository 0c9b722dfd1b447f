#include "scanner/cli/check/spf_coverage.h"

#include "scanner/probe/outcome_helpers.h"

namespace dauth::scanner::cli {
namespace {

std::optional<data::Cause> first_failure(const Inquiry& inquiry) {
  for (const Inquiry::Asked& asked : inquiry.asked()) {
    if (!asked.outcome) continue;
    if (const auto cause = cause_of_failure(*asked.outcome)) return cause;
  }
  return std::nullopt;
}

}  // namespace

SpfCoverage coverage_of(const PermittedSpace& space, const Inquiry& inquiry) {
  SpfCoverage coverage;
  const auto cause = first_failure(inquiry);
  if (space.root.result == SpfResult::kTemperror) {
    coverage.has_record = Fact::unknown(cause.value_or(data::Cause::kNotAsked));
  } else {
    coverage.has_record = Fact::from_bool(space.root.record && space.root.result != SpfResult::kPermerror);
  }
  const auto permits = [&](bool some) {
    return some ? Fact::yes() : cause ? Fact::unknown(*cause) : Fact::no();
  };
  coverage.permits_ipv4 = permits(space.ipv4_addresses > 0);
  coverage.permits_ipv6 = permits(space.ipv6_addresses != "0");
  coverage.is_countless = !space.not_countable.empty();
  coverage.ending = ending_of(space.root);
  return coverage;
}

}  // namespace dauth::scanner::cli

// The table `adoption`: the form that the survey of 2005 was published in.
//
// Blocks SPF, DomainKeys, registered, MX, a table each: months down, newest first; categories across. A
// DomainKeys cell is `policy(subdomain)`, `0` where both are 0, the policy alone where there is no count of
// subdomains. Months missing between the first and the last shown are one row each gap.
#pragma once

#include <cstdint>
#include <optional>

#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"

namespace dauth::report {

enum class PrefectureColumn : std::uint8_t { kLeftOut, kShown };

// The metrics that the table is made from.
std::span<const std::string_view> adoption_metrics();

Document adoption_document(const SurveyCounts& counts, Language language, PrefectureColumn prefecture);

}  // namespace dauth::report

// The tables `spf` and `dmarc`: what the records say. Counts by month for one category, months down, newest
// first; or of the newest month by category.
//
// Columns without any count are left out. `120 +3?` is read as in the table of a month.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"

namespace dauth::report {

enum class PolicyKind : std::uint8_t { kSpf, kDmarc };

// The metrics that the tables are made from.
std::span<const std::string_view> policy_metrics(PolicyKind kind);

Document policy_by_month(const SurveyCounts& counts, PolicyKind kind, std::string_view category,
                         Language language);
Document policy_by_category(const SurveyCounts& counts, PolicyKind kind, Language language);

}  // namespace dauth::report

// The table `month`: one month, a row a category; counts, then rates with both denominators.
//
// A count beside which names could not be measured reads `120 +3?`, and its rate is a range from the lower to
// the upper bound: an unmeasured name is never shown as an absence. Columns without any count are left out.
#pragma once

#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"

namespace dauth::report {

// Of the newest month.
Document month_document(const SurveyCounts& counts, Language language);

}  // namespace dauth::report

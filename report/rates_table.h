// The table `rates`: months down, newest first; rates of one category with both denominators in use, a table
// each: domains with MX (WIDE's definition), registered domains (official statistics').
//
// A rate whose unmeasured names could change it is a range. Columns without any count are left out.
#pragma once

#include <string_view>

#include "report/language.h"
#include "report/survey_counts.h"
#include "report/table.h"
#include "report/tidy.h"

namespace dauth::report {

Document rates_document(const SurveyCounts& counts, std::string_view category, Language language);

// The columns of tidy_count_columns(); two rows of a count where both denominators are there.
void add_tidy_rates(TidyWriter& writer, const SurveyCounts& counts, std::string_view category);

}  // namespace dauth::report

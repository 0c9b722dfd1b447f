// The table `quality`: what the months were measured with, and what they failed at; months down, newest
// first. Of one month: what failed, findings down and causes across.
//
// Imported months have no such figures: their rows are empty.
#pragma once

#include <span>
#include <vector>

#include "data/store.h"
#include "report/language.h"
#include "report/table.h"
#include "report/tidy.h"

namespace dauth::report {

// The marks of these months, as tables want them.
std::vector<data::MonthState> states_of(const std::vector<data::MonthQuality>& months);

// Oldest first, as Store::quality() gives them.
Document quality_document(const std::vector<data::MonthQuality>& months, Language language);
// Of the newest month.
Document quality_month_document(const std::vector<data::MonthQuality>& months, Language language);

//   month,figure,metric,cause,value
// A row each figure of a month, metric and cause empty; and one each metric and cause with the figure
// "unmeasured": names, over all categories. Times are in milliseconds; "judged" is the time of judging again.
std::span<const std::string_view> tidy_quality_columns();
void add_tidy_quality(TidyWriter& writer, std::span<const data::MonthQuality> months);

}  // namespace dauth::report

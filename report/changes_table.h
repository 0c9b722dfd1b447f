// The table `changes`: what became of the names between two surveyed months. First all categories together,
// an item a row; then a table each item, a row a category; then the name-server operators behind the largest
// moves.
//
// A name that is unmeasured in either month neither began nor ceased; it stands in columns of its own.
#pragma once

#include <span>
#include <string_view>

#include "data/store.h"
#include "report/language.h"
#include "report/table.h"
#include "report/tidy.h"

namespace dauth::report {

// What is compared: mx, spf, spf_record and what it says, domainkeys_subdomain, dmarc and its policies.
std::span<const data::Metric> compared_metrics();

// How many findings have a table of operators: those with the most names that began or ceased.
inline constexpr std::size_t kOperatorTables = 3;

Document changes_document(const data::MonthChanges& changes, Language language);

//   from,to,category,operator,metric,before,began,newly_listed,ceased,left,became_unmeasured,was_unmeasured,
//   moved_in,moved_out,after,unmeasured
// A row each metric and category, `operator` empty; then, of category TOTAL, one each metric and operator
// with began and ceased alone. An operator that is not known is "unknown".
std::span<const std::string_view> tidy_changes_columns();
void add_tidy_changes(TidyWriter& writer, const data::MonthChanges& changes);

}  // namespace dauth::report

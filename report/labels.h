// Labels: every word of the tables, in both languages, from one table.
//
// Codes of categories and names of metrics are data and never translated; this is what people read in their
// place. UTF-8, not escaped for any format.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "report/language.h"

namespace dauth::report {

enum class Label : std::uint8_t {
  kAdoptionTitle,
  kMonthTitle,  // "{}" stands for the month
  kMonth,
  kCategory,
  kSpf,
  kDomainkeys,
  kRegistered,
  kMx,
  kNamesByCategory,
  kRates,
  kOfMx,          // "{}" stands for a metric: the share of domains with MX
  kOfRegistered,  // the same of registered names
  kNoCounts,
  kNoteDomainkeysCell,
  kNoteTotal,
  kNoteMissing,
  kNoteNoCount,
  kNoteProvisional,
  kNoteImported,
  kNoteLowerBound,
  kNoteUnmeasuredCell,
  kNoteRates,
  kNoteRateRange,
  kRatesTitle,  // "{}" in titles stands for a category, a month or an item
  kShareOfMx,
  kShareOfRegistered,
  kNoteRateDenominators,
  kNoteWithMx,
  kNoteMxHosts,
  kSpfTitle,
  kSpfMonthTitle,
  kSpfAll,
  kSpfUse,
  kType99Alone,
  kType99Beside,
  kNoteSpfAll,
  kNoteType99,
  kDmarcTitle,
  kDmarcMonthTitle,
  kNoteDmarc,
  kQualityTitle,
  kQualityMonthTitle,
  kRuns,
  kNames,
  kExcluded,
  kLost,
  kBroken,
  kQuestions,
  kRetries,
  kTimeouts,
  kTcp,
  kRunTime,
  kRules,
  kJudgedAgain,
  kNo,
  kRejected,
  kDuplicates,
  kUnmeasuredOf,
  kUnmeasuredByCause,
  kUnmeasured,
  kItem,
  kNoteLost,
  kNoteQuestions,
  kChangesTitle,  // two months
  kAllCategories,
  kByCategory,
  kBegan,
  kNewlyListed,
  kCeased,
  kLeft,
  kBecameUnmeasured,
  kWasUnmeasured,
  kMovedIn,
  kMovedOut,
  kOperatorsOf,
  kOperator,
  kUnknown,
  kNoteOtherRules,  // month, rules, month, rules, month to judge again
  kNoteChanges,
  kNoteNeverAbsent,
  kNoteMoved,
  kNoteOperators,
  kNoteNotCompared,
};
inline constexpr std::size_t kLabelCount = static_cast<std::size_t>(Label::kNoteNotCompared) + 1;

std::string_view label(Label which, Language language);
// What a table calls a category: "regional" or "地域型" for GEOGRAPHIC; the code itself where it has no other
// name.
std::string category_label(std::string_view code, Language language);
// What a table calls a metric: "SPF type 99" for spf_type99; the name itself where it has no other.
std::string metric_label(std::string_view metric, Language language);
// The same of a cause: "time-out" for timeout.
std::string cause_label(std::string_view cause, Language language);

}  // namespace dauth::report

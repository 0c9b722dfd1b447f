// The words of pages and drawings, in each language. Those of the tables are in labels.h.
#pragma once

#include <cstdint>
#include <string_view>

#include "report/language.h"

namespace dauth::report {

enum class PageLabel : std::uint8_t {
  kCharts,
  kCategory,
  kDenominator,
  kOfMx,
  kOfRegistered,
  kMonths,  // "{}" stands for the first month, then the last
  kFigures,
  kNoCounts,
  kNoteLine,
  kNoteBound,
  kNoteImported,
  kNoteProvisional,
  kNoteGap,
  kNoteDashes,  // of the drawing, which shows both denominators
  kKeys,        // how the keyboard goes through a chart
  kNoScript,
  kImported,
  kProvisional,
  kNotMeasured,
  kMadeBy,
};

std::string_view page_label(PageLabel which, Language language);

// The code of the language by BCP 47: "en", "ja".
std::string_view language_tag(Language language);

}  // namespace dauth::report

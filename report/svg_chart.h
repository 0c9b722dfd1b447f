// A drawing (SVG 1.1) of the rates over time of one category: a panel for each measure, both denominators in
// it.
//
// Self-contained: no style sheet, no script, no font but the reader's sans-serif; black on white, lines told
// apart by dashes, so it can be printed. The same data gives the same octets.
#pragma once

#include <string>
#include <string_view>

#include "report/chart_data.h"
#include "report/language.h"

namespace dauth::report {

// The element <svg> alone, to stand in a page, and the whole XML 1.0 file in UTF-8. The category by its index
// in `data.categories()`. Data without months gives a drawing that says so.
std::string svg_element(const ChartData& data, std::size_t category, Language language);
std::string to_svg(const ChartData& data, std::size_t category, Language language);

}  // namespace dauth::report

// A page that needs nothing beside itself: the tables of a document and charts of the rates over time.
//
// One HTML file that opens from the disk. Style, script, the library that draws and the data stand in it; its
// Content-Security-Policy allows these by their digests and forbids every request. Without JavaScript, the
// drawing of svg_chart.h stands in the charts' place. The same data gives the same octets.
#pragma once

#include <string>

#include "report/chart_data.h"
#include "report/language.h"
#include "report/table.h"

namespace dauth::report {

// Where `data` has no month, the page has the tables alone.
std::string to_html(const Document& document, const ChartData& data, Language language);

// The JSON that the page's script reads: months, categories, measures, counts, words. In ASCII, and such that
// it can stand in an element <script>. `points` is by category, measure and slot: null, or [count,
// unmeasured, names with MX, registered names], null for what was not counted.
std::string chart_island(const ChartData& data, Language language);

}  // namespace dauth::report

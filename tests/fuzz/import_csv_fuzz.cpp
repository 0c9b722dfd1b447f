// Published counts of others: no crash, rows within the text's lines, and an error that names a line and is
// printable ASCII.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "data/finding.h"
#include "data/import_csv.h"

namespace {

using namespace dauth::data;

void require(bool condition) {
  if (!condition) std::abort();
}

void require_told(const ImportError& error, std::uint64_t lines) {
  require(error.line >= 1 && error.line <= lines + 1 && !error.reason.empty());
  require(std::all_of(error.reason.begin(), error.reason.end(), [](char c) { return c >= ' ' && c <= '~'; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  const auto lines = static_cast<std::uint64_t>(std::count(octets.begin(), octets.end(), '\n')) + 1;
  const auto counts = parse_counts_csv(octets);
  if (!counts) {
    require_told(counts.error(), lines);
    return 0;
  }
  require(!counts->rows.empty() && counts->rows.size() == counts->lines.size());
  for (std::size_t i = 0; i < counts->rows.size(); ++i) {
    const CountRow& row = counts->rows[i];
    require(row.metric == kRegisteredMetric || metric_from_text(row.metric));
    require(Month::from_text(row.month.to_text()) == row.month);
    require(Category::from_text(row.category.code()).has_value());
    require(counts->lines[i] >= 2 && counts->lines[i] <= lines);
  }
  for (const ImportError& doubt : doubtful_counts(*counts)) require_told(doubt, lines);
  return 0;
}

#include "report/json.h"

#include <fmt/format.h>

#include "report/cells.h"
#include "report/escape.h"

namespace dauth::report {
namespace {

// Each element on a line of its own, between brackets.
template <class Elements, class ToText>
std::string array_of(const Elements& elements, ToText to_text) {
  std::string out = "[";
  for (const auto& element : elements) {
    out += out.size() == 1 ? "\n    " : ",\n    ";
    out += to_text(element);
  }
  out += out.size() == 1 ? "]" : "\n  ]";
  return out;
}

std::string state_object(const data::MonthState& state) {
  return fmt::format("{{\"month\": {}, \"imported\": {}, \"provisional\": {}}}",
                     json_string(state.month.to_text()), state.imported, state.provisional);
}

std::string gap_object(const MonthGap& gap) {
  return fmt::format("{{\"first\": {}, \"last\": {}}}", json_string(gap.first.to_text()),
                     json_string(gap.last.to_text()));
}

}  // namespace

std::string to_json(const Report& report) {
  std::string out = fmt::format("{{\n  \"table\": {},\n  \"title\": {},\n",
                                json_string(to_text(report.table)), json_string(report.document.title));
  out += "  \"months\": " + array_of(report.months, state_object) + ",\n";
  out += "  \"gaps\": " + array_of(gaps_between(report.gaps_among), gap_object) + ",\n";
  out += "  \"rows\": [";
  const std::size_t before = out.size();
  TidyWriter writer(TidyForm::kJson, report.columns, out);
  report.add_rows(writer);
  out += out.size() == before ? "],\n" : "\n  ],\n";
  out += "  \"notes\": " + array_of(report.document.notes, json_string) + "\n}\n";
  return out;
}

}  // namespace dauth::report

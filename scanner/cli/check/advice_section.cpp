#include "scanner/cli/check/advice_section.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace dauth::scanner::cli {
namespace {

Mark mark_of(AdviceSeverity severity) {
  switch (severity) {
    case AdviceSeverity::kProblem:
      return Mark::kBad;
    case AdviceSeverity::kWarning:
      return Mark::kWarning;
    case AdviceSeverity::kNote:
      return Mark::kPlain;
  }
  return Mark::kPlain;
}

}  // namespace

void add_to_page(CheckPage& page, const std::vector<Advice>& advice) {
  if (advice.empty()) return;
  page.heading("Advice");
  for (const Advice& piece : advice) {
    // The page puts the word before the other two.
    const std::string_view word = piece.severity == AdviceSeverity::kNote ? "note: " : "";
    page.item(0, fmt::format("{}{} ({})", word, piece.text, piece.reference), mark_of(piece.severity));
    if (!piece.subject.empty()) page.item(1, piece.subject);
    page.item(1, fmt::format("What to do: {}", piece.remedy));
  }
}

nlohmann::ordered_json to_json(const std::vector<Advice>& advice) {
  auto array = nlohmann::ordered_json::array();
  for (const Advice& piece : advice) {
    array.push_back({{"code", to_text(piece.code)},
                     {"severity", to_text(piece.severity)},
                     {"text", piece.text},
                     {"subject", piece.subject.empty() ? nlohmann::ordered_json(nullptr)
                                                       : nlohmann::ordered_json(piece.subject)},
                     {"remedy", piece.remedy},
                     {"reference", piece.reference}});
  }
  return array;
}

}  // namespace dauth::scanner::cli

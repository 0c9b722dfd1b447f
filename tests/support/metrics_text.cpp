#include "tests/support/metrics_text.h"

#include <regex>
#include <sstream>

namespace dauth::testing {

MetricsText::MetricsText(const std::string& text) {
  if (!text.ends_with('\n')) errors_.push_back("no line feed at the end");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) read(line);
  if (samples_.empty()) errors_.push_back("no sample");
}

std::optional<double> MetricsText::value(const std::string& sample) const {
  const auto found = samples_.find(sample);
  if (found == samples_.end()) return std::nullopt;
  return found->second;
}

void MetricsText::read(const std::string& line) {
  static const std::regex kHelp("# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  static const std::regex kType("# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge)");
  static const std::regex kSample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\n"])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\]|\\[\\n"])*")*\})?) (-?[0-9]+(?:\.[0-9]+)?))re");
  std::smatch parts;
  if (std::regex_match(line, parts, kHelp)) {
    if (!helps_.emplace(parts[1], parts[2]).second) complain("HELP twice", line);
    family_ = parts[1];
  } else if (std::regex_match(line, parts, kType)) {
    if (parts[1] != family_) complain("TYPE without HELP before it", line);
    if (!types_.emplace(parts[1], parts[2]).second) complain("TYPE twice", line);
    const bool total = parts[1].str().ends_with("_total");
    if ((parts[2] == "counter") != total) complain("the name's end does not fit the type", line);
  } else if (std::regex_match(line, parts, kSample)) {
    if (parts[1] != family_ || !types_.contains(parts[1])) complain("a sample outside its family", line);
    if (!samples_.emplace(parts[1].str() + parts[2].str(), std::stod(parts[3])).second)
      complain("a sample twice", line);
  } else {
    complain("neither HELP, TYPE nor sample", line);
  }
}

}  // namespace dauth::testing

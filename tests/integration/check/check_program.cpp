#include "tests/integration/check/check_program.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace dauth::testing {

ProcessResult check(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "check");
  arguments.insert(arguments.end(), {"--resolver", served_registry().resolver()});
  return dauth(std::move(arguments));
}

const CsvTable& registry_truth() {
  static const CsvTable truth(read_file(served_registry().files().truth));
  return truth;
}

std::string domain_of_kind(const std::string& kind) {
  const CsvTable& truth = registry_truth();
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth.at(i, "kind") == kind) return truth.at(i, "domain");
  }
  ADD_FAILURE() << "no domain of the kind " << kind;
  return "";
}

std::vector<std::string> domains_of_all_kinds() {
  const CsvTable& truth = registry_truth();
  std::vector<std::string> domains;
  std::set<std::string> kinds;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (kinds.insert(truth.at(i, "kind")).second) domains.push_back(truth.at(i, "domain"));
  }
  return domains;
}

std::string unwrapped(const std::string& text) {
  std::string words;
  for (const char c : text) {
    if (c != ' ' && c != '\n') {
      words += c;
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  return words;
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  for (const std::string& line : split(text, '\n')) {
    const auto characters = std::count_if(
        line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
    longest = std::max(longest, static_cast<std::size_t>(characters));
  }
  return longest;
}

}  // namespace dauth::testing

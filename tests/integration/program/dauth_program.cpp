#include "tests/integration/program/dauth_program.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace dauth::testing {

ProcessOptions dauth_command(std::vector<std::string> arguments, std::string input) {
  ProcessOptions options;
  // Another build of the program: that of ThreadSanitizer is tried by the tests of the release build.
  const char* other_program = std::getenv("DAUTH_PROGRAM_UNDER_TEST");
  options.arguments = {other_program != nullptr ? other_program : DAUTH_PROGRAM};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.input = std::move(input);
  return options;
}

ProcessResult dauth(std::vector<std::string> arguments, std::string input, std::chrono::milliseconds limit) {
  return run_program(dauth_command(std::move(arguments), std::move(input)), limit);
}

ProcessResult run(std::vector<std::string> command) {
  ProcessOptions options;
  options.arguments = std::move(command);
  return run_program(options);
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = text.find(separator, begin);
    parts.push_back(text.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

CsvTable::CsvTable(const std::string& text) {
  std::string unix_text = text;
  std::erase(unix_text, '\r');
  std::vector<std::string> lines = split(unix_text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.empty()) throw std::runtime_error("a CSV without a header");
  columns_ = split(lines.front(), ',');
  for (std::size_t i = 1; i < lines.size(); ++i) {
    rows_.push_back(split(lines[i], ','));
    if (rows_.back().size() != columns_.size()) throw std::runtime_error("a torn row: " + lines[i]);
  }
}

std::size_t CsvTable::column_index(const std::string& column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) throw std::runtime_error("no column " + column);
  return static_cast<std::size_t>(found - columns_.begin());
}

bool CsvTable::has_column(const std::string& column) const {
  return std::find(columns_.begin(), columns_.end(), column) != columns_.end();
}

const std::string& CsvTable::at(std::size_t row, const std::string& column) const {
  return rows_.at(row).at(column_index(column));
}

std::size_t CsvTable::count(const std::vector<std::pair<std::string, std::string>>& conditions) const {
  std::size_t matching = 0;
  for (const auto& row : rows_) {
    matching += std::all_of(conditions.begin(), conditions.end(),
                            [&](const auto& condition) {
                              return row[column_index(condition.first)] == condition.second;
                            })
                    ? 1
                    : 0;
  }
  return matching;
}

std::filesystem::path real_data_directory() {
  const char* directory = std::getenv("DAUTH_DATA");
  if (directory != nullptr && *directory != '\0') return directory;
  std::cerr << "*** DAUTH_DATA is not set: this test on real data is SKIPPED ***\n";
  return {};
}

}  // namespace dauth::testing

// The program under test, run as a user runs it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/child_process.h"

namespace dauth::testing {

// The command line of `dauth` with these arguments; runs until `limit`.
ProcessOptions dauth_command(std::vector<std::string> arguments, std::string input = {});
ProcessResult dauth(std::vector<std::string> arguments, std::string input = {},
                    std::chrono::milliseconds limit = std::chrono::seconds(240));

// Any other program, with its arguments.
ProcessResult run(std::vector<std::string> command);

// A CSV with a header and without quoted fields, as `dauth export` writes names and findings.
class CsvTable {
 public:
  explicit CsvTable(const std::string& text);
  std::size_t size() const { return rows_.size(); }
  bool has_column(const std::string& column) const;
  const std::vector<std::string>& columns() const { return columns_; }
  const std::string& at(std::size_t row, const std::string& column) const;
  // Rows in which all of the conditions hold.
  std::size_t count(const std::vector<std::pair<std::string, std::string>>& conditions) const;

 private:
  std::size_t column_index(const std::string& column) const;
  std::vector<std::string> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::vector<std::string> split(const std::string& text, char separator);

// $DAUTH_DATA, or nothing, said loudly: the tests on real data are then skipped.
std::filesystem::path real_data_directory();

}  // namespace dauth::testing

// TidyWriter: rows for programs, one fact a line, as CSV or as JSON objects; the same in every language.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace dauth::report {

// A part of 1; six decimals.
struct Share {
  double value = 0;
};

// Nothing, a number, a share, or text of any octets (borrowed).
using TidyCell = std::variant<std::monostate, std::uint64_t, Share, std::string_view>;

enum class TidyForm : std::uint8_t { kCsv, kJson };

class TidyWriter {
 public:
  // CSV begins with the columns' names, a line each row; JSON is objects with these names, commas between.
  // Appends to `out`; all is borrowed.
  TidyWriter(TidyForm form, std::span<const std::string_view> columns, std::string& out);

  // As many cells as there are columns. Nothing is an empty field of CSV, and null.
  void row(std::initializer_list<TidyCell> cells);

 private:
  void append_csv(std::initializer_list<TidyCell> cells);
  void append_json(std::initializer_list<TidyCell> cells);

  TidyForm form_;
  std::span<const std::string_view> columns_;
  std::string* out_;
  bool is_first_ = true;
};

}  // namespace dauth::report

// Table and Document: what a reader is shown, before any format. Cells hold plain text; renderers escape.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dauth::report {

enum class Align : std::uint8_t { kLeft, kRight };

struct Column {
  std::string heading;
  Align align = Align::kRight;
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // as many cells each as there are columns
};

struct Document {
  std::string title;
  std::vector<Table> tables;
  std::vector<std::string> notes;  // under the tables, in this order
};

}  // namespace dauth::report

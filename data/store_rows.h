// Rows of ours as a table that a statement can read: `INSERT INTO t SELECT c0, c1 FROM given_rows`.
//
// One execution for many rows costs a third of one execution for each. The table-valued source `given_rows`
// (a virtual table, https://sqlite.org/vtab.html) belongs to the connection; it has the columns c0 to c10 and
// the rows of the GivenRows that it was given last, in their order. Borrowed: they live until the statement
// has run. Internal to the store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "data/store_sqlite.h"

namespace dauth::data {

class GivenRows {
 public:
  static constexpr int kNoColumn = 1000;
  virtual std::size_t size() const = 0;
  // Which columns are text is the same for all rows; all others are integers.
  virtual std::int64_t integer(std::size_t row, int column) const = 0;
  virtual std::string_view text(std::size_t row, int column) const = 0;
  virtual bool is_text(int column) const = 0;
  // Columns in which 0 stands for NULL: the first of them, and all behind it.
  virtual int first_reference() const { return kNoColumn; }

 protected:
  ~GivenRows() = default;
};

// Makes `given_rows` known to a connection; once. Fails the connection where SQLite refuses.
void provide_given_rows(Connection& connection);

// Runs the statement over the rows with ?1, ?2, ... bound, and returns how many rows it changed; 0 after a
// failure.
template <class... Values>
std::int64_t run_over(Connection& connection, Statement& statement, const GivenRows& rows,
                      const Values&... values) {
  connection.give(&rows);
  const std::int64_t changed = statement.run(values...);
  connection.give(nullptr);
  return changed;
}

}  // namespace dauth::data

// The one place that includes SQLite, with store*.cpp: a connection, its prepared statements and its
// transactions as owned values. Internal to the store.
//
// Errors stick: the first failure of a connection is kept, what follows does nothing, and
// Transaction::commit() (or Connection::status()) hands it out. So code between begin and commit reads
// straight down, and no failure can be overlooked.
#pragma once

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "data/store.h"

namespace dauth::data {

StoreError store_error(StoreError::Kind kind, std::string message);

// Octets that are no text: bound as a BLOB.
struct Blob {
  std::string_view octets;
};

class Connection;
class GivenRows;

// The rows of one execution; resets its statement at the end, so that no read stays open.
class Cursor {
 public:
  Cursor(Connection& connection, sqlite3_stmt* statement) : connection_(&connection), statement_(statement) {}
  Cursor(Cursor&& other) noexcept
      : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}
  Cursor& operator=(Cursor&&) = delete;
  ~Cursor() { sqlite3_reset(statement_); }

  // True when there is a row; false at the end and after a failure.
  bool next();

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  std::uint64_t natural(int column) const { return static_cast<std::uint64_t>(integer(column)); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  // TEXT or BLOB; valid until the next row.
  std::string_view text(int column) const;

 private:
  Connection* connection_;
  sqlite3_stmt* statement_;
};

class Statement {
 public:
  Statement(Connection& connection, const char* sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  bool is_prepared() const { return statement_ != nullptr; }

  // Binds ?1, ?2, ... in order.
  template <class... Values>
  Cursor query(const Values&... values) {
    bind_all(values...);
    return {*connection_, statement_};
  }
  // Executes and returns the number of rows changed, 0 after a failure.
  template <class... Values>
  std::int64_t run(const Values&... values) {
    bind_all(values...);
    return run_bound();
  }

 private:
  std::int64_t run_bound();
  template <class... Values>
  void bind_all(const Values&... values) {
    int parameter = 0;
    (bind_value(++parameter, values), ...);
  }
  void bind_value(int parameter, std::int64_t value) { sqlite3_bind_int64(statement_, parameter, value); }
  void bind_value(int parameter, int value) { bind_value(parameter, std::int64_t{value}); }
  void bind_value(int parameter, std::uint32_t value) { bind_value(parameter, std::int64_t{value}); }
  void bind_value(int parameter, std::uint64_t value) {
    bind_value(parameter, static_cast<std::int64_t>(value));
  }
  void bind_value(int parameter, double value) { sqlite3_bind_double(statement_, parameter, value); }
  void bind_value(int parameter, std::string_view value);
  void bind_value(int parameter, const std::string& value) { bind_value(parameter, std::string_view(value)); }
  void bind_value(int parameter, const Blob& value);
  void bind_value(int parameter, const std::optional<std::uint64_t>& value);

  Connection* connection_;
  sqlite3_stmt* statement_ = nullptr;
};

class Connection {
 public:
  static StoreResult<std::unique_ptr<Connection>> open(const std::string& path, int flags,
                                                       std::chrono::milliseconds busy_timeout);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Prepared once and kept; `sql` is a constant, its address is the key.
  Statement& statement(const char* sql);
  // Several statements without parameters or rows.
  void execute(const char* sql);
  // The first column of the first row of a statement without parameters; 0 where there is none.
  std::int64_t integer(const char* sql);

  // Whether references between tables are checked; see UncheckedReferences.
  void check_references(bool checked);

  // What `given_rows` has (store_rows.h); borrowed.
  void give(const GivenRows* rows) { given_ = rows; }
  const GivenRows* given() const { return given_; }

  bool is_read_only() const { return sqlite3_db_readonly(handle_, "main") == 1; }
  bool has_unchecked_references() const { return unchecked_ > 0; }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  sqlite3* handle() { return handle_; }

  bool failed() const { return failure_.has_value(); }
  // Keep the first failure; the code is SQLite's.
  void fail(int code);
  void fail(StoreError error);
  // The failure, or success; clears it.
  StoreResult<void> status();

 private:
  friend class UncheckedReferences;
  explicit Connection(sqlite3* handle) : handle_(handle) {}

  sqlite3* handle_;
  int unchecked_ = 0;  // how many UncheckedReferences live
  bool references_checked_ = true;
  std::unordered_map<const char*, std::unique_ptr<Statement>> statements_;
  std::optional<StoreError> failure_;
  const GivenRows* given_ = nullptr;
};

// While it lives, references between tables are not checked: for rows that are copied from rows of the same
// file, where the check would cost more than the row, and for removing a run with all that refers to it,
// which SQLite would otherwise first list in memory. Must stand outside a transaction. Checking is taken up
// again by the next Transaction that writes outside of one: each change makes SQLite prepare all statements
// anew, and a survey writes thousands of times without a check between them.
class UncheckedReferences {
 public:
  explicit UncheckedReferences(Connection& connection) : connection_(&connection) {
    ++connection.unchecked_;
    connection.check_references(false);
  }
  UncheckedReferences(const UncheckedReferences&) = delete;
  UncheckedReferences& operator=(const UncheckedReferences&) = delete;
  ~UncheckedReferences() { --connection_->unchecked_; }

 private:
  Connection* connection_;
};

// Rolled back unless committed.
class Transaction {
 public:
  enum class Kind : std::uint8_t {
    kRead,   // one consistent view over several statements
    kWrite,  // takes the write lock at once, waiting for the busy timeout
  };

  Transaction(Connection& connection, Kind kind);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() { roll_back(); }

  // Commits, or rolls back and returns the first failure.
  StoreResult<void> commit();

  template <class T>
  StoreResult<T> commit_with(T value) {
    if (auto status = commit(); !status) return unexpected(std::move(status).error());
    return value;
  }

 private:
  void roll_back();

  Connection* connection_;
};

}  // namespace dauth::data

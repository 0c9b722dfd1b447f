#include "data/store_sqlite.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

namespace dauth::data {
namespace {

// SQLite's messages can quote names from a file that is not ours.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c < ' ' || c > '~') c = '?';
  }
  return line;
}

bool is_full(int system_error) {
  return system_error == ENOSPC || system_error == EDQUOT || system_error == EFBIG;
}

StoreError error_of(int code, sqlite3* handle) {
  using Kind = StoreError::Kind;
  const int system_error = handle != nullptr ? sqlite3_system_errno(handle) : 0;
  const std::string detail = one_line(handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code));
  switch (code & 0xff) {
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
      throw std::logic_error(fmt::format("SQLite was misused: {}", detail));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return store_error(Kind::kBusy, "the database is in use by another process");
    case SQLITE_FULL:
      return store_error(Kind::kFull, "no room is left for the database");
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return store_error(Kind::kReadOnly, "the database may not be written");
    case SQLITE_NOTADB:
      return store_error(Kind::kNotOurs, "the file is not a database");
    case SQLITE_CORRUPT:
      return store_error(Kind::kCorrupt, fmt::format("the database is damaged: {}", detail));
    case SQLITE_CONSTRAINT:
      return store_error(Kind::kConflict, fmt::format("the database refuses a row: {}", detail));
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
      // Our statements are constants that fit our schema, so the file's schema is not what it claims to be.
      return store_error(Kind::kCorrupt,
                         fmt::format("the database has not the form it should have: {}", detail));
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
      if (system_error == ENOMEM) throw std::bad_alloc();
      // SQLite does not keep the system's reason for every failure; errno still has it then.
      if (is_full(system_error) || is_full(errno)) {
        return store_error(Kind::kFull, "no room is left for the database");
      }
      if (system_error == EROFS)
        return store_error(Kind::kReadOnly, "the database's folder may not be written");
      break;
    default:
      break;
  }
  if (system_error != 0) {
    return store_error(Kind::kIo, fmt::format("{} ({})", detail, std::strerror(system_error)));
  }
  return store_error(Kind::kIo, detail);
}

}  // namespace

StoreError store_error(StoreError::Kind kind, std::string message) {
  return StoreError{kind, std::move(message)};
}

bool Cursor::next() {
  if (connection_->failed()) return false;
  errno = 0;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_->fail(code);
  return false;
}

std::string_view Cursor::text(int column) const {
  const auto* octets = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  if (octets == nullptr) return {};
  return {octets, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

Statement::Statement(Connection& connection, const char* sql) : connection_(&connection) {
  const int code =
      sqlite3_prepare_v3(connection.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code != SQLITE_OK) connection.fail(code);
}

std::int64_t Statement::run_bound() {
  if (connection_->failed()) return 0;
  errno = 0;
  int code = SQLITE_ROW;
  while (code == SQLITE_ROW) code = sqlite3_step(statement_);
  sqlite3_reset(statement_);
  if (code != SQLITE_DONE) {
    connection_->fail(code);
    return 0;
  }
  return sqlite3_changes64(connection_->handle());
}

void Statement::bind_value(int parameter, std::string_view value) {
  // An empty view may have no address, which SQLite would take for NULL.
  const char* octets = value.empty() ? "" : value.data();
  sqlite3_bind_text64(statement_, parameter, octets, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void Statement::bind_value(int parameter, const Blob& value) {
  const char* octets = value.octets.empty() ? "" : value.octets.data();
  sqlite3_bind_blob64(statement_, parameter, octets, value.octets.size(), SQLITE_TRANSIENT);
}

void Statement::bind_value(int parameter, const std::optional<std::uint64_t>& value) {
  if (value) {
    bind_value(parameter, *value);
  } else {
    sqlite3_bind_null(statement_, parameter);
  }
}

StoreResult<std::unique_ptr<Connection>> Connection::open(const std::string& path, int flags,
                                                          std::chrono::milliseconds busy_timeout) {
  sqlite3* handle = nullptr;
  // SQLite's own counts of its memory cost a mutex at every allocation, and nobody reads them. Only before
  // its first use in the process; that the call comes too late otherwise does no harm.
  [[maybe_unused]] static const int kUncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  errno = 0;
  // A Store belongs to one thread at a time: SQLite's own mutexes would only cost.
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle));
  if (code != SQLITE_OK) return unexpected(error_of(code, handle));
  sqlite3_busy_timeout(handle, static_cast<int>(busy_timeout.count()));
  // The file may come from a stranger: its schema must not act, and damage is to be found early.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close_v2(handle_);
}

Statement& Connection::statement(const char* sql) {
  auto& kept = statements_[sql];
  if (!kept || !kept->is_prepared()) kept = std::make_unique<Statement>(*this, sql);
  return *kept;
}

void Connection::execute(const char* sql) {
  if (failed()) return;
  errno = 0;
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t Connection::integer(const char* sql) {
  Statement once(*this, sql);
  auto cursor = once.query();
  return cursor.next() ? cursor.integer(0) : 0;
}

void Connection::check_references(bool checked) {
  if (checked == references_checked_) return;
  references_checked_ = checked;
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_FKEY, checked ? 1 : 0, nullptr);
}

void Connection::fail(int code) {
  if (!failure_) failure_ = error_of(code, handle_);
}

void Connection::fail(StoreError error) {
  if (!failure_) failure_ = std::move(error);
}

StoreResult<void> Connection::status() {
  if (!failure_) return {};
  StoreError error = std::move(*failure_);
  failure_.reset();
  return unexpected(std::move(error));
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(&connection) {
  if (kind == Kind::kWrite && !connection.has_unchecked_references()) connection.check_references(true);
  connection.execute(kind == Kind::kRead ? "BEGIN" : "BEGIN IMMEDIATE");
}

StoreResult<void> Transaction::commit() {
  if (!connection_->failed()) connection_->execute("COMMIT");
  if (connection_->failed()) roll_back();
  return connection_->status();
}

void Transaction::roll_back() {
  // SQLite has rolled back by itself after some errors (disk full, for one).
  if (connection_->in_transaction()) {
    sqlite3_exec(connection_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

}  // namespace dauth::data

#include "data/store_rows.h"

#include <new>

namespace dauth::data {
namespace {

// SQLite's structures come first, so that its pointers are ours.
struct Table {
  sqlite3_vtab base{};
  const Connection* connection = nullptr;
};

struct RowCursor {
  sqlite3_vtab_cursor base{};
  const GivenRows* rows = nullptr;
  std::size_t row = 0;
};

RowCursor& cursor_of(sqlite3_vtab_cursor* base) {
  return *reinterpret_cast<RowCursor*>(base);
}

int connect(sqlite3* handle, void* connection, int, const char* const*, sqlite3_vtab** made, char**) {
  const int code =
      sqlite3_declare_vtab(handle, "CREATE TABLE given_rows (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10)");
  if (code != SQLITE_OK) return code;
  // No text of ours comes from the database's file.
  sqlite3_vtab_config(handle, SQLITE_VTAB_DIRECTONLY);
  auto* table = new (std::nothrow) Table;
  if (table == nullptr) return SQLITE_NOMEM;
  table->connection = static_cast<const Connection*>(connection);
  *made = &table->base;
  return SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete reinterpret_cast<Table*>(table);
  return SQLITE_OK;
}

// Only ever read from the first row to the last.
int best_index(sqlite3_vtab*, sqlite3_index_info* plan) {
  plan->estimatedCost = 1;
  plan->estimatedRows = 1000;
  return SQLITE_OK;
}

int open(sqlite3_vtab* table, sqlite3_vtab_cursor** made) {
  auto* cursor = new (std::nothrow) RowCursor;
  if (cursor == nullptr) return SQLITE_NOMEM;
  cursor->rows = reinterpret_cast<Table*>(table)->connection->given();
  *made = &cursor->base;
  return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* base) {
  delete &cursor_of(base);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  cursor_of(base).row = 0;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* base) {
  ++cursor_of(base).row;
  return SQLITE_OK;
}

int eof(sqlite3_vtab_cursor* base) {
  const RowCursor& cursor = cursor_of(base);
  return cursor.rows == nullptr || cursor.row >= cursor.rows->size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) {
  const RowCursor& cursor = cursor_of(base);
  if (cursor.rows->is_text(index)) {
    const std::string_view text = cursor.rows->text(cursor.row, index);
    // An empty view may have no address, which SQLite would take for NULL.
    sqlite3_result_text64(context, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  } else {
    const std::int64_t value = cursor.rows->integer(cursor.row, index);
    // A result that is not set is NULL.
    if (value != 0 || index < cursor.rows->first_reference()) sqlite3_result_int64(context, value);
  }
  return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* base, sqlite3_int64* id) {
  *id = static_cast<sqlite3_int64>(cursor_of(base).row);
  return SQLITE_OK;
}

// Without xCreate it is there for every statement and belongs to no file ("eponymous only").
constexpr sqlite3_module kModule = [] {
  sqlite3_module module{};
  module.xConnect = &connect;
  module.xBestIndex = &best_index;
  module.xDisconnect = &disconnect;
  module.xOpen = &open;
  module.xClose = &close;
  module.xFilter = &filter;
  module.xNext = &next;
  module.xEof = &eof;
  module.xColumn = &column;
  module.xRowid = &row_id;
  return module;
}();

}  // namespace

void provide_given_rows(Connection& connection) {
  const int code =
      sqlite3_create_module_v2(connection.handle(), "given_rows", &kModule, &connection, nullptr);
  if (code != SQLITE_OK) connection.fail(code);
}

}  // namespace dauth::data

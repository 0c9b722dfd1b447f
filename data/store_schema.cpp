#include "data/store_schema.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "data/migration_1_to_2_sql.h"
#include "data/migration_2_to_3_sql.h"
#include "data/migration_3_to_4_sql.h"
#include "data/schema_sql.h"
#include "data/store_rows.h"

namespace dauth::data {
namespace {

namespace fs = std::filesystem;
using Kind = StoreError::Kind;

// PRAGMA takes no parameters, so the version's numbers are spelled out in constants.
constexpr char kMarkAsOurs[] = "PRAGMA application_id = 0x64617574; PRAGMA user_version = 4;";
static_assert(kApplicationId == 0x64617574 && kSchemaVersion == 4, "kMarkAsOurs says the same");

// WAL: a reader never waits for the survey, nor the survey for a reader. NORMAL: a commit is handed to the
// operating system but not forced to the disk, so it survives the death of this process (SIGKILL too), and a
// power failure can take back only the newest batches, whose names are then asked again; the file stays
// sound. A finished month is forced to the disk by a checkpoint; others come after 32 MiB, since each costs
// two waits for the disk and a page that many batches touch is then written once. The cache is small on
// purpose: the hot path appends, and memory must not depend on the list. What is deleted here is public: no
// need to wipe it.
constexpr char kSetUp[] =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA wal_autocheckpoint = 8192;";
constexpr char kSetUpAlways[] =
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -6144;"
    "PRAGMA secure_delete = OFF;";

enum class Form : std::uint8_t { kEmpty, kOurs };

StoreResult<Form> examine(Connection& connection) {
  const std::int64_t application = connection.integer("PRAGMA application_id");
  const std::int64_t version = connection.integer("PRAGMA user_version");
  const std::int64_t objects = connection.integer("SELECT count(*) FROM sqlite_schema");
  if (auto status = connection.status(); !status) return unexpected(std::move(status).error());
  if (application == 0 && version == 0 && objects == 0) return Form::kEmpty;
  if (application != kApplicationId) {
    return unexpected(store_error(Kind::kNotOurs, "the file is a database of another program"));
  }
  if (version > kSchemaVersion) {
    return unexpected(store_error(
        Kind::kNewer,
        fmt::format("the database is of version {}, written by a newer dauth; this one reads up to {}",
                    version, kSchemaVersion)));
  }
  if (version < 1 || objects == 0) {
    return unexpected(store_error(Kind::kCorrupt, "the database has not the form it should have: no tables"));
  }
  return Form::kOurs;
}

StoreResult<void> create(Connection& connection) {
  // Pages that the plan of a run has left free can be given back to the file system (Store::Impl::shrink);
  // this can be chosen only while the file has no table.
  connection.execute("PRAGMA auto_vacuum = INCREMENTAL");
  Transaction transaction(connection, Transaction::Kind::kWrite);
  // Another process may have been first.
  if (connection.integer("SELECT count(*) FROM sqlite_schema") == 0) {
    connection.execute(kSchemaSql);
    connection.execute(kMarkAsOurs);
  }
  return transaction.commit();
}

// SQLite would take a file of a few octets for an empty database and write over it.
StoreResult<void> check_magic(const std::string& path) {
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};  // SQLite says why
  std::array<char, kMagic.size()> start{};
  file.read(start.data(), start.size());
  const auto length = static_cast<std::size_t>(file.gcount());
  if (length == 0 || std::string_view(start.data(), length) == kMagic) return {};
  return unexpected(store_error(Kind::kNotOurs, "the file is not a database"));
}

StoreResult<void> check_path(const std::string& path, OpenMode mode) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (fs::is_directory(status)) {
    return unexpected(store_error(Kind::kNotOurs, "a folder, not a database"));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    return unexpected(store_error(Kind::kNotOurs, "not a regular file"));
  }
  if (fs::exists(status)) return check_magic(path);
  if (status.type() != fs::file_type::not_found) {
    return unexpected(store_error(Kind::kIo, error.message()));
  }
  if (mode != OpenMode::kCreate) return unexpected(store_error(Kind::kNotFound, "no such file"));
  const auto folder = fs::absolute(path, error).parent_path();
  if (!fs::is_directory(folder, error)) {
    return unexpected(store_error(Kind::kNotFound, "the folder for the database does not exist"));
  }
  return {};
}

std::uint32_t number_at(const std::array<unsigned char, 100>& header, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | header[at + i];
  return number;
}

// Fails where the file is shorter than its header says (https://sqlite.org/fileformat2.html, 1.3). SQLite
// itself counts a page of which a part is there as a whole one, and reads zeros in the place of the rest.
//
// Inside a read transaction: as long as that stands on a -wal file without content, no other process writes
// to the database itself, so length and header are of one moment. Where the -wal file has content, pages may
// still be there and nowhere else. The file is read through SQLite's own descriptor: closing another one
// would take away the locks of this process.
StoreResult<void> check_length(Connection& connection, const std::string& path) {
  sqlite3_file* file = nullptr;
  if (sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
      file == nullptr || file->pMethods == nullptr) {
    return {};
  }
  std::array<unsigned char, 100> header{};
  sqlite3_int64 length = 0;
  // What cannot be read now fails again, and is told, when it is needed.
  if (file->pMethods->xRead(file, header.data(), static_cast<int>(header.size()), 0) != SQLITE_OK ||
      file->pMethods->xFileSize(file, &length) != SQLITE_OK) {
    return {};
  }
  std::error_code error;
  const auto wal = fs::file_size(path + "-wal", error);
  if (!error && wal > 0) return {};
  // Others than SQLite since 3.7.0 may leave the number of pages as it was.
  constexpr std::size_t kPages = 28;
  constexpr std::size_t kChanges = 24;
  constexpr std::size_t kApplication = 68;
  constexpr std::size_t kPagesAreOfChange = 92;
  if (number_at(header, kApplication) != kApplicationId ||
      number_at(header, kChanges) != number_at(header, kPagesAreOfChange)) {
    return {};
  }
  const std::int64_t page_octets = std::int64_t{header[16]} << 8 | header[17];  // 1 stands for 65536
  const std::int64_t whole =
      (page_octets == 1 ? 65536 : page_octets) * std::int64_t{number_at(header, kPages)};
  if (length >= whole) return {};
  return unexpected(store_error(
      Kind::kCorrupt,
      fmt::format("the database is damaged: the file is cut short, {} of {} octets; restore the back-up",
                  length, whole)));
}

// What it is, and that it is whole.
StoreResult<Form> examine_whole(Connection& connection, const std::string& path) {
  connection.execute("BEGIN");
  auto form = examine(connection);
  // SQLite's own complaint of a file that lacks whole pages does not say so.
  if (form ? *form == Form::kOurs : form.error().kind == Kind::kCorrupt) {
    if (auto whole = check_length(connection, path); !whole) form = unexpected(std::move(whole).error());
  }
  if (connection.in_transaction()) connection.execute("ROLLBACK");
  if (auto status = connection.status(); !status && form) return unexpected(std::move(status).error());
  return form;
}

// The address of a file for SQLite, with a parameter behind it (https://sqlite.org/uri.html).
std::string uri_of(const std::string& path, std::string_view query) {
  std::string uri = "file:";
  // A path that starts with two slashes would be read as a host.
  if (path.starts_with("//")) uri += "//";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      uri += fmt::format("%{:02x}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  uri += query;
  return uri;
}

// SQLite takes several kinds of name for something other than a file: "", ":memory:", "file:...".
std::string as_file(const std::string& path) {
  return path.starts_with('/') ? path : "./" + path;
}

StoreResult<std::unique_ptr<Connection>> open_read_only(const std::string& path,
                                                        std::chrono::milliseconds busy_timeout) {
  auto connection = Connection::open(path, SQLITE_OPEN_READONLY, busy_timeout);
  if (!connection) return connection;
  (*connection)->integer("SELECT count(*) FROM sqlite_schema");
  auto readable = (*connection)->status();
  if (readable || (readable.error().kind != Kind::kIo && readable.error().kind != Kind::kReadOnly)) {
    // Other failures come back when the file is examined.
    return connection;
  }
  // A WAL database cannot be read in a folder that may not be written, unless SQLite is told that nobody
  // else writes. Without a -wal file nobody has it open now.
  std::error_code error;
  if (fs::exists(path + "-wal", error) || error) return unexpected(std::move(readable).error());
  return Connection::open(uri_of(path, "?immutable=1"), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, busy_timeout);
}

}  // namespace

std::span<const Migration> migrations() {
  static constexpr std::array kSteps = {Migration{1, kMigration1To2Sql}, Migration{2, kMigration2To3Sql},
                                        Migration{3, kMigration3To4Sql}};
  return kSteps;
}

StoreResult<void> migrate(Connection& connection, std::span<const Migration> steps) {
  for (const Migration& step : steps) {
    // Nothing to write, then nothing to wait for.
    if (connection.integer("PRAGMA user_version") > step.from) continue;
    Transaction transaction(connection, Transaction::Kind::kWrite);
    // Read inside: another process may be migrating too.
    if (connection.integer("PRAGMA user_version") == step.from) connection.execute(step.sql);
    if (auto status = transaction.commit(); !status) return status;
  }
  return {};
}

StoreResult<std::unique_ptr<Connection>> open_database(const std::string& given_path, OpenMode mode,
                                                       std::chrono::milliseconds busy_timeout) {
  if (given_path.empty() || given_path.find('\0') != std::string::npos) {
    return unexpected(store_error(Kind::kNotFound, "no file is named"));
  }
  const std::string path = as_file(given_path);
  if (auto fit = check_path(path, mode); !fit) return unexpected(std::move(fit).error());

  const int flags = SQLITE_OPEN_READWRITE | (mode == OpenMode::kCreate ? SQLITE_OPEN_CREATE : 0);
  auto opened = mode == OpenMode::kReadOnly ? open_read_only(path, busy_timeout)
                                            : Connection::open(path, flags, busy_timeout);
  if (!opened) return opened;
  Connection& connection = **opened;
  if (mode != OpenMode::kReadOnly && connection.is_read_only()) {
    return unexpected(store_error(Kind::kReadOnly, "the database may not be written"));
  }

  auto form = examine_whole(connection, path);
  if (!form) return unexpected(std::move(form).error());
  if (*form == Form::kEmpty) {
    if (mode != OpenMode::kCreate) {
      return unexpected(store_error(Kind::kNotOurs, "the file is empty, not a database of dauth"));
    }
    if (auto created = create(connection); !created) return unexpected(std::move(created).error());
    form = examine(connection);
    if (!form) return unexpected(std::move(form).error());
  }

  if (mode == OpenMode::kReadOnly) {
    if (connection.integer("PRAGMA user_version") < kSchemaVersion) {
      return unexpected(store_error(Kind::kReadOnly,
                                    "the database is of an earlier version of dauth; the next 'dauth scan', "
                                    "'dauth import' or 'dauth rejudge' brings it up to date"));
    }
  } else {
    connection.execute(kSetUp);
    if (auto migrated = migrate(connection, migrations()); !migrated) {
      return unexpected(std::move(migrated).error());
    }
  }
  connection.execute(kSetUpAlways);
  provide_given_rows(connection);
  if (auto status = connection.status(); !status) return unexpected(std::move(status).error());
  return opened;
}

}  // namespace dauth::data

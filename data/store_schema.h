// The form of the file: what tells our database from others, its version, and the way from an earlier one.
// Internal to the store.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "data/store_sqlite.h"

namespace dauth::data {

// "daut" in ASCII; PRAGMA application_id of our files, by which file(1) and we know them.
inline constexpr std::int64_t kApplicationId = 0x64617574;
// PRAGMA user_version of the files that this program writes.
inline constexpr std::int64_t kSchemaVersion = 4;

// Takes a file from version `from` to `from` + 1. A file is migrated when it is opened for writing, each step
// in a transaction of its own with the version's number, so that a process killed in between goes on there.
struct Migration {
  std::int64_t from;
  const char* sql;
};

// All steps up to kSchemaVersion, in order.
std::span<const Migration> migrations();

// Takes the file as far as `steps` lead.
StoreResult<void> migrate(Connection& connection, std::span<const Migration> steps);

// Opens the file, makes sure that it is ours and in the present form, and sets the connection up.
StoreResult<std::unique_ptr<Connection>> open_database(const std::string& path, OpenMode mode,
                                                       std::chrono::milliseconds busy_timeout);

}  // namespace dauth::data

// FaultyStorage: while it lives, every database of this program is read and written through it, and it fails
// where it is told to: a disk that is full, or that errs, at one chosen operation or from there on.
//
// It is SQLite's seam to the system (sqlite3_vfs); what does not fail is handed to the system's own. One at a
// time, and on one thread.
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dauth::data {

enum class StorageFault : std::uint8_t {
  kNoRoom,        // writing and growing: SQLITE_FULL
  kWriteError,    // writing: SQLITE_IOERR_WRITE
  kSyncError,     // SQLITE_IOERR_FSYNC
  kReadError,     // SQLITE_IOERR_READ
  kTruncateError  // SQLITE_IOERR_TRUNCATE
};

enum class FaultLength : std::uint8_t { kOnce, kForGood };

class FaultyStorage {
 public:
  // Fails at the operation number `at` (1 is the first) of those that the fault concerns; 0 never does.
  FaultyStorage(StorageFault fault, std::size_t at, FaultLength length);
  FaultyStorage(const FaultyStorage&) = delete;
  FaultyStorage& operator=(const FaultyStorage&) = delete;
  ~FaultyStorage();

  // Operations so far that the fault concerns.
  std::size_t operations() const;
  bool has_failed() const;
};

}  // namespace dauth::data

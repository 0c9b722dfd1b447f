// DatabaseLock: one command at a time that changes a database.
//
// An advisory lock (flock(2)) on a file beside the database, named after it with ".lock", that holds the
// holder's process number. The kernel drops the lock with the process, so a dead one never blocks; the file
// stays, since removing it would let two processes lock two files of one name.
#pragma once

#include <string>

#include "data/store.h"
#include "resolver/dns/result.h"
#include "scanner/cli/console.h"
#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {

class DatabaseLock {
 public:
  struct Refusal {
    bool held_by_another = false;  // else the lock file could not be used
    std::string message;           // one line for a person
  };

  static Result<DatabaseLock, Refusal> acquire(const std::string& database_path);
  DatabaseLock(DatabaseLock&& other) noexcept;
  DatabaseLock& operator=(DatabaseLock&&) = delete;
  ~DatabaseLock();

 private:
  explicit DatabaseLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

// The lock for a command that changes the database, or the status to end with, complained of. A database that
// is to be there (any mode but kCreate) and is not is complained of before a lock file is made: a mistyped
// name must not leave one behind.
Result<DatabaseLock, ExitStatus> lock_database(Console& console, const std::string& path,
                                               data::OpenMode mode);

}  // namespace dauth::scanner::cli

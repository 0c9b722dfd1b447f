// The exit statuses of `dauth` (README.md, "Exit status").
#pragma once

namespace dauth::scanner::cli {

enum class ExitStatus : int {
  kDone = 0,
  kFault = 1,        // database, disk or internal fault; what was saved stays saved
  kUsage = 2,        // unknown option, bad value, unreadable list or database, a month already there
  kTooManyLost = 3,  // finished, but more names than --max-unmeasured were lost
  kLocked = 4,       // another `dauth scan` holds this database
  kInterrupted = 130,
  kTerminated = 143,
};

}  // namespace dauth::scanner::cli

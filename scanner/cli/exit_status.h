// The exit statuses of `dauth` (README.md, "Exit status").
#pragma once

#include <array>
#include <string_view>

namespace dauth::scanner::cli {

enum class ExitStatus : int {
  kDone = 0,
  kFault = 1,        // database, disk or internal fault; what was saved stays saved
  kUsage = 2,        // unknown option, bad value, unreadable list or database, a month already there
  kTooManyLost = 3,  // finished, but more names than --max-unmeasured were lost
  kLocked = 4,       // another dauth that writes holds this database
  kHungUp = 129,
  kInterrupted = 130,
  kTerminated = 143,
};

struct ExitStatusMeaning {
  std::string_view status;
  std::string_view meaning;
};

// For the manual pages.
inline constexpr std::array<ExitStatusMeaning, 6> kExitStatusMeanings = {{
    {"0", "done"},
    {"1", "could not go on: database, disk or internal fault; what was saved stays saved"},
    {"2",
     "usage: unknown option, bad value, unreadable list or database, a month already there, a resolver that "
     "does "
     "not answer or invents names"},
    {"3",
     "scan: finished, but more than --max-unmeasured of the names were lost, so the month is provisional; "
     "check: a "
     "question failed"},
    {"4", "another 'dauth scan', 'rejudge' or 'prune' holds this database"},
    {"129, 130, 143", "stopped by SIGHUP, SIGINT or SIGTERM"},
}};

}  // namespace dauth::scanner::cli

// A scan from the open database on: the list, the resolvers, the survey, the counts.
#pragma once

#include <optional>

#include "data/store.h"
#include "scanner/cli/console.h"
#include "scanner/cli/exit_status.h"
#include "scanner/cli/scan_options.h"
#include "scanner/cli/scan_watch.h"
#include "scanner/list/categorizer.h"
#include "scanner/list/excluded_names.h"
#include "scanner/survey/list_intake.h"

namespace dauth::scanner::cli {

// What a scan works on. The caller holds the database's lock.
struct ScanMaterial {
  data::Store store;
  ListIntake intake;
  const Categorizer& categorizer;
  ExcludedNames excluded;
  std::optional<data::RunRecord> unfinished;  // the run of this month that was stopped
};

// Everything happens on one event loop. SIGINT and SIGTERM stop it and what was finished is saved; complaints
// go to the console, and the status is that of the program.
ExitStatus run_scan(Console& console, const ScanOptions& options, const ScanPlan& plan, ScanMaterial material,
                    ScanWatch& watch);

}  // namespace dauth::scanner::cli

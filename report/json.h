// JSON (RFC 8259) of a report, one document in ASCII:
//
//   table      "rates", ...
//   title      as people read it, in the language asked for
//   months     oldest first: {month, imported, provisional}
//   gaps       months between them that nobody measured: {first, last}
//   rows       the rows of the tidy CSV as objects with its columns' names; what is empty there is null
//   notes      under the table, in the language asked for
#pragma once

#include <string>

#include "report/report.h"

namespace dauth::report {

std::string to_json(const Report& report);

}  // namespace dauth::report

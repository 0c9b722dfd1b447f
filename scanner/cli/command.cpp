#include "scanner/cli/command.h"

#include <fmt/format.h>

namespace dauth::scanner::cli {

void add_database_option(CLI::App& command, std::string& path) {
  command.add_option("-d,--database", path, "the survey's database (SQLite)")->type_name("DB")->required();
}

ExitStatus complain_of_store(Console& console, const std::string& path, const data::StoreError& error) {
  console.complain(fmt::format("--database: '{}': {}", printable(path), printable(error.message)));
  switch (error.kind) {
    case data::StoreError::Kind::kNotFound:
    case data::StoreError::Kind::kNotOurs:
    case data::StoreError::Kind::kNewer:
    case data::StoreError::Kind::kReadOnly:
    case data::StoreError::Kind::kConflict:
      return ExitStatus::kUsage;
    case data::StoreError::Kind::kBusy:
    case data::StoreError::Kind::kFull:
    case data::StoreError::Kind::kCorrupt:
    case data::StoreError::Kind::kIo:
      return ExitStatus::kFault;
  }
  return ExitStatus::kFault;
}

ExitStatus complain_of_open(Console& console, const std::string& path, const data::StoreError& error) {
  const ExitStatus status = complain_of_store(console, path, error);
  return error.kind == data::StoreError::Kind::kIo ? ExitStatus::kUsage : status;
}

}  // namespace dauth::scanner::cli

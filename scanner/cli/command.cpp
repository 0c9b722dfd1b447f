#include "scanner/cli/command.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "data/month.h"
#include "scanner/cli/accepted_by.h"
#include "scanner/cli/resolver_options.h"

namespace dauth::scanner::cli {

void add_database_option(CLI::App& command, std::string& path) {
  command.add_option("-d,--database", path, "the survey's database (SQLite)")->type_name("DB")->required();
}

CLI::Validator is_month() {
  return accepted_by(
      [](const std::string& text) -> Result<void, std::string> {
        if (data::Month::from_text(text)) return {};
        return unexpected(fmt::format("'{}' is no month (YYYY-MM)", text));
      },
      "");
}

CLI::Option* add_month_option(CLI::App& command, std::string& month, const std::string& description) {
  return command.add_option("-m,--month", month, description)->type_name("MONTH")->check(is_month());
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

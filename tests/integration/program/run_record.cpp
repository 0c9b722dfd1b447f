#include "tests/integration/program/run_record.h"

#include "tests/integration/program/dauth_program.h"

namespace dauth::testing {

nlohmann::json first_run(const std::string& database) {
  const ProcessResult runs = dauth({"runs", "-d", database, "--format", "json"});
  if (runs.status() != 0) return nlohmann::json::object();
  const auto list = nlohmann::json::parse(runs.out);
  return list.empty() ? nlohmann::json::object() : list[0];
}

std::uint64_t surveyed_names(const std::string& database) {
  return first_run(database).value("surveyed", std::uint64_t{0});
}

}  // namespace dauth::testing

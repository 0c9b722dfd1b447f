#include "tests/support/json_schema.h"

#include <vector>

#include "tests/support/child_process.h"

namespace dauth::testing {
namespace {

::testing::AssertionResult run_script(std::vector<std::string> arguments, const std::string& input) {
  ProcessOptions options;
  options.arguments = {"/usr/bin/python3", DAUTH_SOURCE_DIR "/tests/support/json_schema.py"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  options.input = input;
  const ProcessResult result = run_program(options);
  if (result.status() == 0) return ::testing::AssertionSuccess();
  // Without python3-jsonschema nothing was held against anything: that is no success.
  return ::testing::AssertionFailure()
         << "by " << arguments.back() << ":\n"
         << result.out << result.err << (input.size() < 2000 ? "the text: " + input : std::string());
}

}  // namespace

std::filesystem::path check_schemas() {
  return DAUTH_SOURCE_DIR "/docs/check-json";
}

::testing::AssertionResult holds_to_schema(const std::string& json, const std::string& schema,
                                           const std::filesystem::path& directory) {
  return run_script({"validate", directory, schema}, json);
}

::testing::AssertionResult are_good_schemas(const std::filesystem::path& directory) {
  return run_script({"lint", directory}, {});
}

}  // namespace dauth::testing

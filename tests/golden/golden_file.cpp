#include "tests/golden/golden_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

std::string_view line_at(std::string_view text, std::size_t offset) {
  const std::size_t start = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
  return text.substr(start, text.find('\n', offset) - start);
}

}  // namespace

::testing::AssertionResult equals_golden(std::string_view file, std::string_view text) {
  const std::filesystem::path path = std::filesystem::path(DAUTH_GOLDEN_EXPECTED) / file;
  const char* update = std::getenv("DAUTH_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::filesystem::create_directories(path.parent_path());
    write_file(path, text);
    return ::testing::AssertionSuccess();
  }
  if (!std::filesystem::exists(path)) return ::testing::AssertionFailure() << "there is no " << path;
  const std::string expected = read_file(path);
  if (expected == text) return ::testing::AssertionSuccess();
  const auto differs = std::mismatch(expected.begin(), expected.end(), text.begin(), text.end());
  const auto offset = static_cast<std::size_t>(differs.first - expected.begin());
  const auto line = std::count(expected.begin(), differs.first, '\n') + 1;
  return ::testing::AssertionFailure()
         << file << " differs from line " << line << " on:\n  expected " << line_at(expected, offset)
         << "\n  but is   " << line_at(text, offset);
}

}  // namespace dauth::testing

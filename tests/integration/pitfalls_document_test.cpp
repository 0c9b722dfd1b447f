// docs/pitfalls.md promises a test in each row: the tests that it names must exist.
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <sstream>

#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

TEST(PitfallsDocument, NamesTestsThatExist) {
  const std::filesystem::path root = DAUTH_SOURCE_DIR;
  // `Suite.Case` or `conversation`, and its file.
  const std::regex reference("`([A-Za-z0-9.-]+)` \\(`(tests/[^`]+)`\\)");
  std::istringstream document(read_file(root / "docs/pitfalls.md"));
  std::size_t rows = 0;
  for (std::string line; std::getline(document, line);) {
    if (!line.starts_with("| ") || line.starts_with("| --- ") || line.starts_with("| what ")) continue;
    ++rows;
    std::size_t references = 0;
    for (std::sregex_iterator each(line.begin(), line.end(), reference), end; each != end; ++each) {
      ++references;
      const std::string name = (*each)[1];
      const std::filesystem::path file = root / (*each)[2].str();
      ASSERT_TRUE(std::filesystem::exists(file)) << file;
      const std::size_t dot = name.find('.');
      if (dot == std::string::npos) {
        EXPECT_EQ(file.filename(), name + ".replay");
        continue;
      }
      const std::regex test("TEST(_F|_P)?\\(" + name.substr(0, dot) + ", " + name.substr(dot + 1) + "\\)");
      EXPECT_TRUE(std::regex_search(read_file(file), test)) << name << " is not in " << file;
    }
    EXPECT_GT(references, 0U) << "no test: " << line;
  }
  EXPECT_GT(rows, 20U);
}

}  // namespace
}  // namespace dauth::testing

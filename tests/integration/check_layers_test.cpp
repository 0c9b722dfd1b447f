// scripts/check-layers on small trees: what it must reject, and what it must let through.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class CheckLayers : public ::testing::Test {
 protected:
  void add(const std::string& path, const std::string& text) {
    std::filesystem::create_directories((tree_.path() / path).parent_path());
    write_file(tree_.path() / path, text);
  }

  ProcessResult check() {
    ProcessOptions options;
    options.arguments = {DAUTH_CHECK_LAYERS, tree_.path().string()};
    return run_program(options);
  }

  TemporaryDirectory tree_;
};

TEST_F(CheckLayers, TheRepositoryKeepsItsLayers) {
  ProcessOptions options;
  options.arguments = {DAUTH_CHECK_LAYERS};
  const ProcessResult result = run_program(options);
  EXPECT_EQ(result.status(), 0) << result.err;
}

TEST_F(CheckLayers, AllowsWhatStandsToTheLeft) {
  add("resolver/stub_resolver.h", "#include \"resolver/dns/message.h\"\n#include \"resolver/net/loop.h\"\n");
  add("resolver/net/loop.cpp", "#include <uv.h>\n#include \"resolver/dns/question.h\"\n");
  add("scanner/cli/main.cpp", "#include <CLI/CLI.hpp>\n#include \"report/table.h\"\n");
  add("tests/unit/report/table_test.cpp", "#include <gtest/gtest.h>\n#include \"report/table.h\"\n");
  const ProcessResult result = check();
  EXPECT_EQ(result.status(), 0) << result.err;
}

TEST_F(CheckLayers, RejectsAnEdgeAgainstTheLayers) {
  add("resolver/dns/message.cpp", "// fine\n#include \"data/store.h\"\n");
  const ProcessResult result = check();
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("resolver/dns/message.cpp:2: resolver/dns may not include data"));
}

TEST_F(CheckLayers, RejectsReportAndScannerReachingIntoEachOther) {
  add("report/table.cpp", "#include \"scanner/survey/survey_run.h\"\n");
  add("scanner/survey/survey_run.cpp", "#  include \"report/table.h\"\n");
  const ProcessResult result = check();
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("report/table.cpp:1: report may not include scanner/survey"));
  EXPECT_THAT(result.err,
              HasSubstr("scanner/survey/survey_run.cpp:1: scanner/survey may not include report"));
}

TEST_F(CheckLayers, RejectsALibraryOutsideItsPlace) {
  add("scanner/probe/mx_probe.cpp", "#include <ldns/ldns.h>\n");
  add("report/table.cpp", "#include <sqlite3.h>\n");
  add("data/store_reader.cpp", "#include <sqlite3.h>\n");
  const ProcessResult result = check();
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("scanner/probe/mx_probe.cpp:1: ldns (ldns/ldns.h)"));
  EXPECT_THAT(result.err, HasSubstr("report/table.cpp:1: SQLite (sqlite3.h)"));
  EXPECT_THAT(result.err, Not(HasSubstr("store_reader")));
}

TEST_F(CheckLayers, RejectsAProgramThatNeedsItsTestsAndRelativePaths) {
  add("data/store.cpp", "#include \"tests/support/fake_clock.h\"\n#include \"store.h\"\n");
  const ProcessResult result = check();
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("data/store.cpp:1: the program may not include its tests"));
  EXPECT_THAT(result.err, HasSubstr("data/store.cpp:2: \"store.h\" is not written from the root"));
}

TEST_F(CheckLayers, AnEmptyTreeIsNoSuccess) {
  EXPECT_EQ(check().status(), 2);
}

}  // namespace
}  // namespace dauth::testing

// A scan of the served registry that tests stop when some of its rows are committed.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/integration/program/run_record.h"
#include "tests/integration/program/served_registry.h"

namespace dauth::testing {

class StoppableScan : public ::testing::Test {
 protected:
  // At 1,500 questions a second it takes some seconds; "0" is no limit.
  std::vector<std::string> scan_arguments(const std::string& rate,
                                          const std::string& list = served_registry().files().list) const {
    return {"scan",
            list,
            "-d",
            database,
            "-m",
            "2026-11",
            "--resolver",
            served_registry().resolver(),
            "--second-pass-after",
            "100ms",
            "--qps",
            rate};
  }

  std::uint64_t surveyed() const { return surveyed_names(database); }

  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

}  // namespace dauth::testing

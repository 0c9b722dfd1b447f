// Real lists, records and zones, served on loopback. What they hold is counted by real_data.py, by other
// means than the scanner's parsers. Skipped, loudly, where DAUTH_DATA is not set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/integration/program/served_registry.h"

namespace dauth::testing {
namespace {

using ::testing::HasSubstr;

class RealData : public ::testing::Test {
 protected:
  void SetUp() override {
    data = real_data_directory();
    if (data.empty()) GTEST_SKIP() << "NOT TESTED: DAUTH_DATA is not set";
  }

  void prepare(const std::string& what) const {
    const ProcessResult result =
        run({"/usr/bin/python3", DAUTH_SOURCE_DIR "/tests/integration/program/real_data.py", what, data,
             directory.path()});
    ASSERT_EQ(result.status(), 0) << result.err;
  }
  nlohmann::json last_run() const {
    return nlohmann::json::parse(dauth({"runs", "-d", database, "--format", "json"}).out).back();
  }
  // The columns of expected.tsv beside those of the export; a row that the file marks "-" is not judged.
  void expect_findings(const CsvTable& found) const {
    std::map<std::string, std::size_t> rows;
    for (std::size_t i = 0; i < found.size(); ++i) rows[found.at(i, "domain")] = i;
    auto lines = split(read_file(directory.file("expected.tsv")), '\n');
    const auto columns = split(lines.front(), '\t');
    ASSERT_EQ(columns.front(), "domain");
    std::size_t domains = 0;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      if (lines[i].empty()) continue;
      const auto cells = split(lines[i], '\t');
      const auto row = rows.find(cells.front());
      ASSERT_NE(row, rows.end()) << cells.front() << " is lost";
      for (std::size_t c = 1; c < cells.size(); ++c) {
        EXPECT_EQ(found.at(row->second, columns[c]), cells[c]) << cells.front() << ' ' << columns[c];
      }
      ++domains;
    }
    EXPECT_EQ(domains, found.size());
  }

  std::filesystem::path data;
  TemporaryDirectory directory;
  const std::string database = directory.file("survey.sqlite");
};

TEST_F(RealData, PublicBodies) {
  prepare("public-bodies");
  NsdOptions nsd_options;
  nsd_options.zones = {{".", directory.file("root.zone")}};
  const NsdServer nsd(nsd_options);
  const UnboundServer unbound = UnboundServer::over(nsd.port());
  const ProcessResult result =
      dauth({"scan", directory.file("list.txt"), "-d", database, "-m", "2026-11", "--resolver",
             unbound.address(), "--categories", "suffix", "--second-pass-after", "100ms"});
  ASSERT_EQ(result.status(), 0) << result.err;
  const auto run = last_run();
  EXPECT_EQ(run["names"], 27596);
  EXPECT_EQ(run["rejected"], 2);
  EXPECT_EQ(run["unmeasured"], 0);
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.size(), 27596U);
  EXPECT_EQ(found.count({{"cause", ""}}), found.size()) << "none unmeasured";
  expect_findings(found);

  const auto expected = nlohmann::json::parse(read_file(directory.file("counts.json")));
  const CsvTable table(dauth({"report", "month", "-d", database, "--format", "csv"}).out);
  for (const std::string metric : {"mx", "spf"}) {
    std::string total;
    for (std::size_t i = 0; i < table.size(); ++i) {
      if (table.at(i, "category") == "TOTAL" && table.at(i, "metric") == metric) total = table.at(i, "count");
    }
    EXPECT_EQ(total, std::to_string(expected[metric].get<std::uint64_t>())) << metric;
    std::cerr << "public bodies: " << metric << ' ' << total << '\n';
  }
  std::cerr << result.err;
}

TEST_F(RealData, GovZoneIsReadAsAList) {
  prepare("gov");
  write_file(directory.file("root.zone"),
             ". 60 IN SOA ns.invalid. root.invalid. 1 60 60 60 60\n. 60 IN NS ns.invalid.\n");
  NsdOptions nsd_options;
  nsd_options.zones = {{".", directory.file("root.zone")}};
  const NsdServer nsd(nsd_options);
  const ProcessResult result = dauth({"scan", data / "lists/gov.czds.zone", "-d", database, "-m", "2026-11",
                                      "--resolver", nsd.address(), "--categories", "suffix"});
  ASSERT_EQ(result.status(), 0) << result.err;
  const CsvTable found = exported(database, "2026-11");
  std::string names;
  for (std::size_t i = 0; i < found.size(); ++i) names += found.at(i, "domain") + '\n';
  EXPECT_EQ(names, read_file(directory.file("names.txt"))) << "the delegated names, each once, sorted";
  EXPECT_EQ(last_run()["rejected"], 0);
  EXPECT_EQ(last_run()["questions"], found.size()) << "none of them exists here: one question each";
}

TEST_F(RealData, ZonesOfTheMinistryOfJustice) {
  prepare("zones-moj");
  NsdOptions nsd_options;
  nsd_options.zones = read_zone_index(directory.file("zones.tsv"));
  const NsdServer nsd(nsd_options);
  UnboundOptions unbound_options;
  for (const ZoneFile& zone : nsd_options.zones)
    unbound_options.stub_zones.push_back({zone.name, nsd.port()});
  const UnboundServer unbound(unbound_options);
  const ProcessResult result = dauth({"scan", directory.file("list.txt"), "-d", database, "-m", "2026-11",
                                      "--resolver", unbound.address(), "--categories", "suffix",
                                      "--second-pass-after", "100ms", "--timeout", "10s"});
  ASSERT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(last_run()["names"], 406);
  const CsvTable found = exported(database, "2026-11");
  EXPECT_EQ(found.count({{"cause", ""}}), found.size()) << "none unmeasured";
  expect_findings(found);
  std::cerr << result.err;
}

}  // namespace
}  // namespace dauth::testing

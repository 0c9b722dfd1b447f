#include "tests/integration/program/served_registry.h"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

namespace dauth::testing {
namespace {

RegistryFiles make_files(std::size_t names, const std::filesystem::path& mix,
                         const std::filesystem::path& directory) {
  RegistryOptions options;
  options.total = names;
  options.categories = read_shares(default_categories_file());
  options.kinds = read_shares(mix);
  return write_registry(make_registry(options), options.seed, directory);
}

NsdOptions nsd_options(const std::filesystem::path& zones) {
  NsdOptions options;
  options.zones = read_zone_index(zones);
  return options;
}

}  // namespace

ServedRegistry::ServedRegistry(std::size_t names, const std::filesystem::path& mix)
    : files_(make_files(names, mix, directory_.path())),
      nsd_(nsd_options(files_.zones)),
      unbound_(UnboundServer::over(nsd_.port())) {}

CsvTable exported(const std::string& database, const std::string& month) {
  const ProcessResult result = dauth({"export", "-d", database, "-m", month});
  if (result.status() != 0) throw std::runtime_error("export: " + result.err);
  return CsvTable(result.out);
}

ServedRegistry& served_registry() {
  static ServedRegistry registry(2000);
  return registry;
}

void expect_truth(const CsvTable& found, const CsvTable& truth) {
  std::map<std::string, std::size_t> rows;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_TRUE(rows.insert({found.at(i, "domain"), i}).second) << "two rows of " << found.at(i, "domain");
  }
  ASSERT_EQ(found.size(), truth.size());
  std::size_t compared = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = rows.find(truth.at(i, "domain"));
    ASSERT_NE(row, rows.end()) << truth.at(i, "domain") << " is lost";
    for (const std::string& column : truth.columns()) {
      if (!found.has_column(column)) continue;
      EXPECT_EQ(found.at(row->second, column), truth.at(i, column))
          << truth.at(i, "domain") << " (" << truth.at(i, "kind") << ") " << column;
      ++compared;
    }
  }
  EXPECT_GT(compared, truth.size() * 15);
}

}  // namespace dauth::testing

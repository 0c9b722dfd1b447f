#include "tests/integration/program/served_registry.h"

#include <stdexcept>

namespace dauth::testing {
namespace {

RegistryFiles make_files(std::size_t names, const std::filesystem::path& directory) {
  RegistryOptions options;
  options.total = names;
  options.categories = read_shares(default_categories_file());
  options.kinds = read_shares(mix_file_2006());
  return write_registry(make_registry(options), options.seed, directory);
}

NsdOptions nsd_options(const std::filesystem::path& zones) {
  NsdOptions options;
  options.zones = read_zone_index(zones);
  return options;
}

}  // namespace

ServedRegistry::ServedRegistry(std::size_t names)
    : files_(make_files(names, directory_.path())),
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

}  // namespace dauth::testing

// dauth-generate-registry: makes a registry to survey. stdout: what was made, one line a category.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include "tests/support/registry/registry.h"

namespace {

using namespace dauth::testing;

std::filesystem::path mix_file(const std::string& mix) {
  if (mix == "2006") return mix_file_2006();
  if (mix == "present") return mix_file_present();
  return mix;
}

int generate(const RegistryOptions& options, const std::filesystem::path& directory) {
  const std::vector<RegisteredDomain> domains = make_registry(options);
  write_registry(domains, options.seed, directory);
  std::map<std::string, std::size_t> by_category;
  for (const RegisteredDomain& domain : domains) ++by_category[domain.category];
  fmt::print("category,names\n");
  for (const auto& [category, names] : by_category) fmt::print("{},{}\n", category, names);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    CLI::App app(
        "Makes a registry of domains to survey: the list, the zones to serve, and what a survey must find.",
        "dauth-generate-registry");
    RegistryOptions options;
    std::filesystem::path directory;
    std::string counts = default_categories_file().string();
    std::string mix = "2006";
    bool list_kinds = false;
    auto* output = app.add_option("-o,--output", directory, "Directory for the files");
    app.add_option("--total", options.total, "Names to make")->capture_default_str();
    app.add_option("--seed", options.seed, "Same seed, same registry")->capture_default_str();
    app.add_option("--counts", counts, "Table category,names whose proportions are kept")
        ->capture_default_str();
    app.add_option("--mix", mix, "2006, present, or a table kind,percent")->capture_default_str();
    auto* kinds = app.add_flag("--kinds", list_kinds, "Print the kinds of domain and end");
    output->excludes(kinds);
    CLI11_PARSE(app, argc, argv);
    if (list_kinds) {
      for (const DomainKind& kind : domain_kinds()) fmt::print("{}\n", kind.name);
      return 0;
    }
    if (directory.empty()) {
      fmt::print(stderr, "dauth-generate-registry: --output is missing\n");
      return 2;
    }
    options.categories = read_shares(counts);
    options.kinds = read_shares(mix_file(mix));
    return generate(options, directory);
  } catch (const std::exception& error) {
    fmt::print(stderr, "dauth-generate-registry: {}\n", error.what());
    return 1;
  }
}

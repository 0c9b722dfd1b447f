#include "tests/support/registry/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <unordered_set>

#include "tests/support/registry/names.h"
#include "tests/support/registry/punycode.h"
#include "tests/support/registry/random.h"

namespace dauth::testing {
namespace {

constexpr std::string_view kFillingKind = "mx_only";

// How many names each kind gets: at least the minimum, else its share in percent, the rest of a plain kind.
std::vector<const DomainKind*> choose_kinds(const RegistryOptions& options) {
  std::vector<Share> shares;
  for (const DomainKind& kind : domain_kinds()) shares.push_back({std::string(kind.name), 0});
  double given = 0;
  for (const Share& wanted : options.kinds) {
    const auto found = std::find_if(shares.begin(), shares.end(),
                                    [&](const Share& share) { return share.name == wanted.name; });
    if (found == shares.end()) throw std::runtime_error("no such kind: " + wanted.name);
    if (found->name == kFillingKind) continue;
    found->weight = wanted.weight;
    given += wanted.weight;
  }
  if (given > 100) throw std::runtime_error(fmt::format("the kinds' shares add up to {} %", given));
  const auto filling = std::find_if(shares.begin(), shares.end(),
                                    [](const Share& share) { return share.name == kFillingKind; });
  filling->weight = 100 - given;

  std::vector<const DomainKind*> kinds;
  for (const Quota& quota : divide(shares, options.total, options.least_of_kind)) {
    kinds.insert(kinds.end(), quota.count, find_domain_kind(quota.name));
  }
  return kinds;
}

std::string as_listed(const std::string& u_name, const std::string& a_name, Random& random) {
  if (u_name != a_name) return random.one_in(2) ? u_name : a_name;
  if (!random.one_in(30)) return a_name;
  std::string upper = a_name;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  }
  return random.one_in(2) ? upper + "." : upper;
}

}  // namespace

std::filesystem::path default_categories_file() {
  return std::filesystem::path(DAUTH_REGISTRY_TABLES) / "registry-2006.csv";
}

std::filesystem::path mix_file_2006() {
  return std::filesystem::path(DAUTH_REGISTRY_TABLES) / "mix-2006.csv";
}

std::filesystem::path mix_file_present() {
  return std::filesystem::path(DAUTH_REGISTRY_TABLES) / "mix-present.csv";
}

std::vector<RegisteredDomain> make_registry(const RegistryOptions& options) {
  Random random(options.seed);
  std::vector<std::string> categories;
  for (const Quota& quota : divide(options.categories, options.total, options.least_of_category)) {
    categories.insert(categories.end(), quota.count, quota.name);
  }
  random.shuffle(categories);
  std::vector<const DomainKind*> kinds = choose_kinds(options);
  random.shuffle(kinds);

  // The long shapes are names of GENERAL: where one fell on another category, it changes places with
  // another.
  const auto is_shaped = [](const DomainKind* kind) { return kind->shape != NameShape::kOrdinary; };
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (!is_shaped(kinds[i]) || categories[i] == "GENERAL") continue;
    const std::size_t start = random.below(kinds.size());
    std::size_t step = 0;
    const auto place = [&] { return (start + step) % kinds.size(); };
    while (step < kinds.size() && (categories[place()] != "GENERAL" || is_shaped(kinds[place()]))) ++step;
    if (step == kinds.size()) throw std::runtime_error("too few names of GENERAL for the long names");
    std::swap(kinds[i], kinds[place()]);
  }

  NameMaker names(random);
  std::vector<RegisteredDomain> domains;
  domains.reserve(options.total);
  for (std::size_t i = 0; i < options.total; ++i) {
    const std::string u_name = names.make(categories[i], kinds[i]->shape);
    const std::string a_name = to_a_name(u_name);
    domains.push_back({a_name, as_listed(u_name, a_name, random), categories[i], kinds[i]});
  }
  return domains;
}

}  // namespace dauth::testing

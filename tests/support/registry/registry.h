// A registry of our own making: a list of domains, the zones that hold what they publish, and the truth that
// a survey of them must come to. The same options give the same files on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/registry/domain_kinds.h"
#include "tests/support/registry/shares.h"

namespace dauth::testing {

struct RegistryOptions {
  std::size_t total = 2000;  // names
  std::uint64_t seed = 2006;
  std::vector<Share> categories;  // code and weight
  std::vector<Share> kinds;       // kind and share in percent; mx_only takes what is left
  std::size_t least_of_category = 5;
  std::size_t least_of_kind = 2;
};

// The tables that come with the generator: categories in the proportions of January 2006; the mix of kinds
// of that year, and one of the present day.
std::filesystem::path default_categories_file();
std::filesystem::path mix_file_2006();
std::filesystem::path mix_file_present();

struct RegisteredDomain {
  std::string domain;  // A-labels, lower case, without the last dot
  std::string listed;  // as it stands in the list: perhaps U-labels or upper case
  std::string category;
  const DomainKind* kind = nullptr;
};

// The domains in the order of the list, which follows neither name nor kind. Throws std::runtime_error where
// the options contradict each other.
std::vector<RegisteredDomain> make_registry(const RegistryOptions& options);

// Where write_registry puts what, inside its directory.
struct RegistryFiles {
  explicit RegistryFiles(const std::filesystem::path& directory);
  std::filesystem::path list;           // list.txt: the names, as a person would keep them
  std::filesystem::path registry_zone;  // registry.zone: what a registry hands out, NS, DS and glue
  std::filesystem::path zones;          // zones.tsv: name<TAB>file of each zone to be served
  std::filesystem::path truth;          // truth.csv: a row a domain, columns as `dauth export` names them
  std::filesystem::path counts;         // counts.csv: category,metric,count
  std::filesystem::path
      mx_hosts;  // mx-hosts.csv: domain,mx_ipv6,mx_no_address, what the probe mx-hosts finds
};

// Writes the files; `seed` chooses name servers, glue and the like in registry.zone.
RegistryFiles write_registry(const std::vector<RegisteredDomain>& domains, std::uint64_t seed,
                             const std::filesystem::path& directory);

}  // namespace dauth::testing

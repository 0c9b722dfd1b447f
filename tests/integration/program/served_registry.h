// A registry, its name servers and a database: what most tests of the program begin with.
#pragma once

#include <string>
#include <vector>

#include "tests/integration/program/dauth_program.h"
#include "tests/support/nsd_server.h"
#include "tests/support/registry/registry.h"
#include "tests/support/temporary_directory.h"
#include "tests/support/unbound_server.h"

namespace dauth::testing {

// A generated registry, served by NSD and asked through Unbound.
class ServedRegistry {
 public:
  explicit ServedRegistry(std::size_t names, const std::filesystem::path& mix = mix_file_2006());

  const RegistryFiles& files() const { return files_; }
  std::string resolver() const { return unbound_.address(); }
  std::string authoritative() const { return nsd_.address(); }
  std::uint16_t authoritative_port() const { return nsd_.port(); }

 private:
  TemporaryDirectory directory_;
  RegistryFiles files_;
  NsdServer nsd_;
  UnboundServer unbound_;
};

// The findings of a month, as CSV.
CsvTable exported(const std::string& database, const std::string& month);

// One for each test program; made at the first call.
ServedRegistry& served_registry();

// Expects the truth in every column that it shares with the export, of every domain.
void expect_truth(const CsvTable& found, const CsvTable& truth);

}  // namespace dauth::testing

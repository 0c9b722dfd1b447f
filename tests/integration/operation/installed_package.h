// The Debian package as cpack makes it from this build, and a root of its own to install it into.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temporary_directory.h"

namespace dauth::testing {

// A script of bash that ends at the first failure. `arguments` are $1, $2, ...
ProcessResult shell(const std::string& script, const std::vector<std::string>& arguments = {},
                    std::chrono::milliseconds limit = std::chrono::seconds(120));

// Makes the package inside `directory` and gives its path; throws where cpack fails.
std::filesystem::path make_package(const TemporaryDirectory& directory);

// dpkg with a root and a database of packages of its own. Nothing of the machine's is touched. Dependencies
// are not there; maintainer scripts run with DPKG_ROOT.
class PackageRoot {
 public:
  explicit PackageRoot(std::filesystem::path root);
  const std::filesystem::path& path() const { return root_; }
  std::filesystem::path file(const std::string& absolute) const { return root_ / absolute.substr(1); }
  ProcessResult dpkg(const std::vector<std::string>& arguments) const;
  // Files and directories that are there, as "/etc/dauth.toml", without dpkg's own and those of users and
  // groups.
  std::vector<std::string> contents() const;

 private:
  std::filesystem::path root_;
};

}  // namespace dauth::testing

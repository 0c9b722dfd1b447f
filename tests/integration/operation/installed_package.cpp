#include "tests/integration/operation/installed_package.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

namespace dauth::testing {

ProcessResult shell(const std::string& script, const std::vector<std::string>& arguments,
                    std::chrono::milliseconds limit) {
  ProcessOptions options;
  options.arguments = {"bash", "-euc", script, "bash"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  return run_program(options, limit);
}

std::filesystem::path make_package(const TemporaryDirectory& directory) {
  const ProcessResult result =
      shell("cd \"$1\"; umask 022; cpack -G DEB --config '" DAUTH_BINARY_DIR
            "/CPackConfig.cmake' -B \"$1\" >cpack.log 2>&1 || { cat cpack.log; exit 1; }",
            {directory.path()});
  if (result.status() != 0) throw std::runtime_error("cpack: " + result.out + result.err);
  const auto package = directory.file("dauth_" DAUTH_VERSION "_amd64.deb");
  if (!std::filesystem::exists(package)) throw std::runtime_error("cpack made no " + package.string());
  return package;
}

PackageRoot::PackageRoot(std::filesystem::path root) : root_(std::move(root)) {
  std::filesystem::create_directories(root_ / "var/lib/dpkg/info");
  std::filesystem::create_directories(root_ / "var/lib/dpkg/updates");
  std::filesystem::create_directories(root_ / "var/log");
  write_file(root_ / "var/lib/dpkg/status", "");
}

ProcessResult PackageRoot::dpkg(const std::vector<std::string>& arguments) const {
  ProcessOptions options;
  // Files belong to root in it, as dpkg wants it.
  if (geteuid() != 0) options.arguments = {"fakeroot"};
  options.arguments.insert(
      options.arguments.end(),
      {"dpkg", "--root=" + root_.string(), "--log=" + (root_ / "var/log/dpkg.log").string(),
       "--force-depends", "--force-not-root", "--force-script-chrootless"});
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  return run_program(options);
}

std::vector<std::string> PackageRoot::contents() const {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_)) {
    const std::string path = "/" + std::filesystem::relative(entry.path(), root_).string();
    const auto below = [&](const std::string& directory) {
      return path == directory || path.starts_with(directory + "/");
    };
    if (below("/var/lib/dpkg") || below("/var/log")) continue;
    if (path.starts_with("/etc/passwd") || path.starts_with("/etc/group") ||
        path.starts_with("/etc/shadow") || path.starts_with("/etc/gshadow") || path == "/etc/.pwd.lock")
      continue;
    if (path == "/etc" || path == "/var" || path == "/var/lib") continue;
    paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace dauth::testing

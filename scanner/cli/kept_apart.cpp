#include "scanner/cli/kept_apart.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <system_error>

namespace dauth::scanner::cli {
namespace {

constexpr std::string_view kDatabase = "--database";

bool is_file(const NamedPath& named) {
  if (named.path.empty() || named.path == "-") return false;
  struct stat there{};
  return stat(named.path.c_str(), &there) != 0 || S_ISREG(there.st_mode);
}

bool are_one(const std::string& a, const std::string& b) {
  const auto of_a = FileIdentity::of(a);
  const auto of_b = FileIdentity::of(b);
  if (of_a && of_b) return *of_a == *of_b;
  if (of_a || of_b) return false;
  // Neither is there yet.
  std::error_code error;
  const auto real_a = std::filesystem::weakly_canonical(a, error);
  if (error) return a == b;
  const auto real_b = std::filesystem::weakly_canonical(b, error);
  return error ? a == b : real_a == real_b;
}

}  // namespace

std::optional<FileIdentity> FileIdentity::of(const std::string& path) {
  struct stat there{};
  if (stat(path.c_str(), &there) != 0) return std::nullopt;
  return FileIdentity(there.st_dev, there.st_ino);
}

std::optional<std::string> clash_of(const std::vector<NamedPath>& outputs,
                                    const std::vector<NamedPath>& inputs, const std::string& database) {
  std::vector<NamedPath> others = inputs;
  for (const char* suffix : {"", "-wal", "-shm", "-journal", ".lock"})
    others.push_back({std::string(kDatabase), database + suffix});
  for (const NamedPath& output : outputs) {
    if (!is_file(output)) continue;
    for (const NamedPath& other : others) {
      if (is_file(other) && are_one(output.path, other.path)) {
        return fmt::format("{}: '{}' is also a file of {} ('{}'); give it one of its own", output.option,
                           output.path, other.option, other.path);
      }
    }
    others.push_back(output);
  }
  return std::nullopt;
}

std::optional<std::string> several_names(std::string_view database) {
  struct stat there{};
  if (stat(std::string(database).c_str(), &there) != 0 || !S_ISREG(there.st_mode) || there.st_nlink < 2)
    return std::nullopt;
  return fmt::format(
      "{}: '{}' has {} names (hard links), and a program that uses another one could not see this one's "
      "locks; leave it one name, a copy is made with sqlite3's .backup",
      kDatabase, database, there.st_nlink);
}

}  // namespace dauth::scanner::cli

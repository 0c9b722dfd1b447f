#include "scanner/cli/database_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include "scanner/cli/command.h"
#include "scanner/cli/kept_apart.h"

namespace dauth::scanner::cli {
namespace {

std::string holder_in(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t length = pread(descriptor, text.data(), text.size(), 0);
  std::string digits(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  digits.erase(std::find_if(digits.begin(), digits.end(), [](char c) { return c < '0' || c > '9'; }),
               digits.end());
  return digits.empty() ? "another process" : "process " + digits;
}

}  // namespace

Result<DatabaseLock, DatabaseLock::Refusal> DatabaseLock::acquire(const std::string& database_path) {
  // By one name for the file, also where links lead to it.
  std::error_code unresolved;
  const std::filesystem::path real = std::filesystem::weakly_canonical(database_path, unresolved);
  const std::string path = (unresolved ? database_path : real.string()) + ".lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) {
    return unexpected(
        Refusal{false, fmt::format("--database: cannot create '{}': {}", path, std::strerror(errno))});
  }
  DatabaseLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return unexpected(
          Refusal{false, fmt::format("--database: cannot lock '{}': {}", path, std::strerror(errno))});
    }
    return unexpected(
        Refusal{true, fmt::format("another dauth ({}) holds '{}'", holder_in(descriptor), database_path)});
  }
  // For the message of the next one; the lock stands without it.
  const std::string holder = fmt::format("{}\n", getpid());
  if (ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const ssize_t written = pwrite(descriptor, holder.data(), holder.size(), 0);
  }
  return lock;
}

DatabaseLock::DatabaseLock(DatabaseLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

DatabaseLock::~DatabaseLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

Result<DatabaseLock, ExitStatus> lock_database(Console& console, const std::string& path,
                                               data::OpenMode mode) {
  if (std::error_code error;
      mode != data::OpenMode::kCreate && !std::filesystem::exists(path, error) && !error) {
    return unexpected(complain_of_open(console, path, {data::StoreError::Kind::kNotFound, "no such file"}));
  }
  if (const auto problem = several_names(path)) {
    console.complain(printable(*problem));
    return unexpected(ExitStatus::kUsage);
  }
  auto lock = DatabaseLock::acquire(path);
  if (lock) return std::move(*lock);
  console.complain(printable(lock.error().message));
  return unexpected(lock.error().held_by_another ? ExitStatus::kLocked : ExitStatus::kUsage);
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace dauth::scanner::cli {
namespace {

std::string complaint(std::string_view path) {
  return fmt::format("--output: '{}': {}", path, std::strerror(errno));
}

// The mode that open(2) would have given a new file.
mode_t mode_by_umask() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

}  // namespace

OutputFile::OutputFile(std::string path, std::string temporary, int descriptor)
    : path_(std::move(path)), temporary_(std::move(temporary)), descriptor_(descriptor) {}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<OutputFile, std::string> OutputFile::create(const std::string& given_path) {
  std::error_code unresolved;
  const std::filesystem::path real = std::filesystem::weakly_canonical(given_path, unresolved);
  const std::string path = unresolved ? given_path : real.string();
  struct stat there{};
  if (stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    const int device = open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (device < 0) return unexpected(complaint(given_path));
    return OutputFile(path, {}, device);
  }
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkstemp(temporary.data());
  if (descriptor < 0) return unexpected(complaint(given_path));
  OutputFile file(path, std::move(temporary), descriptor);
  if (fchmod(descriptor, mode_by_umask()) != 0) return unexpected(complaint(path));
  return file;
}

Result<void, std::string> OutputFile::write(std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = ::write(descriptor_, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return unexpected(complaint(path_));
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void, std::string> OutputFile::commit() {
  if (temporary_.empty()) {
    // A device has nothing to be forced to a disk and keeps its place.
    if (close(std::exchange(descriptor_, -1)) != 0) return unexpected(complaint(path_));
    return {};
  }
  if (fsync(descriptor_) != 0 || close(std::exchange(descriptor_, -1)) != 0 ||
      std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return unexpected(complaint(path_));
  }
  temporary_.clear();
  return {};
}

ExitStatus write_output(Console& console, const std::string& path, std::string_view data) {
  if (path.empty()) {
    if (write_stdout(data) && flush_stdout()) return ExitStatus::kDone;
    console.complain_of_stdout();
    return ExitStatus::kFault;
  }
  auto file = OutputFile::create(path);
  if (!file) {
    console.complain(printable(file.error()));
    return ExitStatus::kUsage;
  }
  auto result = file->write(data);
  if (result) result = file->commit();
  if (result) return ExitStatus::kDone;
  console.complain(printable(result.error()));
  return ExitStatus::kFault;
}

}  // namespace dauth::scanner::cli

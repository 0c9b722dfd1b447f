#include "scanner/list/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "scanner/list/packed_source.h"

namespace dauth::scanner {
namespace {

enum class Ownership { kOwned, kBorrowed };

class FileSource final : public ByteSource {
 public:
  FileSource(int descriptor, Ownership ownership, StopReading stop)
      : descriptor_(descriptor), ownership_(ownership), stop_(std::move(stop)) {
    // A file never keeps its reader waiting for somebody else.
    struct stat status{};
    if (::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode)) stop_ = {};
  }
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (ownership_ == Ownership::kOwned) ::close(descriptor_);
  }

  Result<std::size_t, std::string> read(std::span<char> room) override {
    for (;;) {
      if (stop_ && !wait_for_data()) return unexpected<std::string>("reading was stopped");
      const ssize_t got = ::read(descriptor_, room.data(), room.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return unexpected<std::string>(std::strerror(errno));
    }
  }

 private:
  // False where it was stopped before there was any.
  bool wait_for_data() const {
    constexpr int kMilliseconds = 100;
    pollfd waited{descriptor_, POLLIN, 0};
    while (::poll(&waited, 1, kMilliseconds) <= 0) {
      if (stop_()) return false;
    }
    return true;
  }

  int descriptor_;
  Ownership ownership_;
  StopReading stop_;
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string octets) : octets_(std::move(octets)) {}

  Result<std::size_t, std::string> read(std::span<char> room) override {
    const std::size_t count = octets_.copy(room.data(), room.size(), at_);
    at_ += count;
    return count;
  }

 private:
  std::string octets_;
  std::size_t at_ = 0;
};

// Gives back what was read to look at, then the rest.
class PrefixedSource final : public ByteSource {
 public:
  PrefixedSource(std::string prefix, std::unique_ptr<ByteSource> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}

  Result<std::size_t, std::string> read(std::span<char> room) override {
    if (at_ == prefix_.size()) return rest_->read(room);
    const std::size_t count = prefix_.copy(room.data(), room.size(), at_);
    at_ += count;
    return count;
  }

 private:
  std::string prefix_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

// A frame of data, or a skippable one (RFC 8878 section 3.1.2), which pzstd writes first.
bool begins_as_zstd(std::string_view start) {
  if (start.size() < 4) return false;
  const bool skippable =
      (static_cast<unsigned char>(start[0]) & 0xf0U) == 0x50 && start.substr(1, 3) == "\x2a\x4d\x18";
  return skippable || start.starts_with("\x28\xb5\x2f\xfd");
}

}  // namespace

Result<std::unique_ptr<ByteSource>, std::string> open_byte_source(const std::string& path, StopReading stop) {
  if (path == "-") return std::make_unique<FileSource>(STDIN_FILENO, Ownership::kBorrowed, std::move(stop));
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return unexpected<std::string>(std::strerror(errno));
  auto file = std::make_unique<FileSource>(descriptor, Ownership::kOwned, std::move(stop));
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return unexpected<std::string>("is a directory");
  }
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return file;
}

std::unique_ptr<ByteSource> make_memory_source(std::string octets) {
  return std::make_unique<MemorySource>(std::move(octets));
}

Result<std::unique_ptr<ByteSource>, std::string> unpacked(std::unique_ptr<ByteSource> packed) {
  std::string start(4, '\0');
  std::size_t length = 0;
  while (length < start.size()) {
    const auto got = packed->read(std::span(start).subspan(length));
    if (!got) return unexpected(got.error());
    if (*got == 0) break;
    length += *got;
  }
  start.resize(length);
  auto whole = std::make_unique<PrefixedSource>(start, std::move(packed));
  if (start.starts_with("\x1f\x8b")) return make_gzip_source(std::move(whole));
  if (begins_as_zstd(start)) return make_zstd_source(std::move(whole));
  return whole;
}

}  // namespace dauth::scanner

// TemporaryDirectory: a directory of one test, made on construction and removed with its contents at the end.
//
// Owns the directory (mode 0700, below $TMPDIR or /tmp). Throws std::system_error where it cannot be made.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace dauth::testing {

class TemporaryDirectory {
 public:
  TemporaryDirectory();
  TemporaryDirectory(TemporaryDirectory&& other) noexcept;
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }
  // The path of a file of that name inside; the file need not be there.
  std::filesystem::path file(std::string_view name) const { return path_ / name; }
  // Writes a file inside, in place of an earlier one, and returns its path.
  std::filesystem::path write(std::string_view name, std::string_view contents) const;

 private:
  void remove() noexcept;
  std::filesystem::path path_;
};

// The whole of a file; throws std::system_error where it cannot be read.
std::string read_file(const std::filesystem::path& path);
// Writes a whole file; throws std::system_error where that fails.
void write_file(const std::filesystem::path& path, std::string_view contents);

}  // namespace dauth::testing

// Files of one command that must not be one file: an output that is renamed over the database or a list would
// destroy it without a word.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::scanner::cli {

// What a path led to, so that it is known again under whatever name.
class FileIdentity {
 public:
  // Nothing where there is no such file.
  static std::optional<FileIdentity> of(const std::string& path);
  bool operator==(const FileIdentity&) const = default;

 private:
  FileIdentity(dev_t device, ino_t inode) : device_(device), inode_(inode) {}
  dev_t device_;
  ino_t inode_;
};

struct NamedPath {
  std::string option;  // "--log", as messages name it
  std::string path;    // empty or "-": no file
};

// One line for a person where an output is also another output, an input, the database, or a file that SQLite
// or the lock keeps beside it; links are followed. Devices and named pipes may serve twice.
std::optional<std::string> clash_of(const std::vector<NamedPath>& outputs,
                                    const std::vector<NamedPath>& inputs, const std::string& database);

// One line where the database has several names (hard links): locks and the -wal file go by the name, so that
// two processes would write to it without knowing of each other (sqlite.org/howtocorrupt.html, section 2.5).
std::optional<std::string> several_names(std::string_view database);

}  // namespace dauth::scanner::cli

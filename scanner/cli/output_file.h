// Where a command's data goes: standard output, or a file that appears whole or not at all.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/result.h"
#include "scanner/cli/console.h"
#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {

// A file written beside its place and renamed into it when it is complete; until commit() nothing is seen of
// it. Behind a symbolic link it is the link's target that is replaced. What is there and no file (a device, a
// named pipe) is written to as it is, never replaced.
class OutputFile {
 public:
  static Result<OutputFile, std::string> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  Result<void, std::string> write(std::string_view data);
  Result<void, std::string> commit();

 private:
  OutputFile(std::string path, std::string temporary, int descriptor);
  std::string path_;
  std::string temporary_;
  int descriptor_;
};

// The whole of `data` to the file, or to standard output where `path` is empty.
ExitStatus write_output(Console& console, const std::string& path, std::string_view data);

}  // namespace dauth::scanner::cli

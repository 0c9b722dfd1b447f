// ScanLog: what a scan did, as JSON Lines in a file (docs/operations.md names events and fields).
//
// Owns the open file. Each line is one write(2) at the file's end: {"time": UTC with milliseconds, "level":
// "info", "warning" or "error", "event": its name, and the event's fields}. The file is made by the umask and
// never truncated. Errors: only open() has any. A line that cannot be written (a full disk, a pipe that
// nobody reads) is counted and dropped, since a log must never end or hold up a survey; the next one that can
// be says how many.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "resolver/dns/result.h"

namespace dauth::scanner::cli {

class ScanLog {
 public:
  enum class Level : std::uint8_t { kInfo, kWarning, kError };

  // Or a phrase for a person.
  static Result<ScanLog, std::string> open(const std::string& path);
  ScanLog(ScanLog&& other) noexcept;
  ScanLog& operator=(ScanLog&&) = delete;
  ~ScanLog();

  // `fields` is an object or null. Octets that are no UTF-8 become U+FFFD.
  void write(Level level, std::string_view event, const nlohmann::ordered_json& fields);

  std::uint64_t lines_lost() const { return lines_lost_; }
  const std::string& last_error() const { return last_error_; }  // of the system, for a person

 private:
  explicit ScanLog(int descriptor) : descriptor_(descriptor) {}
  bool append(std::string line);

  int descriptor_;
  bool torn_ = false;  // half of a line stands at the end
  std::uint64_t lines_lost_ = 0;
  std::uint64_t lost_and_not_told_ = 0;
  std::string last_error_;
};

}  // namespace dauth::scanner::cli

#include "scanner/cli/scan_log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>
#include <utility>

namespace dauth::scanner::cli {
namespace {

const char* level_name(ScanLog::Level level) {
  switch (level) {
    case ScanLog::Level::kInfo:
      return "info";
    case ScanLog::Level::kWarning:
      return "warning";
    case ScanLog::Level::kError:
      return "error";
  }
  return "error";
}

std::string time_text() {
  const auto now = std::chrono::system_clock::now();
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", utc, milliseconds);
}

std::string line_of(ScanLog::Level level, std::string_view event, const nlohmann::ordered_json& fields) {
  nlohmann::ordered_json line = {
      {"time", time_text()}, {"level", level_name(level)}, {"event", std::string(event)}};
  if (fields.is_object()) line.update(fields);
  return line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

Result<ScanLog, std::string> ScanLog::open(const std::string& path) {
  // Without O_NONBLOCK a pipe whose reader sleeps would hold up the survey; regular files ignore it.
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
  if (descriptor < 0) return unexpected(fmt::format("'{}': {}", path, std::strerror(errno)));
  return ScanLog(descriptor);
}

ScanLog::ScanLog(ScanLog&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      torn_(other.torn_),
      lines_lost_(other.lines_lost_),
      lost_and_not_told_(other.lost_and_not_told_),
      last_error_(std::move(other.last_error_)) {}

ScanLog::~ScanLog() {
  if (descriptor_ >= 0) close(descriptor_);
}

void ScanLog::write(Level level, std::string_view event, const nlohmann::ordered_json& fields) {
  if (lost_and_not_told_ > 0 &&
      append(line_of(Level::kWarning, "log_gap", {{"lines_lost", lost_and_not_told_}}))) {
    lost_and_not_told_ = 0;
  }
  if (append(line_of(level, event, fields))) return;
  ++lines_lost_;
  ++lost_and_not_told_;
}

bool ScanLog::append(std::string line) {
  // What could be written of an earlier line stays a line of its own.
  if (torn_) line.insert(line.begin(), '\n');
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      last_error_ = std::strerror(written < 0 ? errno : EIO);
      torn_ = torn_ || rest.size() < line.size();
      return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  torn_ = false;
  return true;
}

}  // namespace dauth::scanner::cli

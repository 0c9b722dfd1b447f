#include "scanner/cli/scan_metrics.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace dauth::scanner::cli {
namespace {

double seconds_of(ScanMetrics::Time time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

// Label values as the format wants them: backslash, quotation mark and line feed escaped.
std::string label_value(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

class Text {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = fmt::format("dauth_scan_{}", name);
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, type);
  }
  void sample(std::string_view labels, std::uint64_t value) {
    text_ += fmt::format("{}{} {}\n", name_, labels, value);
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "gauge", help);
    sample("", value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    family(name, "counter", help);
    sample("", value);
  }
  void time(std::string_view name, std::string_view help, const std::optional<ScanMetrics::Time>& value) {
    if (!value) return;
    family(name, "gauge", help);
    text_ += fmt::format("{} {:.3f}\n", name_, seconds_of(*value));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string name_;
  std::string text_;
};

void write_outcome(Text& text, const ScanMetrics& metrics) {
  text.time("start_timestamp_seconds", "When this process began.", metrics.started);
  text.time("updated_timestamp_seconds", "When this file was written.", metrics.updated);
  text.time("last_success_timestamp_seconds", "When a month was last finished that is not provisional.",
            metrics.last_success);
  text.time("end_timestamp_seconds", "When the scan ended; absent while it runs.", metrics.ended);
  if (metrics.status) {
    text.gauge("exit_status", "Exit status of the scan; absent while it runs.",
               static_cast<std::uint64_t>(*metrics.status));
  }
  if (metrics.lost) {
    text.gauge("lost", "Names of the finished month that were lost to the survey.", *metrics.lost);
  }
  if (metrics.broken) {
    text.gauge("broken", "Names of the finished month that are broken in the DNS, not lost.",
               *metrics.broken);
  }
}

}  // namespace

std::string metrics_text(const ScanMetrics& metrics) {
  Text text;
  text.family("info", "gauge", "The month of the survey and the version of the program; always 1.");
  text.sample(fmt::format("{{month=\"{}\",version=\"{}\"}}", label_value(metrics.month),
                          label_value(metrics.version)),
              1);
  text.family("state", "gauge", "What the scan is doing: 1 for that state, 0 for the others.");
  for (std::size_t i = 0; i < kScanStateNames.size(); ++i) {
    text.sample(fmt::format("{{state=\"{}\"}}", kScanStateNames[i]),
                static_cast<std::size_t>(metrics.state) == i ? 1 : 0);
  }
  text.gauge("names", "Names listed, each once.", metrics.names);
  text.gauge("list_duplicates", "Further mentions of names in the lists.", metrics.duplicates);
  text.gauge("list_rejected", "Lines of the lists that are no names.", metrics.rejected);
  text.counter("done_total", "Names of the run with a row, those of an earlier process included.",
               metrics.done);
  text.gauge("unmeasured", "Names that failed so far in this process.", metrics.unmeasured);
  text.gauge("excluded", "Names that this process asked nothing about.", metrics.excluded);
  text.gauge("second_pass_names", "Names that failed in the main pass and are asked once more.",
             metrics.second_pass_names);
  text.gauge("second_pass_done", "Of these, asked once more.", metrics.second_pass_done);
  text.gauge("open_domains", "Names that are being asked about.", metrics.open_domains);
  text.gauge("in_flight", "Questions without an outcome yet.", metrics.in_flight);
  text.counter("questions_total", "Messages sent in this process, retries included.", metrics.questions);
  text.counter("retries_total", "Questions sent again, before or after a time-out.", metrics.retries);
  text.counter("timeouts_total", "Tries that no answer came to in time.", metrics.timeouts);
  text.counter("tcp_questions_total", "Questions sent over TCP.", metrics.tcp_questions);
  text.counter("late_replies_total", "Replies that came after their time-out.", metrics.late_replies);
  text.counter("network_errors_total", "Errors of the network: refused, unreachable, broken streams.",
               metrics.network_errors);
  text.counter("resolver_rests_total", "Times that a resolver that only failed was rested.",
               metrics.rested_servers);
  write_outcome(text, metrics);
  return text.take();
}

MetricsFile::MetricsFile(const std::string& path) : given_path_(path) {
  std::error_code unresolved;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, unresolved);
  path_ = unresolved ? path : real.string();
}

Result<void, std::string> MetricsFile::write(std::string_view text) const {
  struct stat there{};
  if (stat(path_.c_str(), &there) == 0 && !S_ISREG(there.st_mode))
    return unexpected(fmt::format("'{}': is no regular file", given_path_));
  const std::string beside = path_ + ".new";
  const auto complaint = [&] { return fmt::format("'{}': {}", given_path_, std::strerror(errno)); };
  const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor < 0) return unexpected(complaint());
  bool written = true;
  while (written && !text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    written = count > 0;
    if (written) text.remove_prefix(static_cast<std::size_t>(count));
  }
  std::string error = written ? std::string() : complaint();
  // Not synced: after a crash of the machine these figures are worth nothing, and syncing every few seconds
  // would hold up the loop.
  if (close(descriptor) != 0 && error.empty()) error = complaint();
  if (error.empty() && std::rename(beside.c_str(), path_.c_str()) != 0) error = complaint();
  if (error.empty()) return {};
  unlink(beside.c_str());
  return unexpected(std::move(error));
}

}  // namespace dauth::scanner::cli

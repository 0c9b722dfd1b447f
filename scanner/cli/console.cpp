#include "scanner/cli/console.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>

#include "report/escape.h"
#include "report/utf8.h"

namespace dauth::scanner::cli {
namespace {

// A log that cannot be written (its reader gone, its disk full) must not end a survey.
void write_stderr(std::string_view text) {
  static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr));
  std::fflush(stderr);
}

}  // namespace

std::string printable(std::string_view text) {
  return report::visible_text(text);
}

std::string wrapped(std::string_view line, std::size_t indent, std::size_t width) {
  std::string text;
  std::size_t column = 0;
  // Where `text` can be broken: a blank behind which something stands; 0: nowhere.
  std::size_t last_break = 0;
  for (report::Utf8Reader reader(line); !reader.at_end();) {
    const std::string_view character = reader.next().octets;
    if (character == " " && column > indent) last_break = text.size();
    text += character;
    column += report::display_width(character);
    if (column <= width || last_break == 0) continue;
    text.replace(last_break, 1, "\n" + std::string(indent, ' '));
    column = indent + report::display_width(std::string_view(text).substr(last_break + 1 + indent));
    last_break = 0;
  }
  return text + "\n";
}

std::size_t stdout_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1) return SIZE_MAX;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ? 80 : size.ws_col;
}

Console::Console() : stderr_is_terminal_(isatty(STDERR_FILENO) == 1) {}

std::size_t Console::width() const {
  winsize size{};
  if (!stderr_is_terminal_ || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void Console::say(std::string_view line) {
  wipe_progress();
  write_stderr(fmt::format("{}\n", line));
}

void Console::complain(std::string_view line) {
  say(fmt::format("dauth: {}", line));
  if (complaint_listener_) complaint_listener_(line);
}

void Console::complain_of_stdout() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  const bool reader_is_gone = poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
  if (!reader_is_gone) complain("standard output could not be written");
}

void Console::show_progress(std::string_view line) {
  write_stderr(fmt::format("\r\x1b[K{}", line));
  progress_shown_ = true;
}

void Console::wipe_progress() {
  if (!progress_shown_) return;
  write_stderr("\r\x1b[K");
  progress_shown_ = false;
}

bool write_stdout(std::string_view data) {
  return std::fwrite(data.data(), 1, data.size(), stdout) == data.size();
}

bool flush_stdout() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace dauth::scanner::cli

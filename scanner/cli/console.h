// Console: where messages to a person go (stderr), and what is known of the terminal there.
//
// stdout is for data alone. Text that came from lists, the DNS or the command line is printed through
// printable(), so that no escape sequence reaches a terminal.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace dauth::scanner::cli {

// report::visible_text(): control characters, malformed UTF-8 and the like as \xNN, the rest as it is.
std::string printable(std::string_view text);

// A line with its LF, broken at blanks so that it fits into `width` columns; what follows a break is
// indented. A word that is longer stays whole. Columns are counted as characters.
std::string wrapped(std::string_view line, std::size_t indent, std::size_t width);

// Columns of the terminal on stdout; without one there is no end to a line.
std::size_t stdout_width();

class Console {
 public:
  Console();

  bool stderr_is_terminal() const { return stderr_is_terminal_; }
  // Columns of the terminal on stderr, 1 or more; 80 where there is none.
  std::size_t width() const;

  // One line on stderr. A progress line that stands there is wiped first and comes again with its next
  // update.
  void say(std::string_view line);
  // "dauth: " before the line.
  void complain(std::string_view line);
  // Called with each line that is complained of; an empty function: nobody is.
  void set_complaint_listener(std::function<void(std::string_view)> listener) {
    complaint_listener_ = std::move(listener);
  }

  // Says that data could not be written to stdout; nothing where the reader of a pipe has had enough
  // (`head`).
  void complain_of_stdout();

  // The line at the cursor, overwritten in place. Not longer than width() - 1, or the terminal wraps it.
  void show_progress(std::string_view line);
  void wipe_progress();

 private:
  bool stderr_is_terminal_;
  bool progress_shown_ = false;
  std::function<void(std::string_view)> complaint_listener_;
};

// Writes data to stdout; false when it cannot be written (a closed pipe, a full disk).
bool write_stdout(std::string_view data);
bool flush_stdout();

}  // namespace dauth::scanner::cli

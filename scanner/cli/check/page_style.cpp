#include "scanner/cli/check/page_style.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "scanner/cli/console.h"

namespace dauth::scanner::cli {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

PageStyle page_style_of_stdout() {
  PageStyle style;
  style.width = std::min(stdout_width(), style.width);
  const std::string_view terminal = variable("TERM");
  if (isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() && !terminal.empty() && terminal != "dumb")
    style.colour = Colour::kYes;
  return style;
}

}  // namespace dauth::scanner::cli

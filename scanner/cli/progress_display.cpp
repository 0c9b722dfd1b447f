#include "scanner/cli/progress_display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "scanner/cli/option_values.h"

namespace dauth::scanner::cli {
namespace {

using namespace std::chrono_literals;

bool shows_in_place(const Console& console) {
  const char* no_color = std::getenv("NO_COLOR");
  return console.stderr_is_terminal() && (no_color == nullptr || *no_color == '\0');
}

std::optional<std::chrono::milliseconds> interval_of(ProgressMode mode, bool in_place) {
  if (mode == ProgressMode::kNever) return std::nullopt;
  if (in_place) return 250ms;
  return mode == ProgressMode::kAlways ? 5s : 60s;
}

double seconds_until(std::optional<std::chrono::steady_clock::time_point> time) {
  if (!time) return 0;
  return std::chrono::duration<double>(*time - std::chrono::steady_clock::now()).count();
}

std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{}h {}min", whole / 3600, whole % 3600 / 60);
  if (whole >= 60) return fmt::format("{}min {}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

}  // namespace

ProgressDisplay::ProgressDisplay(Console& console, net::EventLoop& loop, ProgressMode mode, data::Month month)
    : console_(console),
      loop_(loop),
      in_place_(shows_in_place(console)),
      interval_(interval_of(mode, in_place_)),
      month_(month) {}

void ProgressDisplay::watch(std::function<std::string()> state) {
  if (!interval_) return;
  timer_ = loop_.every(*interval_, [this, state = std::move(state)] {
    const std::string line = fmt::format("{}: {}", month_.to_text(), state());
    if (in_place_) {
      console_.show_progress(line);
    } else {
      console_.say(line);
    }
  });
}

void ProgressDisplay::finish() {
  timer_ = {};
  console_.wipe_progress();
}

std::string SurveyProgressText::operator()(const SurveyProgress& progress) {
  const std::string unmeasured = fmt::format("{} unmeasured", count_text(progress.unmeasured));
  switch (progress.stage) {
    case SurveyProgress::Stage::kWaiting:
      return fmt::format("main pass done, {}; second pass in {}", unmeasured,
                         time_left(std::max(0.0, seconds_until(progress.second_pass_from))));
    case SurveyProgress::Stage::kSecondPass:
      return fmt::format("second pass, {} of {} names asked again, {}", count_text(progress.second_pass_done),
                         count_text(progress.second_pass_names), unmeasured);
    case SurveyProgress::Stage::kSaving:
      return "saving";
    case SurveyProgress::Stage::kMainPass:
      break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(progress.done - done_at_start_) / seconds : 0;
  const std::uint64_t left = progress.names - progress.done;
  // Rounded down: 100 is said of all names only.
  const std::uint64_t percent = progress.names > 0 ? 100 * progress.done / progress.names : 100;
  std::string text =
      fmt::format("{} of {} names ({} %), {}/s, {}", count_text(progress.done), count_text(progress.names),
                  percent, count_text(static_cast<std::uint64_t>(rate)), unmeasured);
  if (left > 0 && left <= progress.open_domains) {
    // They are the slow ones: the rate of the others says nothing about them.
    text += fmt::format(", waiting for the last {}", count_text(left));
  } else if (rate > 0) {
    text += ", " + time_left(static_cast<double>(left) / rate) + " left";
  }
  return text;
}

}  // namespace dauth::scanner::cli

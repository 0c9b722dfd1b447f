#include "scanner/cli/progress_display.h"

#include <fmt/format.h>

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
      return fmt::format("main pass done, {}; waiting for the second pass", unmeasured);
    case SurveyProgress::Stage::kSecondPass:
      return fmt::format("second pass, {} names asked again, {}", count_text(progress.second_pass_done),
                         unmeasured);
    case SurveyProgress::Stage::kSaving:
      return "saving";
    case SurveyProgress::Stage::kMainPass:
      break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(progress.done - done_at_start_) / seconds : 0;
  const double share = progress.names > 0
                           ? 100.0 * static_cast<double>(progress.done) / static_cast<double>(progress.names)
                           : 100.0;
  std::string text = fmt::format("{} of {} names ({:.0f} %), {}/s, {}", count_text(progress.done),
                                 count_text(progress.names), share,
                                 count_text(static_cast<std::uint64_t>(rate)), unmeasured);
  if (rate > 0)
    text += ", " + time_left(static_cast<double>(progress.names - progress.done) / rate) + " left";
  return text;
}

}  // namespace dauth::scanner::cli

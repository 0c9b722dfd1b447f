#include "scanner/cli/progress_display.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "report/escape.h"
#include "report/utf8.h"
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

// In whole seconds, or less exactly where it is long.
std::string time_left(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  return whole == 0 ? "0s" : duration_text(std::chrono::seconds(whole));
}

double share_of(std::uint64_t done, std::uint64_t all) {
  return all > 0 ? static_cast<double>(done) / static_cast<double>(all) : 1;
}

// Whole characters only.
std::string_view cut_to(std::string_view text, std::size_t width) {
  std::size_t kept = 0;
  std::size_t columns = 0;
  for (report::Utf8Reader reader(text); !reader.at_end();) {
    const std::string_view character = reader.next().octets;
    columns += report::display_width(character);
    if (columns > width) break;
    kept += character.size();
  }
  return text.substr(0, kept);
}

constexpr std::size_t kShortestBar = 10;
constexpr std::size_t kLongestBar = 30;

std::string bar(double share, std::size_t width) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  return fmt::format(" [{}{}]", std::string(full, '#'), std::string(width - full, ' '));
}

}  // namespace

std::string fitted_progress(std::string_view month, const ProgressLine& line, std::size_t width) {
  std::string parts;
  for (const std::string& part : line.parts) {
    const std::string longer = parts.empty() ? part : fmt::format("{}, {}", parts, part);
    if (!parts.empty() && month.size() + 2 + report::display_width(longer) > width) break;
    parts = longer;
  }
  const std::size_t used = month.size() + report::display_width(parts) + 4;  // "MONTH [] PARTS"
  if (line.share && used + kShortestBar <= width) {
    return fmt::format("{}{} {}", month, bar(*line.share, std::min(kLongestBar, width - used)), parts);
  }
  const std::string whole = fmt::format("{}: {}", month, parts);
  if (report::display_width(whole) <= width) return whole;
  // What is done says more than the month, which stands in every other line.
  return std::string(cut_to(parts, width));
}

ProgressDisplay::ProgressDisplay(Console& console, net::EventLoop& loop, ProgressMode mode, data::Month month)
    : console_(console),
      loop_(loop),
      in_place_(shows_in_place(console)),
      interval_(interval_of(mode, in_place_)),
      month_(month) {}

void ProgressDisplay::watch(std::function<ProgressLine()> state) {
  if (!interval_) return;
  timer_ = loop_.every(*interval_, [this, state = std::move(state)] {
    const std::string month = month_.to_text();
    if (in_place_) {
      // The last column stays free: some terminals wrap as soon as it is written.
      console_.show_progress(fitted_progress(month, state(), console_.width() - 1));
    } else {
      console_.say(fmt::format("{}: {}", month, fmt::join(state().parts, ", ")));
    }
  });
}

void ProgressDisplay::finish() {
  timer_ = {};
  console_.wipe_progress();
}

ProgressLine SurveyProgressText::operator()(const SurveyProgress& progress, std::size_t in_flight) {
  const std::string unmeasured = fmt::format("{} unmeasured", count_text(progress.unmeasured));
  const std::string open = fmt::format("{} in flight", count_text(in_flight));
  switch (progress.stage) {
    case SurveyProgress::Stage::kWaiting:
      return {.parts = {fmt::format("second pass in {}",
                                    time_left(std::max(0.0, seconds_until(progress.second_pass_from)))),
                        "main pass done", unmeasured}};
    case SurveyProgress::Stage::kSecondPass:
      return {.parts = {fmt::format("second pass, {} of {} names asked again",
                                    count_text(progress.second_pass_done),
                                    count_text(progress.second_pass_names)),
                        unmeasured, open},
              .share = share_of(progress.second_pass_done, progress.second_pass_names)};
    case SurveyProgress::Stage::kSaving:
      return {.parts = {"saving"}};
    case SurveyProgress::Stage::kMainPass:
      break;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  const double rate = seconds > 0 ? static_cast<double>(progress.done - done_at_start_) / seconds : 0;
  const std::uint64_t left = progress.names - progress.done;
  // Rounded down: 100 is said of all names only.
  const std::uint64_t percent = progress.names > 0 ? 100 * progress.done / progress.names : 100;
  ProgressLine line;
  line.share = share_of(progress.done, progress.names);
  line.parts.push_back(
      fmt::format("{} of {} names ({} %)", count_text(progress.done), count_text(progress.names), percent));
  if (left > 0 && left <= progress.open_domains) {
    // They are the slow ones: the rate of the others says nothing about them.
    line.parts.push_back(fmt::format("waiting for the last {}", count_text(left)));
  } else if (rate > 0) {
    line.parts.push_back(time_left(static_cast<double>(left) / rate) + " left");
  }
  line.parts.push_back(fmt::format("{}/s", count_text(static_cast<std::uint64_t>(rate))));
  line.parts.push_back(unmeasured);
  line.parts.push_back(open);
  return line;
}

}  // namespace dauth::scanner::cli

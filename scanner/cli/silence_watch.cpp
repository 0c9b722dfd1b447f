#include "scanner/cli/silence_watch.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner::cli {

using std::chrono::milliseconds;

milliseconds SilenceWatch::interval() const {
  constexpr milliseconds kLongest(1000);
  constexpr milliseconds kShortest(10);
  return std::clamp(limit_ / 10, kShortest, kLongest);
}

bool SilenceWatch::tick(std::uint64_t sent, std::uint64_t replies, std::uint64_t open) {
  const bool somebody_asks = std::exchange(sent_, sent) != sent || open > 0;
  const bool somebody_answers = std::exchange(replies_, replies) != replies;
  silent_ = somebody_asks && !somebody_answers ? silent_ + interval() : milliseconds(0);
  return limit_.count() > 0 && silent_ >= limit_;
}

}  // namespace dauth::scanner::cli

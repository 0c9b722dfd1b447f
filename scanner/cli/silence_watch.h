// SilenceWatch: whether every resolver has gone silent in the middle of a survey.
//
// Time counts by ticks in which questions were open or sent and no reply came, not by the clock: a program
// that was paused, or a survey that waits for its second pass, was not left without replies.
#pragma once

#include <chrono>
#include <cstdint>

namespace dauth::scanner::cli {

class SilenceWatch {
 public:
  // `limit`: 0 is never.
  explicit SilenceWatch(std::chrono::milliseconds limit) : limit_(limit) {}

  // How often tick() is to be called.
  std::chrono::milliseconds interval() const;

  // True once no reply has come for the limit. `sent` and `replies` count from the survey's begin; `open` are
  // questions without an outcome.
  bool tick(std::uint64_t sent, std::uint64_t replies, std::uint64_t open);

 private:
  std::chrono::milliseconds limit_;
  std::chrono::milliseconds silent_{0};
  std::uint64_t sent_ = 0;
  std::uint64_t replies_ = 0;
};

}  // namespace dauth::scanner::cli

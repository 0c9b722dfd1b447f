// How long questions wait, and for what: lists of equal length, and the one deadline that the transport is
// given.
#include <algorithm>

#include "resolver/stub_resolver_core.h"

namespace dauth::resolver {
namespace {

constexpr std::uint8_t kMostResent = 2;  // datagrams of a try after its first

}  // namespace

void StubResolver::Core::wait(OpenQuestion& question, WaitList& list) {
  question.wait.unlink();
  question.deadline = transport_.now() + list.length;
  list.questions.push_back(question.wait);
  if (question.deadline < armed_) arm(question.deadline);
}

// Its newest message is with the kernel.
void StubResolver::Core::wait_for_reply(OpenQuestion& question, WaitList& list) {
  if (question.attempt_count > 0) question.attempts[question.attempt_count - 1].sent_at = transport_.now();
  question.sent_at = transport_.now();
  wait(question, list);
}

StubResolver::Core::WaitList& StubResolver::Core::time_out_of(const OpenQuestion& question) {
  return *time_outs_[std::min<std::size_t>(question.tries, time_outs_.size()) - 1];
}

// The time-out, or what comes before it: the time after which the datagram is taken for lost.
StubResolver::Core::WaitList& StubResolver::Core::loss_wait_of(const OpenQuestion& question) {
  WaitList& time_out = time_out_of(question);
  const net::Clock::duration usual = pool_->lost_after(question.server);
  if (question.resent == kMostResent || usual > time_out.length / 2) return time_out;
  const net::Clock::duration lost_after = usual * (1 << question.resent);
  for (const auto& list : loss_waits_) {
    if (list->length >= lost_after) return list->length <= time_out.length / 2 ? *list : time_out;
  }
  return time_out;
}

StubResolver::Core::WaitList& StubResolver::Core::back_off_of(const OpenQuestion& question) {
  return *back_offs_[question.tries - 1];
}

StubResolver::Core::WaitList& StubResolver::Core::short_wait_of(const OpenQuestion& question) {
  return *short_waits_[std::min<std::size_t>(question.tries, short_waits_.size()) - 1];
}

void StubResolver::Core::arm(net::TimePoint deadline) {
  if (deadline >= armed_) return;
  armed_ = deadline;
  transport_.arm_deadline(deadline);
}

void StubResolver::Core::arm_earliest() {
  const auto consider = [this](const WaitList& list) {
    if (const OpenQuestion* first = list.questions.front()) arm(first->deadline);
  };
  consider(at_once_);
  for (const auto& list : time_outs_) consider(*list);
  for (const auto& list : short_waits_) consider(*list);
  for (const auto& list : loss_waits_) consider(*list);
  for (const auto& list : back_offs_) consider(*list);
}

}  // namespace dauth::resolver

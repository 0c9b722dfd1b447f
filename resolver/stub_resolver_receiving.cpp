// From the transport's events to outcomes: accepting replies, ending tries, room for more.
#include <cassert>
#include <utility>
#include <variant>

#include "resolver/dns/classify_response.h"
#include "resolver/stub_resolver_core.h"

namespace dauth::resolver {
namespace {

constexpr std::uint8_t kOpcodeQuery = 0;

// The most telling failure of all tries; see stub_resolver.h for the order.
dns::Failure failure_of(const OpenQuestion& question) {
  if (question.word) return *question.word;
  if (question.truncated) return {.cause = dns::FailureCause::kTruncated, .rcode = 0};
  if (question.timed_out) return {.cause = dns::FailureCause::kTimeout, .rcode = 0};
  return {.cause = dns::FailureCause::kUnreachable, .rcode = 0};
}

}  // namespace

void StubResolver::Core::on_flushed(net::ChannelId id, std::uint64_t datagrams) {
  Channel* channel = find(id);
  if (channel == nullptr) return;
  while (OpenQuestion* question = channel->unsent.front()) {
    if (question->sequence > datagrams) break;
    question->lane.unlink();
    channel->sent.push_back(question->lane);
    // The time-out runs from here: what waited in the batch while this process was busy was not sent yet.
    wait_for_reply(*question, loss_wait_of(*question));
  }
  Server& server = servers_[static_cast<std::size_t>(channel->server)];
  if (server.channels[server.current] == channel) turn_to_other_channel(server);
}

void StubResolver::Core::on_datagram(net::ChannelId id, const net::SocketAddress& source,
                                     std::span<const std::uint8_t> octets) {
  Channel* channel = find(id);
  if (channel == nullptr) return;
  if (!(source == pool_->address(channel->server))) {
    ++figures_.mismatches.source;
    return;
  }
  receive(lane_of(id), octets);
  settle();
}

void StubResolver::Core::on_stream_message(net::StreamId id, std::span<const std::uint8_t> octets) {
  if (find(id) == nullptr) return;
  receive(lane_of(id), octets);
  settle();
}

// RFC 5452 section 9.1: what does not match in all respects is dropped, and the question goes on waiting.
void StubResolver::Core::receive(Lane lane, std::span<const std::uint8_t> octets) {
  const auto reply = dns::MessageView::over(octets);
  if (!reply) {
    ++figures_.mismatches.malformed;
    return;
  }
  if (!reply->is_response() || reply->opcode() != kOpcodeQuery) {
    ++figures_.mismatches.opcode;
    return;
  }
  const auto slot = ids_.find(lane, reply->id());
  if (!slot) {
    ++(recent_.contains(lane, reply->id()) ? figures_.late_replies : figures_.mismatches.id);
    return;
  }
  OpenQuestion& question = slab_.at(*slot);
  if (!reply->answers(question.question)) {
    ++figures_.mismatches.question;
    return;
  }
  ++figures_.replies;
  std::size_t index = 0;
  while (question.attempts[index].lane != lane || question.attempts[index].id != reply->id()) ++index;
  assert(index < question.attempt_count);
  const Attempt attempt = question.attempts[index];
  // A try may have several datagrams; what it has left behind (UDP after TC, EDNS after FORMERR) is the past.
  const bool present_try = question.booked && attempt.of_try == question.tries &&
                           is_stream(lane) == (question.sent_by == Protocol::kTcp) &&
                           attempt.edns == question.sent_edns;
  const bool newest = index + 1 == question.attempt_count;
  forget_attempt(question, index);
  if (!present_try || !newest) {
    ++figures_.late_replies;
    pool_->heard_from(attempt.server, transport_.now() - attempt.sent_at, transport_.now());
  }
  if (is_stream(lane)) {
    if (Stream* stream = find(static_cast<net::StreamId>(static_cast<std::uint32_t>(lane) & ~kStreamBit))) {
      stream->delivered = true;
    }
  }
  judge(question, attempt, present_try, *reply);
}

// What a late reply tells is kept for the tries to come; only an outcome cuts the present try short.
void StubResolver::Core::judge(OpenQuestion& question, const Attempt& attempt, bool present_try,
                               const dns::MessageView& reply) {
  if (reply.truncated() && !is_stream(attempt.lane)) {
    question.truncated = true;
    question.protocol = Protocol::kTcp;
    if (present_try) go_on(question);
    return;
  }
  if (reply.header_rcode() == dns::Rcode::kFormErr && attempt.edns == dns::Edns::kWith) {
    question.edns = dns::Edns::kWithout;
    if (present_try) {
      ++figures_.without_edns;
      go_on(question);
    }
    return;
  }
  dns::LookupOutcome outcome = dns::classify_response(reply, question.question);
  if (const auto* failure = std::get_if<dns::Failure>(&outcome)) {
    question.word = *failure;
    if (present_try) fail_try(question, TryEnd::kServerFailed, transport_.now() - attempt.sent_at);
    return;
  }
  finish(question, present_try ? TryEnd::kAnswered : TryEnd::kNothingLearnt,
         transport_.now() - attempt.sent_at, std::move(outcome));
}

void StubResolver::Core::fail_try(OpenQuestion& question, TryEnd end, net::Clock::duration latency) {
  leave_lane(question);
  question.wait.unlink();
  give_back(question, end, latency);
  if (question.tries >= question.tries_allowed) return finish(question, end, latency, failure_of(question));
  if (end == TryEnd::kServerFailed && !pool_->has_alternative(question.server, transport_.now())) {
    ++backing_off_;
    question.backing_off = true;
    return wait(question, back_off_of(question));
  }
  queue_retry(question);
}

// `end` is told to the pool where a try is still booked.
void StubResolver::Core::finish(OpenQuestion& question, TryEnd end, net::Clock::duration latency,
                                dns::LookupOutcome outcome) {
  if (question.booked) give_back(question, end, latency);
  OutcomeHandler& handler = *question.handler;
  const std::uint64_t token = question.token;
  close_question(question);
  handler.on_outcome(token, std::move(outcome));
}

void StubResolver::Core::on_channel_error(net::ChannelId id, net::TransportError) {
  Channel* channel = find(id);
  if (channel == nullptr) return;
  ++figures_.network_errors;
  const net::TimePoint now = transport_.now();
  const ServerIndex server = channel->server;
  const bool rests = pool_->struck(server, now) == ServerChange::kBeganToRest;
  if (rests) ++figures_.rested_servers;
  const bool alternative = pool_->has_alternative(server, now);
  if (rests && alternative) {
    evacuate(server);
  } else if (OpenQuestion* question = channel->sent.front()) {
    question->try_unreachable = true;
    if (alternative) {
      fail_try(*question, TryEnd::kNothingLearnt, {});
    } else {
      // Out of the lane, so that the next error finds the next question.
      leave_lane(*question);
      wait(*question, short_wait_of(*question));
    }
  }
  settle();
}

// All that waits for a server that cannot be reached goes elsewhere.
void StubResolver::Core::evacuate(ServerIndex server) {
  for (std::size_t index = 0; index < servers_[static_cast<std::size_t>(server)].channels.size(); ++index) {
    Channel& channel = *servers_[static_cast<std::size_t>(server)].channels[index];
    while (OpenQuestion* question = channel.sent.front()) {
      question->try_unreachable = true;
      fail_try(*question, TryEnd::kNothingLearnt, {});
    }
  }
}

void StubResolver::Core::on_stream_open(net::StreamId id) {
  Stream* stream = find(id);
  if (stream == nullptr) return;
  // What was asked before the connection stood is sent only now.
  Questions again;
  while (OpenQuestion* question = stream->waiting.front()) {
    question->lane.unlink();
    again.push_back(question->lane);
    wait_for_reply(*question, time_out_of(*question));
  }
  while (OpenQuestion* question = again.front()) {
    question->lane.unlink();
    stream->waiting.push_back(question->lane);
  }
}

void StubResolver::Core::on_stream_closed(net::StreamId id, net::TransportError error) {
  const auto found = streams_.find(static_cast<std::uint32_t>(id));
  if (found == streams_.end()) return;
  const std::unique_ptr<Stream> stream = std::move(found->second);
  streams_.erase(found);
  auto& siblings = servers_[static_cast<std::size_t>(stream->server)].streams;
  std::erase(siblings, stream.get());
  if (!stream->waiting.empty()) ++figures_.network_errors;
  while (OpenQuestion* question = stream->waiting.front()) {
    question->lane.unlink();
    if (stream->delivered && !stream->retired) {
      // A server may end a connection after any reply (RFC 7766 section 6.2.4): no failure of the questions
      // behind it. This ends, since each such connection has answered something.
      go_on(*question);
      continue;
    }
    const bool nobody = error == net::TransportError::kRefused || error == net::TransportError::kUnreachable;
    question->try_unreachable = nobody;
    if (!nobody) question->timed_out = true;
    fail_try(*question, TryEnd::kNothingLearnt, {});
  }
  settle();
}

void StubResolver::Core::on_deadline(net::TimePoint reached) {
  armed_ = net::TimePoint::max();
  const auto expire = [this, reached](WaitList& list) {
    while (OpenQuestion* question = list.questions.front()) {
      if (question->deadline > reached) break;
      if (question->try_unreachable) {
        fail_try(*question, TryEnd::kNothingLearnt, {});
        continue;
      }
      ++figures_.timeouts;
      question->timed_out = true;
      if (is_stream(*question->last_lane)) {
        const auto id = static_cast<std::uint32_t>(*question->last_lane) & ~kStreamBit;
        // The next try wants another connection, in case that it is this one that is stuck; but a late reply
        // on it is heard.
        if (Stream* stream = find(static_cast<net::StreamId>(id))) stream->retired = true;
      }
      fail_try(*question, question->resent > 0 ? TryEnd::kTimedOutAfterLoss : TryEnd::kTimedOut,
               transport_.now() - question->sent_at);
    }
  };
  for (const auto& list : back_offs_) {
    while (OpenQuestion* question = list->questions.front()) {
      if (question->deadline > reached) break;
      question->wait.unlink();
      end_back_off(*question);
      queue_retry(*question);
    }
  }
  for (const auto& list : loss_waits_) {
    while (OpenQuestion* question = list->questions.front()) {
      if (question->deadline > reached) break;
      question->wait.unlink();
      servers_[static_cast<std::size_t>(question->server)].resends.push_back(question->wait);
    }
  }
  expire(at_once_);
  for (const auto& list : short_waits_) expire(*list);
  for (const auto& list : time_outs_) expire(*list);
  settle();
  arm_earliest();
}

void StubResolver::Core::settle() {
  if (!pump_and_look_for_room() || !room_is_gone_) return;
  room_is_gone_ = false;
  if (room_listener_) room_listener_();
}

}  // namespace dauth::resolver

// From ask() to the transport's batch: queues, windows, IDs, sockets and deadlines.
#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <utility>

#include "resolver/dns/message.h"
#include "resolver/rotating_server_pool.h"
#include "resolver/stub_resolver_core.h"

namespace dauth::resolver {
namespace {

// Source ports of one server: with 16 bits of ID and some 15 of port, a guess must hit one in 2^31, and
// knowing all ports that are in use saves an attacker only log2(65536 / 8) bits of them.
constexpr std::size_t kChannelsPerServer = 8;
// A second connection is opened when the first has this many questions in its pipeline.
constexpr std::size_t kPipelineFill = 32;
constexpr std::size_t kStreamsPerServer = 4;
// Retired streams included, which live until their last question has timed out.
constexpr std::size_t kStreamsPerServerAtMost = 8;
constexpr std::uint32_t kMostTries = 100;
constexpr std::size_t kLargestWindow = 200'000;
// So many draws of an ID fail in a row only where hardly one is free.
constexpr int kMostDraws = 100;

constexpr std::chrono::milliseconds kLongestTimeout{10'000};
// So long a retry waits for a place at another server than the one that failed; then it takes any.
constexpr std::chrono::milliseconds kRetryPatience{200};
// Questions between two tries hold no place; their number is bounded for the memory's sake.
constexpr std::size_t kWindowsBetweenTries = 8;

// A question may wait so long before its datagram is taken for lost, growing by half an octave: one list
// each, since a list has one length.
constexpr std::chrono::microseconds kFirstLossWait{100'000};
// After a server's failure, where no other can be asked, before the next try; each later wait is twice as
// long.
constexpr std::chrono::milliseconds kFirstBackOff{200};
// A socket takes so many datagrams, then the next one has its turn: a large window's replies want room in the
// receive buffers of all of them.
constexpr std::size_t kDatagramsInTurn = 64;

}  // namespace

StubResolver::Core::Core(net::Transport& transport, net::RandomSource& random, StubResolverOptions options)
    : transport_(transport),
      random_(random),
      options_(std::move(options)),
      rate_(options_.queries_per_second),
      servers_(options_.servers.size()) {
  at_once_.length = std::chrono::milliseconds(1);
  assert(!options_.servers.empty());
  options_.in_flight = std::clamp<std::size_t>(options_.in_flight, 1, kLargestWindow);
  options_.tries = std::clamp<std::uint32_t>(options_.tries, 1, kMostTries);
  pool_ = std::make_unique<RotatingServerPool>(options_.servers, options_.in_flight, options_.server_rates);

  std::chrono::microseconds length = options_.timeout;
  const std::chrono::microseconds longest = std::max(options_.timeout, kLongestTimeout);
  // From some try on all wait equally long and share a list.
  for (std::uint32_t index = 0; index < options_.tries; ++index) {
    time_outs_.push_back(std::make_unique<WaitList>());
    time_outs_.back()->length = length;
    short_waits_.push_back(std::make_unique<WaitList>());
    short_waits_.back()->length = length / 4;
    if (length == longest) break;
    length = std::min(length + length / 2, longest);
  }
  for (std::uint32_t index = 0; index < options_.tries; ++index) {
    back_offs_.push_back(std::make_unique<WaitList>());
    back_offs_.back()->length =
        std::min<net::Clock::duration>(kFirstBackOff * (1LL << std::min(index, 20u)), longest);
  }
  for (int half_octaves = 0;; ++half_octaves) {
    const std::chrono::microseconds wait(
        std::llround(static_cast<double>(kFirstLossWait.count()) * std::exp2(half_octaves / 2.0)));
    if (wait > longest / 2) break;
    loss_waits_.push_back(std::make_unique<WaitList>());
    loss_waits_.back()->length = wait;
  }
  transport_.set_listener(this);
}

StubResolver::Core::~Core() {
  cancel_all();
  transport_.arm_deadline(net::TimePoint::max());
  for (const auto& channel : channels_) {
    if (channel) transport_.close_channel(channel->id);
  }
  for (const auto& [id, stream] : streams_) transport_.close_stream(stream->id);
  transport_.set_listener(nullptr);
}

void StubResolver::Core::ask(const dns::Question& question, OutcomeHandler& handler, std::uint64_t token,
                             std::uint32_t tries) {
  OpenQuestion& open = slab_.open();
  open.question = question;
  open.handler = &handler;
  open.token = token;
  open.tries_allowed =
      static_cast<std::uint8_t>(tries == 0 ? options_.tries : std::min(tries, options_.tries));
  ++figures_.questions_asked;
  new_queue_.push_back(open.wait);
  pump_and_look_for_room();
}

bool StubResolver::Core::has_room() const {
  return in_flight_ < options_.in_flight &&
         backing_off_ + retries_queued_ < kWindowsBetweenTries * options_.in_flight && new_queue_.empty() &&
         pool_->has_room(transport_.now());
}

void StubResolver::Core::cancel_all() {
  for (std::uint32_t slot = 0; slot < slab_.slot_end(); ++slot) {
    OpenQuestion& question = slab_.at(slot);
    if (!question.open) continue;
    if (question.booked) give_back(question, TryEnd::kNothingLearnt, {});
    close_question(question);
  }
  // The room is the caller's own doing; it needs no call.
  room_is_gone_ = false;
}

// True where there is room. Where there is none, the listener is owed a call, and room that comes by the
// clock alone is waited for, since no event tells of it.
bool StubResolver::Core::pump_and_look_for_room() {
  pump();
  const bool room = has_room();
  if (room && retry_queue_.empty()) return true;
  // Retries that wait for room elsewhere wait for it too, and for the end of their patience.
  const net::TimePoint now = transport_.now();
  arm(pool_->room_from(now));
  if (const OpenQuestion* retry = retry_queue_.front(); retry != nullptr && retry->deadline > now)
    arm(retry->deadline);
  if (!room) room_is_gone_ = true;
  return room;
}

void StubResolver::Core::pump() {
  if (!pump_resends()) return;
  while (in_flight_ < options_.in_flight && !(retry_queue_.empty() && new_queue_.empty())) {
    if (!rate_.allows(transport_.now())) return arm(rate_.free_from());
    // A retry that waits for room at another server does not hold up the new questions.
    if (!begin_try(retry_queue_.front()) && !begin_try(new_queue_.front())) return;
  }
}

// False where the rate over all leaves nothing for others either.
bool StubResolver::Core::pump_resends() {
  for (Server& server : servers_) {
    while (OpenQuestion* question = server.resends.front()) {
      const net::TimePoint now = transport_.now();
      if (!rate_.allows(now)) {
        arm(rate_.free_from());
        return false;
      }
      if (!pool_->allows_message(question->server, now)) {
        arm(pool_->allows_message_from(question->server));
        break;
      }
      send_once_more(*question);
    }
  }
  return true;
}

// The first datagram is still listened for. That it was lost is told before the second is sent, so that the
// server's window knows.
void StubResolver::Core::send_once_more(OpenQuestion& question) {
  if (question.resent++ == 0) {
    pool_->lost(question.server, transport_.now());
  } else {
    pool_->sent_more(question.server, transport_.now());
  }
  ++figures_.resent;
  send(question);
}

// The present try goes on with another message at the same server: over TCP, without EDNS, or through a new
// connection. It is not held back by a rate, but the messages after it make up for it.
void StubResolver::Core::go_on(OpenQuestion& question) {
  pool_->sent_more(question.server, transport_.now());
  send(question);
}

bool StubResolver::Core::begin_try(OpenQuestion* question) {
  if (question == nullptr) return false;
  const bool insists = question->tries > 0 && transport_.now() < question->deadline;
  const std::optional<ServerIndex> avoid = insists ? std::optional(question->server) : std::nullopt;
  const std::optional<ServerIndex> server = pool_->book(question->question, avoid, transport_.now());
  if (!server) return false;
  leave_retry_queue(*question);
  question->wait.unlink();
  question->server = *server;
  question->booked = true;
  question->try_unreachable = false;
  question->resent = 0;
  ++in_flight_;
  if (question->tries++ > 0) ++figures_.retries;
  send(*question);
  return true;
}

void StubResolver::Core::send(OpenQuestion& question) {
  leave_lane(question);
  question.wait.unlink();
  rate_.take(transport_.now());
  question.sent_by = question.protocol;
  question.sent_edns = question.edns;
  if (question.protocol == Protocol::kTcp) {
    send_over_tcp(question);
  } else {
    send_over_udp(question);
  }
}

void StubResolver::Core::send_over_udp(OpenQuestion& question) {
  const auto chosen = channel_for(question.server, question.last_lane);
  if (!chosen) return send_failed(question, chosen.error());
  Channel* const channel = *chosen;
  const auto id = fresh_attempt(question, lane_of(channel->id));
  if (!id) return send_failed(question, net::TransportError::kOther);
  const std::size_t length =
      dns::encode_query(transport_.reserve(channel->id), *id, question.question,
                        {.edns = question.edns, .udp_payload_size = options_.udp_payload_size});
  transport_.commit(channel->id, length);
  question.sequence = ++channel->committed;
  channel->unsent.push_back(question.lane);
  ++figures_.questions_sent;
  Server& server = servers_[static_cast<std::size_t>(question.server)];
  if (++server.committed >= kDatagramsInTurn) turn_to_other_channel(server);
}

void StubResolver::Core::send_over_tcp(OpenQuestion& question) {
  Stream* stream = stream_for(question.server);
  if (stream == nullptr) return send_failed(question, net::TransportError::kOther);
  const auto id = fresh_attempt(question, lane_of(stream->id));
  if (!id) return send_failed(question, net::TransportError::kOther);
  std::array<std::uint8_t, dns::kMaxQueryLength> message;
  const std::size_t length =
      dns::encode_query(message, *id, question.question,
                        {.edns = question.edns, .udp_payload_size = options_.udp_payload_size});
  transport_.send_on_stream(stream->id, std::span(message).first(length));
  stream->waiting.push_back(question.lane);
  ++stream->waiting_count;
  ++figures_.questions_sent;
  ++figures_.tcp_questions;
  wait_for_reply(question, time_out_of(question));
}

// No socket or ID could be had. The try ends by its deadline, like any other, since a handler must not be
// called here.
void StubResolver::Core::send_failed(OpenQuestion& question, net::TransportError error) {
  ++figures_.network_errors;
  question.try_unreachable = true;
  const net::TimePoint now = transport_.now();
  // What this machine is short of, such as descriptors, is not the server's doing.
  if (error != net::TransportError::kOther &&
      pool_->struck(question.server, now) == ServerChange::kBeganToRest)
    ++figures_.rested_servers;
  wait(question, pool_->has_alternative(question.server, now) ? at_once_ : short_wait_of(question));
}

Result<StubResolver::Core::Channel*, net::TransportError> StubResolver::Core::channel_for(
    ServerIndex index, std::optional<Lane> avoid) {
  Server& server = servers_[static_cast<std::size_t>(index)];
  while (server.channels.size() < kChannelsPerServer) {
    const auto id = transport_.open_channel(pool_->address(index));
    if (!id && server.channels.empty()) return unexpected(id.error());
    if (!id) break;
    const auto place = static_cast<std::size_t>(*id);
    if (channels_.size() <= place) channels_.resize(place + 1);
    channels_[place] = std::make_unique<Channel>();
    channels_[place]->id = *id;
    channels_[place]->server = index;
    server.channels.push_back(channels_[place].get());
    if (server.channels.size() == kChannelsPerServer) turn_to_other_channel(server);
  }
  if (avoid && lane_of(server.channels[server.current]->id) == *avoid) turn_to_other_channel(server);
  return server.channels[server.current];
}

void StubResolver::Core::turn_to_other_channel(Server& server) {
  server.committed = 0;
  const std::size_t count = server.channels.size();
  if (count < 2) return;
  // One of the others, each as likely.
  const std::size_t step = 1 + random_.below(static_cast<std::uint16_t>(count - 1));
  server.current = (server.current + step) % count;
}

StubResolver::Core::Stream* StubResolver::Core::stream_for(ServerIndex index) {
  Server& server = servers_[static_cast<std::size_t>(index)];
  Stream* best = nullptr;
  std::size_t usable = 0;
  for (Stream* stream : server.streams) {
    if (stream->retired) continue;
    ++usable;
    if (best == nullptr || stream->waiting_count < best->waiting_count) best = stream;
  }
  const bool full = best == nullptr || best->waiting_count >= kPipelineFill;
  if (!full || usable >= kStreamsPerServer) return best;
  if (server.streams.size() >= kStreamsPerServerAtMost && !put_away_idle_stream(server)) return best;
  auto stream = std::make_unique<Stream>();
  stream->id = transport_.open_stream(pool_->address(index));
  stream->server = index;
  server.streams.push_back(stream.get());
  best = stream.get();
  streams_[static_cast<std::uint32_t>(best->id)] = std::move(stream);
  return best;
}

// A retired stream is kept, since a late reply may still come on it; until its place is wanted.
bool StubResolver::Core::put_away_idle_stream(Server& server) {
  for (Stream* stream : server.streams) {
    if (!stream->retired || stream->waiting_count > 0) continue;
    transport_.close_stream(stream->id);
    drop_stream(*stream);
    return true;
  }
  return false;
}

// Draws an ID and makes (lane, ID) the question's newest attempt. Nothing where nearly all IDs are open.
std::optional<std::uint16_t> StubResolver::Core::fresh_attempt(OpenQuestion& question, Lane lane) {
  std::uint16_t id = random_.next();
  for (int draws = 1; ids_.contains(lane, id); ++draws) {
    if (draws == kMostDraws) return std::nullopt;
    id = random_.next();
  }
  if (question.attempt_count == question.attempts.size()) forget_attempt(question, 0);
  ids_.insert(lane, id, question.slot);
  question.attempts[question.attempt_count++] = {.sent_at = transport_.now(),
                                                 .lane = lane,
                                                 .server = question.server,
                                                 .id = id,
                                                 .edns = question.edns,
                                                 .of_try = question.tries};
  question.last_lane = lane;
  return id;
}

void StubResolver::Core::forget_attempt(OpenQuestion& question, std::size_t index) {
  const Attempt& attempt = question.attempts[index];
  ids_.erase(attempt.lane, attempt.id);
  recent_.remember(attempt.lane, attempt.id);
  std::move(question.attempts.begin() + static_cast<std::ptrdiff_t>(index) + 1,
            question.attempts.begin() + static_cast<std::ptrdiff_t>(question.attempt_count),
            question.attempts.begin() + static_cast<std::ptrdiff_t>(index));
  --question.attempt_count;
}

void StubResolver::Core::leave_lane(OpenQuestion& question) {
  if (!question.lane.linked()) return;
  question.lane.unlink();
  if (!is_stream(*question.last_lane)) return;
  const auto id = static_cast<std::uint32_t>(*question.last_lane) & ~kStreamBit;
  // A stream that has just closed is no longer found, and needs no count.
  if (Stream* stream = find(static_cast<net::StreamId>(id))) --stream->waiting_count;
}

void StubResolver::Core::end_back_off(OpenQuestion& question) {
  if (!question.backing_off) return;
  question.backing_off = false;
  --backing_off_;
}

void StubResolver::Core::queue_retry(OpenQuestion& question) {
  question.in_retry_queue = true;
  ++retries_queued_;
  question.deadline = transport_.now() + kRetryPatience;
  retry_queue_.push_back(question.wait);
}

void StubResolver::Core::leave_retry_queue(OpenQuestion& question) {
  if (!question.in_retry_queue) return;
  question.in_retry_queue = false;
  --retries_queued_;
}

void StubResolver::Core::close_question(OpenQuestion& question) {
  leave_retry_queue(question);
  end_back_off(question);
  while (question.attempt_count > 0) forget_attempt(question, question.attempt_count - 1);
  leave_lane(question);
  slab_.close(question);
}

void StubResolver::Core::drop_stream(Stream& stream) {
  auto& streams = servers_[static_cast<std::size_t>(stream.server)].streams;
  streams.erase(std::remove(streams.begin(), streams.end(), &stream), streams.end());
  streams_.erase(static_cast<std::uint32_t>(stream.id));
}

StubResolver::Core::Channel* StubResolver::Core::find(net::ChannelId channel) {
  const auto place = static_cast<std::size_t>(channel);
  return place < channels_.size() ? channels_[place].get() : nullptr;
}

StubResolver::Core::Stream* StubResolver::Core::find(net::StreamId stream) {
  const auto found = streams_.find(static_cast<std::uint32_t>(stream));
  return found == streams_.end() ? nullptr : found->second.get();
}

ServerChange StubResolver::Core::give_back(OpenQuestion& question, TryEnd end, net::Clock::duration latency) {
  const ServerChange change = pool_->give_back(question.server, end, latency, transport_.now());
  if (change == ServerChange::kBeganToRest) ++figures_.rested_servers;
  question.booked = false;
  --in_flight_;
  return change;
}

}  // namespace dauth::resolver

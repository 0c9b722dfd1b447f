// From ask() to the transport's batch: queues, windows, IDs, sockets and deadlines.
#include <algorithm>
#include <array>
#include <cassert>
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
constexpr std::size_t kLargestWindow = 200'000;
// So many draws of an ID fail in a row only where hardly one is free.
constexpr int kMostDraws = 100;

constexpr std::chrono::milliseconds kLongestTimeout{10'000};

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
  options_.tries = std::max<std::uint32_t>(options_.tries, 1);
  pool_ = std::make_unique<RotatingServerPool>(options_.servers, options_.in_flight);

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

void StubResolver::Core::ask(const dns::Question& question, OutcomeHandler& handler, std::uint64_t token) {
  OpenQuestion& open = slab_.open();
  open.question = question;
  open.handler = &handler;
  open.token = token;
  ++figures_.questions_asked;
  new_queue_.push_back(open.wait);
  pump();
  if (!has_room()) room_is_gone_ = true;
}

bool StubResolver::Core::has_room() const {
  return in_flight_ < options_.in_flight && new_queue_.empty() && retry_queue_.empty() &&
         pool_->has_room(transport_.now());
}

void StubResolver::Core::cancel_all() {
  for (std::uint32_t slot = 0; slot < slab_.slot_end(); ++slot) {
    OpenQuestion& question = slab_.at(slot);
    if (!question.open) continue;
    if (question.booked) give_back(question, TryEnd::kNothingLearnt);
    close_question(question);
  }
  // The room is the caller's own doing; it needs no call.
  room_is_gone_ = false;
}

void StubResolver::Core::pump() {
  while (in_flight_ < options_.in_flight && !(retry_queue_.empty() && new_queue_.empty())) {
    if (!rate_.allows(transport_.now())) return arm(rate_.free_from());
    // A retry that waits for room at another server does not hold up the new questions.
    if (!begin_try(retry_queue_.front()) && !begin_try(new_queue_.front())) return;
  }
}

bool StubResolver::Core::begin_try(OpenQuestion* question) {
  if (question == nullptr) return false;
  const std::optional<ServerIndex> avoid =
      question->tries > 0 ? std::optional(question->server) : std::nullopt;
  const std::optional<ServerIndex> server = pool_->book(question->question, avoid, transport_.now());
  if (!server) return false;
  question->wait.unlink();
  question->server = *server;
  question->booked = true;
  question->try_unreachable = false;
  ++in_flight_;
  if (question->tries++ > 0) ++figures_.retries;
  send(*question);
  return true;
}

// Also goes on with a try: over TCP, without EDNS, or through a new connection.
void StubResolver::Core::send(OpenQuestion& question) {
  leave_lane(question);
  question.wait.unlink();
  // A message that goes on with a try is not held back, but the ones after it make up for it.
  rate_.take(transport_.now());
  if (question.protocol == Protocol::kTcp) {
    send_over_tcp(question);
  } else {
    send_over_udp(question);
  }
}

void StubResolver::Core::send_over_udp(OpenQuestion& question) {
  Channel* channel = channel_for(question.server, question.last_lane);
  if (channel == nullptr) return send_failed(question);
  const auto id = fresh_attempt(question, lane_of(channel->id));
  if (!id) return send_failed(question);
  const std::size_t length =
      dns::encode_query(transport_.reserve(channel->id), *id, question.question,
                        {.edns = question.edns, .udp_payload_size = options_.udp_payload_size});
  transport_.commit(channel->id, length);
  question.sequence = ++channel->committed;
  channel->unsent.push_back(question.lane);
  ++figures_.questions_sent;
}

void StubResolver::Core::send_over_tcp(OpenQuestion& question) {
  Stream* stream = stream_for(question.server);
  if (stream == nullptr) return send_failed(question);
  const auto id = fresh_attempt(question, lane_of(stream->id));
  if (!id) return send_failed(question);
  std::array<std::uint8_t, dns::kMaxQueryLength> message;
  const std::size_t length =
      dns::encode_query(message, *id, question.question,
                        {.edns = question.edns, .udp_payload_size = options_.udp_payload_size});
  transport_.send_on_stream(stream->id, std::span(message).first(length));
  stream->waiting.push_back(question.lane);
  ++stream->waiting_count;
  ++figures_.questions_sent;
  ++figures_.tcp_questions;
  wait(question, time_out_of(question));
}

// No socket could be had. The try ends by its deadline, like any other, since a handler must not be called
// here.
void StubResolver::Core::send_failed(OpenQuestion& question) {
  ++figures_.network_errors;
  question.try_unreachable = true;
  const net::TimePoint now = transport_.now();
  if (pool_->struck(question.server, now) == ServerChange::kBeganToRest) ++figures_.rested_servers;
  wait(question, pool_->has_alternative(question.server, now) ? at_once_ : short_wait_of(question));
}

StubResolver::Core::Channel* StubResolver::Core::channel_for(ServerIndex index, std::optional<Lane> avoid) {
  Server& server = servers_[static_cast<std::size_t>(index)];
  while (server.channels.size() < kChannelsPerServer) {
    const auto id = transport_.open_channel(pool_->address(index));
    if (!id) break;
    const auto place = static_cast<std::size_t>(*id);
    if (channels_.size() <= place) channels_.resize(place + 1);
    channels_[place] = std::make_unique<Channel>();
    channels_[place]->id = *id;
    channels_[place]->server = index;
    server.channels.push_back(channels_[place].get());
    if (server.channels.size() == kChannelsPerServer) turn_to_other_channel(server);
  }
  if (server.channels.empty()) return nullptr;
  if (avoid && lane_of(server.channels[server.current]->id) == *avoid) turn_to_other_channel(server);
  return server.channels[server.current];
}

void StubResolver::Core::turn_to_other_channel(Server& server) {
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
  if (!full || usable >= kStreamsPerServer || server.streams.size() >= kStreamsPerServerAtMost) return best;
  auto stream = std::make_unique<Stream>();
  stream->id = transport_.open_stream(pool_->address(index));
  stream->server = index;
  server.streams.push_back(stream.get());
  best = stream.get();
  streams_[static_cast<std::uint32_t>(best->id)] = std::move(stream);
  return best;
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
  question.attempts[question.attempt_count++] = {lane, id, question.server, question.edns, question.tries};
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
  Stream* stream = find(static_cast<net::StreamId>(id));
  if (stream == nullptr) return;
  if (--stream->waiting_count == 0 && stream->retired) {
    transport_.close_stream(stream->id);
    drop_stream(*stream);
  }
}

void StubResolver::Core::close_question(OpenQuestion& question) {
  while (question.attempt_count > 0) forget_attempt(question, question.attempt_count - 1);
  leave_lane(question);
  slab_.close(question);
}

void StubResolver::Core::drop_stream(Stream& stream) {
  auto& streams = servers_[static_cast<std::size_t>(stream.server)].streams;
  streams.erase(std::remove(streams.begin(), streams.end(), &stream), streams.end());
  streams_.erase(static_cast<std::uint32_t>(stream.id));
}

void StubResolver::Core::wait(OpenQuestion& question, WaitList& list) {
  question.wait.unlink();
  question.sent_at = transport_.now();
  question.deadline = question.sent_at + list.length;
  list.questions.push_back(question.wait);
  if (question.deadline < armed_) arm(question.deadline);
}

StubResolver::Core::WaitList& StubResolver::Core::time_out_of(const OpenQuestion& question) {
  return *time_outs_[std::min<std::size_t>(question.tries, time_outs_.size()) - 1];
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
}

StubResolver::Core::Channel* StubResolver::Core::find(net::ChannelId channel) {
  const auto place = static_cast<std::size_t>(channel);
  return place < channels_.size() ? channels_[place].get() : nullptr;
}

StubResolver::Core::Stream* StubResolver::Core::find(net::StreamId stream) {
  const auto found = streams_.find(static_cast<std::uint32_t>(stream));
  return found == streams_.end() ? nullptr : found->second.get();
}

ServerChange StubResolver::Core::give_back(OpenQuestion& question, TryEnd end) {
  const net::TimePoint now = transport_.now();
  const ServerChange change = pool_->give_back(question.server, end, now - question.sent_at, now);
  if (change == ServerChange::kBeganToRest) ++figures_.rested_servers;
  question.booked = false;
  --in_flight_;
  return change;
}

}  // namespace dauth::resolver

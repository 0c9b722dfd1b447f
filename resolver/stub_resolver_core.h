// StubResolver::Core: the working parts behind StubResolver, see there for what it does and promises.
//
// The way of a question: queue -> book a server -> send (unsent on its channel, then sent when the transport
// has flushed it, which starts its time-out) -> perhaps the resend queue, and sent once more -> a reply, a
// time-out or a broken lane ends the try -> the next try through the retry queue, or the outcome.
// Handlers are called from on_* only, never from ask(); after each call to one, nothing is taken to be as it
// was.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "resolver/id_table.h"
#include "resolver/intrusive_list.h"
#include "resolver/open_question.h"
#include "resolver/rate_limit.h"
#include "resolver/server_pool.h"
#include "resolver/stub_resolver.h"

namespace dauth::resolver {

class StubResolver::Core final : private net::TransportListener {
 public:
  Core(net::Transport& transport, net::RandomSource& random, StubResolverOptions options);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  void ask(const dns::Question& question, OutcomeHandler& handler, std::uint64_t token, std::uint32_t tries);
  bool has_room() const;
  void set_room_listener(std::function<void()> listener) { room_listener_ = std::move(listener); }
  std::size_t outstanding() const { return slab_.open_count(); }
  void cancel_all();
  const ResolverFigures& figures() const { return figures_; }

 private:
  using Questions = IntrusiveList<OpenQuestion>;

  struct Channel {
    net::ChannelId id{};
    ServerIndex server{};
    std::uint64_t committed = 0;
    Questions unsent;  // in the transport's batch, not yet with the kernel
    Questions sent;    // oldest first
  };
  struct Stream {
    net::StreamId id{};
    ServerIndex server{};
    Questions waiting;
    std::size_t waiting_count = 0;
    bool delivered = false;  // has brought at least one reply
    bool retired = false;    // takes no more questions
  };
  struct Server {
    std::vector<Channel*> channels;
    std::size_t current = 0;    // the channel that new questions go through, until it is flushed
    std::size_t committed = 0;  // datagrams to it since it was chosen
    std::vector<Stream*> streams;
    Questions resends;  // probably lost; their tries are still booked
  };
  // Questions wait in order of their deadlines, since all in one list wait equally long.
  struct WaitList {
    net::Clock::duration length{};
    Questions questions;
  };

  // net::TransportListener
  void on_flushed(net::ChannelId channel, std::uint64_t datagrams) override;
  void on_datagram(net::ChannelId channel, const net::SocketAddress& source,
                   std::span<const std::uint8_t> octets) override;
  void on_channel_error(net::ChannelId channel, net::TransportError error) override;
  void on_stream_open(net::StreamId stream) override;
  void on_stream_message(net::StreamId stream, std::span<const std::uint8_t> octets) override;
  void on_stream_closed(net::StreamId stream, net::TransportError error) override;
  void on_deadline(net::TimePoint reached) override;
  std::size_t replies_expected() const override { return in_flight_; }

  // Sending; none of these calls a handler.
  void pump();
  bool pump_and_look_for_room();
  bool pump_resends();
  bool begin_try(OpenQuestion* question);
  void send_once_more(OpenQuestion& question);
  void go_on(OpenQuestion& question);
  void send(OpenQuestion& question);
  void send_over_udp(OpenQuestion& question);
  void send_over_tcp(OpenQuestion& question);
  void send_failed(OpenQuestion& question, net::TransportError error);
  Result<Channel*, net::TransportError> channel_for(ServerIndex server, std::optional<Lane> avoid);
  Stream* stream_for(ServerIndex server);
  bool put_away_idle_stream(Server& server);
  std::optional<std::uint16_t> fresh_attempt(OpenQuestion& question, Lane lane);
  void turn_to_other_channel(Server& server);
  void leave_lane(OpenQuestion& question);

  // Waiting.
  void wait(OpenQuestion& question, WaitList& list);
  void wait_for_reply(OpenQuestion& question, WaitList& list);
  WaitList& time_out_of(const OpenQuestion& question);
  WaitList& loss_wait_of(const OpenQuestion& question);
  WaitList& back_off_of(const OpenQuestion& question);
  WaitList& short_wait_of(const OpenQuestion& question);
  void arm(net::TimePoint deadline);
  void arm_earliest();

  // Receiving; these may end in a handler's call.
  void receive(Lane lane, std::span<const std::uint8_t> octets);
  void judge(OpenQuestion& question, const Attempt& attempt, bool present_try, const dns::MessageView& reply);
  void fail_try(OpenQuestion& question, TryEnd end, net::Clock::duration latency);
  void evacuate(ServerIndex server);
  void finish(OpenQuestion& question, TryEnd end, net::Clock::duration latency, dns::LookupOutcome outcome);
  void settle();

  ServerChange give_back(OpenQuestion& question, TryEnd end, net::Clock::duration latency);
  void forget_attempt(OpenQuestion& question, std::size_t index);
  void end_back_off(OpenQuestion& question);
  void queue_retry(OpenQuestion& question);
  void leave_retry_queue(OpenQuestion& question);
  void close_question(OpenQuestion& question);
  void drop_stream(Stream& stream);
  Channel* find(net::ChannelId channel);
  Stream* find(net::StreamId stream);

  net::Transport& transport_;
  net::RandomSource& random_;
  StubResolverOptions options_;
  std::unique_ptr<ServerPool> pool_;
  RateLimit rate_;
  ResolverFigures figures_;
  std::function<void()> room_listener_;
  bool room_is_gone_ = false;

  // The lists of channels, streams and waits are declared before the slab: questions leave them when it goes.
  std::vector<std::unique_ptr<Channel>> channels_;  // by ChannelId
  std::unordered_map<std::uint32_t, std::unique_ptr<Stream>> streams_;
  std::vector<Server> servers_;                       // by ServerIndex
  std::vector<std::unique_ptr<WaitList>> time_outs_;  // of the first try, the second, ...
  std::vector<std::unique_ptr<WaitList>> short_waits_;
  std::vector<std::unique_ptr<WaitList>> back_offs_;   // after the first try, the second, ...
  std::vector<std::unique_ptr<WaitList>> loss_waits_;  // before a second datagram, the shortest first
  WaitList at_once_;                                   // for what may not end inside the call that found it
  Questions retry_queue_;
  Questions new_queue_;
  IdTable ids_;
  RecentIds recent_;
  QuestionSlab slab_;

  std::size_t in_flight_ = 0;
  std::size_t backing_off_ = 0;  // in back_offs_ or in retry_queue_
  std::size_t retries_queued_ = 0;
  net::TimePoint armed_ = net::TimePoint::max();
};

}  // namespace dauth::resolver

#include "resolver/net/uv_transport.h"

#include <uv.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>
#include <thread>

#include "resolver/net/errno_mapping.h"

namespace dauth::net {
namespace {

// The least that a datagram takes of a socket's receive buffer, whose size therefore bounds how many can have
// been waiting when a read pass begins.
constexpr std::size_t kLeastDatagramCost = 512;
constexpr int kErrorsInOnePass = 64;
constexpr std::uint64_t kSweepInterval = 1000;  // milliseconds

// So many datagrams are worth a wake-up; fewer are let gather, as long as it takes at the present rate.
constexpr double kGathered = 24;
constexpr double kLeastGathered = 2;
constexpr std::chrono::microseconds kLongestGathering{2000};
constexpr std::chrono::milliseconds kRateMeasured{5};

}  // namespace

// libuv's handles live on until they are closed, which is later than their transport.
struct UvTransport::Hooks {
  UvTransport* transport = nullptr;
  EventLoop* loop = nullptr;
  uv_timer_t timer{};
  uv_timer_t sweep{};
  uv_prepare_t prepare{};
  uv_check_t check{};
  uv_idle_t idle{};
  int open = 0;

  template <class Handle>
  void add(Handle& handle, int (*init)(uv_loop_t*, Handle*)) {
    // libuv documents no failure of these.
    if (const int status = init(loop->native(), &handle); status < 0) {
      throw std::system_error(-status, std::generic_category(), "libuv handle");
    }
    handle.data = this;
    ++open;
  }

  template <class Handle, void (UvTransport::*Method)()>
  static void call(Handle* handle) {
    auto& hooks = *static_cast<Hooks*>(handle->data);
    try {
      (hooks.transport->*Method)();
    } catch (...) {
      hooks.loop->fail(std::current_exception());
    }
  }

  // An idle handle keeps the loop from waiting for events in this round.
  void do_not_wait() {
    uv_idle_start(&idle, [](uv_idle_t*) {});
  }

  template <class Handle>
  void close(Handle& handle) {
    uv_close(reinterpret_cast<uv_handle_t*>(&handle), [](uv_handle_t* closed) {
      auto* hooks = static_cast<Hooks*>(closed->data);
      if (--hooks->open == 0) delete hooks;
    });
  }
};

UvTransport::UvTransport(EventLoop& loop, RandomSource& random, UvTransportOptions options)
    : loop_(loop), random_(random), options_(options), now_(Clock::now()), hooks_(new Hooks) {
  hooks_->transport = this;
  hooks_->loop = &loop;
  hooks_->add(hooks_->timer, &uv_timer_init);
  hooks_->add(hooks_->sweep, &uv_timer_init);
  hooks_->add(hooks_->prepare, &uv_prepare_init);
  hooks_->add(hooks_->check, &uv_check_init);
  hooks_->add(hooks_->idle, &uv_idle_init);
  uv_prepare_start(&hooks_->prepare, &Hooks::call<uv_prepare_t, &UvTransport::before_waiting>);
  uv_check_start(&hooks_->check, &Hooks::call<uv_check_t, &UvTransport::after_reading>);
}

UvTransport::~UvTransport() {
  hooks_->close(hooks_->timer);
  hooks_->close(hooks_->sweep);
  hooks_->close(hooks_->prepare);
  hooks_->close(hooks_->check);
  hooks_->close(hooks_->idle);
}

void UvTransport::arm_deadline(TimePoint deadline) {
  deadline_ = deadline;
  start_timer();
}

void UvTransport::start_timer() {
  if (deadline_ == TimePoint::max()) {
    uv_timer_stop(&hooks_->timer);
    return;
  }
  // libuv counts from its own time, which lags behind while callbacks run: the timer may be early, and is
  // then started again, but never late by that.
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
  uv_timer_start(&hooks_->timer, &Hooks::call<uv_timer_t, &UvTransport::timer_fired>,
                 static_cast<std::uint64_t>(std::max<std::int64_t>(left, 0)), 0);
}

void UvTransport::timer_fired() {
  now_ = Clock::now();
  if (now_ < deadline_) {
    uv_update_time(loop_.native());
    return start_timer();
  }
  reached_ = now_;
  deadline_reached_ = true;
  hooks_->do_not_wait();
}

void UvTransport::sweep_fired() {
  sweep_is_due_ = true;
  hooks_->do_not_wait();
}

void UvTransport::before_waiting() {
  now_ = Clock::now();
  while (!dirty_.empty()) {
    const ChannelId id = dirty_.back();
    dirty_.pop_back();
    Entry& entry = at(id);
    entry.dirty = false;
    if (!entry.channel) continue;
    flush(*entry.channel);
    const std::uint64_t flushed = entry.channel->flushed();
    if (flushed == entry.reported) continue;
    entry.reported = flushed;
    // Time-outs start from here: the process may have been stopped while it was sending.
    now_ = Clock::now();
    if (listener_ != nullptr) listener_->on_flushed(id, flushed);
  }
  gather_replies();
}

// Sleeps, since a timer of the loop would cost more than the wake-ups that it saves. Never longer than a
// timer of the loop may be late anyway, and only when the replies that are still out are many times those
// waited for, so that the server has enough to do meanwhile.
void UvTransport::gather_replies() {
  const std::size_t received = std::exchange(received_in_round_, 0);
  received_lately_ += received;
  const TimePoint::duration lately = now_ - lately_began_;
  if (lately >= kRateMeasured) {
    received_per_second_ =
        static_cast<double>(received_lately_) / std::chrono::duration<double>(lately).count();
    received_lately_ = 0;
    lately_began_ = now_;
  }
  if (received == 0 || static_cast<double>(received) >= kGathered || deadline_reached_ ||
      listener_ == nullptr)
    return;
  const double seconds = std::min(std::chrono::duration<double>(kLongestGathering).count(),
                                  kGathered / std::max(received_per_second_, 1.0));
  const double coming = seconds * received_per_second_;
  if (coming < kLeastGathered || static_cast<double>(listener_->replies_expected()) < 3 * coming) return;
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

void UvTransport::after_reading() {
  now_ = Clock::now();
  uv_idle_stop(&hooks_->idle);
  for (const auto& [channel, error] : std::exchange(channel_errors_, {})) {
    if (listener_ != nullptr && at(channel).channel) listener_->on_channel_error(channel, error);
  }
  // Those that the listener opens meanwhile come in the next round, those that it closes no more.
  streams_to_tell_.swap(stream_errors_);
  while (!streams_to_tell_.empty()) {
    const auto [stream, error] = streams_to_tell_.front();
    streams_to_tell_.erase(streams_to_tell_.begin());
    if (listener_ != nullptr) listener_->on_stream_closed(stream, error);
  }
  if (std::exchange(sweep_is_due_, false)) close_idle_streams();
  if (std::exchange(deadline_reached_, false)) {
    arm_deadline(TimePoint::max());
    if (listener_ != nullptr) listener_->on_deadline(reached_);
  }
  ended_streams_.clear();
}

Result<ChannelId, TransportError> UvTransport::open_channel(const SocketAddress& server) {
  const auto id = static_cast<ChannelId>(channels_.size());
  auto channel = UdpChannel::open(loop_, random_, *this, id, server, options_.receive_buffer);
  if (!channel) return unexpected(channel.error());
  const std::size_t granted = (*channel)->receive_buffer();
  if (receive_buffer_granted_ == 0 || granted < receive_buffer_granted_) receive_buffer_granted_ = granted;
  channels_.emplace_back().channel = std::move(*channel);
  return id;
}

std::size_t UvTransport::receive_buffer_granted() const {
  const std::size_t counted = receive_buffer_granted_ > 0
                                  ? receive_buffer_granted_
                                  : obtainable_receive_buffer(options_.receive_buffer);
  return counted / 2;
}

void UvTransport::close_channel(ChannelId channel) {
  at(channel).channel.reset();
}

std::span<std::uint8_t> UvTransport::reserve(ChannelId channel) {
  return at(channel).channel->reserve();
}

void UvTransport::commit(ChannelId id, std::size_t length) {
  UdpChannel& channel = *at(id).channel;
  channel.commit(length);
  mark_dirty(id);
  if (channel.batch_full()) flush(channel);
}

void UvTransport::mark_dirty(ChannelId id) {
  Entry& entry = at(id);
  if (entry.dirty) return;
  entry.dirty = true;
  dirty_.push_back(id);
}

void UvTransport::flush(UdpChannel& channel) {
  while (const auto error = channel.flush()) {
    channel_errors_.emplace_back(channel.id(), *error);
    hooks_->do_not_wait();
  }
}

void UvTransport::on_writable(UdpChannel& channel) {
  mark_dirty(channel.id());
}

void UvTransport::on_readable(UdpChannel& channel) {
  // All that had arrived when this pass began is read, and not endlessly more: other sockets wait too.
  const std::size_t most = channel.receive_buffer() / kLeastDatagramCost + kBatchSize;
  int errors = 0;
  for (std::size_t read = 0; read < most && errors < kErrorsInOnePass;) {
    const int count = incoming_.receive(channel.descriptor());
    const int error = errno;
    now_ = Clock::now();
    if (listener_ == nullptr) return;
    if (count < 0) {
      if (error == EAGAIN || error == EWOULDBLOCK) return;
      if (error != EINTR) listener_->on_channel_error(channel.id(), transport_error_of(error));
      ++errors;
      continue;
    }
    received_in_round_ += static_cast<std::size_t>(count);
    for (std::size_t index = 0; index < static_cast<std::size_t>(count); ++index) {
      // A connected socket gets nothing from other addresses.
      listener_->on_datagram(channel.id(), channel.server(), incoming_.datagram(index));
    }
    // Fewer than there was room for: the socket is empty, and asking once more would only cost a call.
    if (static_cast<std::size_t>(count) < kBatchSize) return;
    read += static_cast<std::size_t>(count);
  }
}

std::unique_ptr<SendBatch> UvTransport::take_batch() {
  if (spare_batches_.empty()) return std::make_unique<SendBatch>();
  std::unique_ptr<SendBatch> batch = std::move(spare_batches_.back());
  spare_batches_.pop_back();
  return batch;
}

void UvTransport::return_batch(std::unique_ptr<SendBatch> batch) {
  batch->clear();
  spare_batches_.push_back(std::move(batch));
}

StreamId UvTransport::open_stream(const SocketAddress& server) {
  const auto id = static_cast<StreamId>(next_stream_++);
  auto stream = TcpStream::open(loop_, *this, id, server);
  if (!stream) {
    stream_errors_.emplace_back(id, stream.error());
    hooks_->do_not_wait();
    return id;
  }
  if (streams_.empty()) {
    uv_timer_start(&hooks_->sweep, &Hooks::call<uv_timer_t, &UvTransport::sweep_fired>, kSweepInterval,
                   kSweepInterval);
  }
  streams_.emplace(static_cast<std::uint32_t>(id), std::move(*stream));
  return id;
}

void UvTransport::send_on_stream(StreamId id, std::span<const std::uint8_t> message) {
  // The message's time-out starts now, not when the datagrams of this round were read.
  now_ = Clock::now();
  const auto found = streams_.find(static_cast<std::uint32_t>(id));
  if (found != streams_.end()) found->second->send(message);
}

void UvTransport::close_stream(StreamId id) {
  const auto is_this = [id](const auto& each) { return each.first == id; };
  std::erase_if(stream_errors_, is_this);
  std::erase_if(streams_to_tell_, is_this);
  const auto found = streams_.find(static_cast<std::uint32_t>(id));
  if (found == streams_.end()) return;
  found->second->silence();
  ended_streams_.push_back(std::move(found->second));
  streams_.erase(found);
  if (streams_.empty()) uv_timer_stop(&hooks_->sweep);
}

void UvTransport::close_idle_streams() {
  std::vector<StreamId> idle;
  for (const auto& [id, stream] : streams_) {
    if (now_ - stream->last_activity() >= options_.stream_idle) idle.push_back(stream->id());
  }
  for (const StreamId id : idle) {
    // The listener may have closed it when it heard of the one before.
    if (!streams_.contains(static_cast<std::uint32_t>(id))) continue;
    close_stream(id);
    if (listener_ != nullptr) listener_->on_stream_closed(id, TransportError::kSilent);
  }
}

void UvTransport::on_open(TcpStream& stream) {
  now_ = Clock::now();
  if (listener_ != nullptr) listener_->on_stream_open(stream.id());
}

void UvTransport::on_message(TcpStream& stream, std::span<const std::uint8_t> octets) {
  now_ = Clock::now();
  if (listener_ != nullptr) listener_->on_stream_message(stream.id(), octets);
}

void UvTransport::on_closed(TcpStream& stream, TransportError error) {
  now_ = Clock::now();
  const StreamId id = stream.id();
  close_stream(id);
  if (listener_ != nullptr) listener_->on_stream_closed(id, error);
}

}  // namespace dauth::net

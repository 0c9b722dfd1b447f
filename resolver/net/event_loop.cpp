#include "resolver/net/event_loop.h"

#include <uv.h>

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

namespace dauth::net {
namespace {

void check(int status, const char* what) {
  if (status < 0) throw std::system_error(-status, std::generic_category(), what);
}

// Runs a callback of ours under libuv's C frames.
template <class Callback>
void guarded(EventLoop& loop, Callback&& callback) noexcept {
  try {
    callback();
  } catch (...) {
    loop.fail(std::current_exception());
  }
}

}  // namespace

struct EventLoop::State {
  uv_loop_t loop{};
  uv_async_t wake{};
  std::mutex mutex;
  std::vector<std::function<void()>> posted;  // guarded by mutex
  std::exception_ptr failure;
};

EventLoop::EventLoop() : state_(std::make_unique<State>()) {
  check(uv_loop_init(&state_->loop), "uv_loop_init");
  const int status = uv_async_init(&state_->loop, &state_->wake, [](uv_async_t* handle) {
    auto& self = *static_cast<EventLoop*>(handle->data);
    std::vector<std::function<void()>> calls;
    {
      const std::lock_guard lock(self.state_->mutex);
      calls.swap(self.state_->posted);
    }
    for (auto& call : calls) guarded(self, call);
  });
  if (status < 0) uv_loop_close(&state_->loop);
  check(status, "uv_async_init");
  state_->wake.data = this;
}

EventLoop::~EventLoop() {
  uv_close(reinterpret_cast<uv_handle_t*>(&state_->wake), nullptr);
  // Handles that were let go of before are freed by their close callbacks, which run here.
  while (uv_run(&state_->loop, UV_RUN_DEFAULT) != 0) {
  }
  uv_loop_close(&state_->loop);
}

void EventLoop::run() {
  uv_run(&state_->loop, UV_RUN_DEFAULT);
  if (state_->failure) std::rethrow_exception(std::exchange(state_->failure, nullptr));
}

void EventLoop::stop() {
  uv_stop(&state_->loop);
}

void EventLoop::post(std::function<void()> callback) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->posted.push_back(std::move(callback));
  }
  uv_async_send(&state_->wake);
}

uv_loop_s* EventLoop::native() {
  return &state_->loop;
}

void EventLoop::fail(std::exception_ptr exception) noexcept {
  if (!state_->failure) state_->failure = std::move(exception);
  stop();
}

// The handles below live on the heap until libuv has closed them, which is later than their owner lives.

struct EventLoop::Timer::State {
  uv_timer_t handle{};
  EventLoop* loop = nullptr;
  std::function<void()> callback;

  static void close(State* state) {
    uv_close(reinterpret_cast<uv_handle_t*>(&state->handle),
             [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
  }
  static State* start(EventLoop& loop, std::chrono::milliseconds delay, std::chrono::milliseconds repeat,
                      std::function<void()> callback) {
    auto state = std::make_unique<State>();
    state->loop = &loop;
    state->callback = std::move(callback);
    check(uv_timer_init(loop.native(), &state->handle), "uv_timer_init");
    state->handle.data = state.get();
    // The loop's own clock stands still while a callback runs; the delay counts from now.
    uv_update_time(loop.native());
    const auto start_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(delay.count(), 0));
    const auto repeat_ms = static_cast<std::uint64_t>(std::max<std::int64_t>(repeat.count(), 0));
    uv_timer_start(&state->handle, &State::fired, start_ms, repeat_ms);
    return state.release();
  }
  static void fired(uv_timer_t* handle) {
    State* state = static_cast<State*>(handle->data);
    guarded(*state->loop, state->callback);
  }
};

EventLoop::Timer::Timer() = default;
EventLoop::Timer::Timer(State* state) : state_(state) {}
EventLoop::Timer::Timer(Timer&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
EventLoop::Timer& EventLoop::Timer::operator=(Timer&& other) noexcept {
  Timer moved(std::move(other));
  std::swap(state_, moved.state_);
  return *this;
}
EventLoop::Timer::~Timer() {
  if (state_ != nullptr) State::close(state_);
}

EventLoop::Timer EventLoop::after(std::chrono::milliseconds delay, std::function<void()> callback) {
  return Timer(Timer::State::start(*this, delay, std::chrono::milliseconds(0), std::move(callback)));
}

EventLoop::Timer EventLoop::every(std::chrono::milliseconds interval, std::function<void()> callback) {
  // libuv takes a repeat of 0 for a single call.
  interval = std::max(interval, std::chrono::milliseconds(1));
  return Timer(Timer::State::start(*this, interval, interval, std::move(callback)));
}

struct EventLoop::SignalWatch::State {
  uv_signal_t handle{};
  EventLoop* loop = nullptr;
  std::function<void(int)> callback;

  static void close(State* state) {
    uv_close(reinterpret_cast<uv_handle_t*>(&state->handle),
             [](uv_handle_t* handle) { delete static_cast<State*>(handle->data); });
  }
};

EventLoop::SignalWatch::SignalWatch() = default;
EventLoop::SignalWatch::SignalWatch(State* state) : state_(state) {}
EventLoop::SignalWatch::SignalWatch(SignalWatch&& other) noexcept
    : state_(std::exchange(other.state_, nullptr)) {}
EventLoop::SignalWatch& EventLoop::SignalWatch::operator=(SignalWatch&& other) noexcept {
  SignalWatch moved(std::move(other));
  std::swap(state_, moved.state_);
  return *this;
}
EventLoop::SignalWatch::~SignalWatch() {
  if (state_ != nullptr) State::close(state_);
}

EventLoop::SignalWatch EventLoop::on_signal(int signal_number, std::function<void(int)> callback) {
  auto owned = std::make_unique<SignalWatch::State>();
  owned->loop = this;
  owned->callback = std::move(callback);
  check(uv_signal_init(native(), &owned->handle), "uv_signal_init");
  SignalWatch::State* state = owned.release();
  state->handle.data = state;
  SignalWatch watch(state);
  check(uv_signal_start(
            &state->handle,
            [](uv_signal_t* handle, int number) {
              auto* self = static_cast<SignalWatch::State*>(handle->data);
              guarded(*self->loop, [&] { self->callback(number); });
            },
            signal_number),
        "uv_signal_start");
  return watch;
}

}  // namespace dauth::net

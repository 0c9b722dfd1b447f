#include "resolver/net/polled_socket.h"

#include <unistd.h>
#include <uv.h>

#include <memory>
#include <system_error>
#include <utility>

namespace dauth::net {

struct PolledSocket::State {
  uv_poll_t handle{};
  EventLoop* loop = nullptr;
  int descriptor = -1;
  int events = 0;
  std::function<void(Ready)> on_ready;

  static void ready(uv_poll_t* handle, int status, int events) {
    auto& state = *static_cast<State*>(handle->data);
    Ready what{(events & UV_READABLE) != 0, (events & UV_WRITABLE) != 0};
    if (status < 0) {
      // libuv 1.44 stops the poll at EPOLLERR, which to a UDP socket is only news of one datagram.
      what = {true, true};
      uv_poll_start(handle, state.events, &State::ready);
    }
    try {
      state.on_ready(what);
    } catch (...) {
      state.loop->fail(std::current_exception());
    }
  }
};

PolledSocket::PolledSocket(EventLoop& loop, int descriptor, std::function<void(Ready)> on_ready) {
  auto state = std::make_unique<State>();
  state->loop = &loop;
  state->descriptor = descriptor;
  state->on_ready = std::move(on_ready);
  if (const int status = uv_poll_init(loop.native(), &state->handle, descriptor); status < 0) {
    close(descriptor);
    throw std::system_error(-status, std::generic_category(), "uv_poll_init");
  }
  state_ = state.release();
  state_->handle.data = state_;
  watch(Interest::kReading);
}

PolledSocket::~PolledSocket() {
  uv_close(reinterpret_cast<uv_handle_t*>(&state_->handle), [](uv_handle_t* handle) {
    const std::unique_ptr<State> state(static_cast<State*>(handle->data));
    close(state->descriptor);
  });
}

int PolledSocket::descriptor() const {
  return state_->descriptor;
}

void PolledSocket::watch(Interest interest) {
  const int events = UV_READABLE | (interest == Interest::kReadingAndWriting ? UV_WRITABLE : 0);
  if (state_->events == events) return;
  state_->events = events;
  uv_poll_start(&state_->handle, events, &State::ready);
}

}  // namespace dauth::net

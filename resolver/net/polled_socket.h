// PolledSocket: a socket watched by the event loop (libuv's uv_poll_t). Internal to this folder.
//
// Owns the descriptor, which is closed once libuv has let go of it. No callback comes after destruction, also
// when that happens inside the callback. Errors of construction: std::system_error.
#pragma once

#include <cstdint>
#include <functional>

#include "resolver/net/event_loop.h"

namespace dauth::net {

class PolledSocket {
 public:
  enum class Interest : std::uint8_t { kReading, kReadingAndWriting };
  struct Ready {
    bool readable = false;
    bool writable = false;
  };

  // Takes over `descriptor`, non-blocking. After a socket error both parts of Ready are set: reading or
  // writing then tells the error.
  PolledSocket(EventLoop& loop, int descriptor, std::function<void(Ready)> on_ready);
  ~PolledSocket();
  PolledSocket(const PolledSocket&) = delete;
  PolledSocket& operator=(const PolledSocket&) = delete;

  int descriptor() const;
  void watch(Interest interest);

 private:
  struct State;
  State* state_;
};

}  // namespace dauth::net

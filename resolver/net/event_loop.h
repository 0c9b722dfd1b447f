// EventLoop: one thread's loop of events (libuv), with timers, signals and calls from other threads.
//
// Owns the uv_loop_t. Timers and signal watches are RAII handles: destroyed, they never call again. Handles
// and transports must not outlive their loop. Everything but post() belongs to the thread that runs the loop.
// An exception out of a callback does not cross libuv: the loop stops and run() throws it on.
// Errors: the constructor and the handles throw std::system_error when the system has no resources left.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

struct uv_loop_s;

namespace dauth::net {

class EventLoop {
 public:
  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  // Runs until stop(), however little there is to do; may be run again afterwards.
  void run();
  // From a callback: run() returns after the present round. Before run(): that run() returns at once.
  void stop();

  class Timer {
   public:
    Timer();
    Timer(Timer&&) noexcept;
    Timer& operator=(Timer&&) noexcept;
    ~Timer();

   private:
    friend class EventLoop;
    struct State;
    explicit Timer(State* state);
    State* state_ = nullptr;
  };
  // Calls once, `delay` from now, or again and again. A timer that is late does not catch up.
  [[nodiscard]] Timer after(std::chrono::milliseconds delay, std::function<void()> callback);
  [[nodiscard]] Timer every(std::chrono::milliseconds interval, std::function<void()> callback);

  // Has `callback` run by the loop, in the order of the calls. From any thread, at any time before the
  // loop's end; what the loop has not come to then is dropped.
  void post(std::function<void()> callback);

  class SignalWatch {
   public:
    SignalWatch();
    SignalWatch(SignalWatch&&) noexcept;
    SignalWatch& operator=(SignalWatch&&) noexcept;
    ~SignalWatch();

   private:
    friend class EventLoop;
    struct State;
    explicit SignalWatch(State* state);
    State* state_ = nullptr;
  };
  // `callback` gets the signal's number, on the loop's thread, at each arrival while the watch lives.
  [[nodiscard]] SignalWatch on_signal(int signal_number, std::function<void(int)> callback);

  // For transports of this folder.
  uv_loop_s* native();
  // Keeps the exception for run() to throw, and stops the loop. The first one wins.
  void fail(std::exception_ptr exception) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dauth::net

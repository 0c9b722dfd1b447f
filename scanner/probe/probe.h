// Probe<T>: a coroutine that asks questions of an Inquiry and comes to a T.
//
// The function's first parameter is the Inquiry; its pool holds the frame. A probe is started once, runs
// until its first unanswered question, and is done when its value is there; another probe may co_await it.
// The Probe owns the frame: destroying it ends the coroutine wherever it stands. A probe is written without
// exceptions; one that leaves its body (exhausted memory, a bug) comes out of take(), or of awaiting it.
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <new>
#include <optional>
#include <utility>

#include "scanner/probe/inquiry.h"

namespace dauth::scanner {

template <class T>
class [[nodiscard]] Probe {
 public:
  class promise_type {
   public:
    Probe get_return_object() { return Probe(Handle::from_promise(*this)); }
    std::suspend_always initial_suspend() const noexcept { return {}; }
    auto final_suspend() const noexcept { return FinalAwaiter{}; }
    void return_value(T value) { value_.emplace(std::move(value)); }
    void unhandled_exception() noexcept { fault_ = std::current_exception(); }

    template <class... Rest>
    static void* operator new(std::size_t size, Inquiry& inquiry, const Rest&...) {
      std::byte* block = static_cast<std::byte*>(inquiry.pool().allocate(size + kPrefix, kAlignment));
      new (block) std::pmr::memory_resource*(&inquiry.pool());
      return block + kPrefix;
    }
    static void operator delete(void* frame, std::size_t size) {
      std::byte* block = static_cast<std::byte*>(frame) - kPrefix;
      std::pmr::memory_resource* pool = *std::launder(reinterpret_cast<std::pmr::memory_resource**>(block));
      pool->deallocate(block, size + kPrefix, kAlignment);
    }

   private:
    friend class Probe;
    // The frame's pool is noted before it, since operator delete learns nothing but the address.
    static constexpr std::size_t kAlignment = __STDCPP_DEFAULT_NEW_ALIGNMENT__;
    static constexpr std::size_t kPrefix = kAlignment;
    static_assert(sizeof(std::pmr::memory_resource*) <= kPrefix);

    T take() {
      if (fault_) std::rethrow_exception(std::exchange(fault_, nullptr));
      return std::move(*value_);
    }

    std::optional<T> value_;
    std::exception_ptr fault_;
    std::coroutine_handle<> continuation_;
  };

  Probe(Probe&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Probe& operator=(Probe&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Probe() {
    if (handle_) handle_.destroy();
  }

  // Runs until the first question without an outcome.
  void start() { handle_.resume(); }
  bool done() const { return handle_.done(); }
  // The value of a probe that is done; once.
  T take() { return handle_.promise().take(); }

  // Awaiting a started probe: goes on when it is done. (An awaiter of its own, since g++ 12 copies an awaited
  // lvalue that is awaiter itself.)
  auto operator co_await() noexcept { return ResultAwaiter{handle_}; }

 private:
  using Handle = std::coroutine_handle<promise_type>;
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle finished) const noexcept {
      const auto continuation = finished.promise().continuation_;
      return continuation ? continuation : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  struct ResultAwaiter {
    Handle probe;
    bool await_ready() const noexcept { return probe.done(); }
    void await_suspend(std::coroutine_handle<> continuation) const noexcept {
      probe.promise().continuation_ = continuation;
    }
    T await_resume() const { return probe.promise().take(); }
  };

  explicit Probe(Handle handle) : handle_(handle) {}
  Handle handle_;
};

}  // namespace dauth::scanner

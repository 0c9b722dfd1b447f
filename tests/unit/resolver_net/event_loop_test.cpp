#include "resolver/net/event_loop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <stdexcept>
#include <thread>
#include <vector>

namespace dauth::net {
namespace {

using std::chrono::milliseconds;

TEST(EventLoop, RunsUntilStopped) {
  EventLoop loop;
  bool called = false;
  const auto timer = loop.after(milliseconds(1), [&] {
    called = true;
    loop.stop();
  });
  loop.run();
  EXPECT_TRUE(called);
}

TEST(EventLoop, AStopBeforeTheRunEndsItAtOnceAndOnlyThatOne) {
  EventLoop loop;
  loop.stop();
  loop.run();
  int calls = 0;
  const auto timer = loop.after(milliseconds(0), [&] {
    ++calls;
    loop.stop();
  });
  loop.run();
  EXPECT_EQ(calls, 1);
}

TEST(EventLoop, RepeatsUntilTheHandleIsGone) {
  EventLoop loop;
  int calls = 0;
  EventLoop::Timer timer;
  EventLoop::Timer end;
  timer = loop.every(milliseconds(1), [&] {
    if (++calls < 3) return;
    timer = {};  // from inside its own callback
    end = loop.after(milliseconds(10), [&] { loop.stop(); });
  });
  loop.run();
  EXPECT_EQ(calls, 3);
}

TEST(EventLoop, AMovedTimerGoesOn) {
  EventLoop loop;
  EventLoop::Timer kept;
  {
    EventLoop::Timer timer = loop.after(milliseconds(1), [&] { loop.stop(); });
    kept = std::move(timer);
  }
  loop.run();
}

TEST(EventLoop, PostedCallsRunInOrderOnTheLoopsThread) {
  EventLoop loop;
  std::vector<int> order;
  std::thread::id where;
  std::thread other([&] {
    for (int index = 0; index < 1000; ++index) loop.post([&order, index] { order.push_back(index); });
    loop.post([&] {
      where = std::this_thread::get_id();
      loop.stop();
    });
  });
  loop.run();
  other.join();
  ASSERT_EQ(order.size(), 1000u);
  for (int index = 0; index < 1000; ++index) EXPECT_EQ(order[static_cast<std::size_t>(index)], index);
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(EventLoop, ThrowsACallbacksExceptionOutOfRun) {
  EventLoop loop;
  loop.post([] { throw std::runtime_error("from a posted call"); });
  EXPECT_THROW(loop.run(), std::runtime_error);
  const auto timer = loop.after(milliseconds(0), [] { throw std::logic_error("from a timer"); });
  EXPECT_THROW(loop.run(), std::logic_error);
}

TEST(EventLoop, WatchesSignalsWhileTheHandleLives) {
  EventLoop loop;
  std::vector<int> seen;
  auto watch = loop.on_signal(SIGTERM, [&](int number) {
    seen.push_back(number);
    loop.stop();
  });
  const auto also = loop.on_signal(SIGINT, [&](int number) {
    seen.push_back(number);
    std::raise(SIGTERM);
  });
  std::raise(SIGINT);
  loop.run();
  EXPECT_THAT(seen, ::testing::ElementsAre(SIGINT, SIGTERM));
}

TEST(EventLoop, PostedCallsThatNobodyRunsAreDropped) {
  auto token = std::make_shared<int>(0);
  {
    EventLoop loop;
    loop.post([token] { ++*token; });
  }
  EXPECT_EQ(*token, 0);
  EXPECT_EQ(token.use_count(), 1);
}

}  // namespace
}  // namespace dauth::net

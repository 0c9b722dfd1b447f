// SurveyDatabase: the store on a thread of its own, so that no commit ever holds up the event loop.
//
// Owns the Store and the thread. Calls are queued and carried out in order; what comes back arrives on the
// event loop. Bounded by its caller: rows_waiting() tells how much is not committed yet.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "data/store.h"
#include "resolver/net/event_loop.h"

namespace dauth::scanner {

enum class SurveyPass : std::uint8_t {
  kMain,    // names without a row
  kSecond,  // names whose row has a lookup failure
};

class SurveyDatabase {
 public:
  // `on_error` is called on the loop, once: nothing is written after the first error.
  SurveyDatabase(data::Store store, data::RunId run, net::EventLoop& loop,
                 std::function<void(const data::StoreError&)> on_error);
  ~SurveyDatabase();
  SurveyDatabase(const SurveyDatabase&) = delete;
  SurveyDatabase& operator=(const SurveyDatabase&) = delete;

  // Commits the rows in one transaction, then calls `saved` on the loop.
  void save(std::vector<data::SurveyedName> rows, const data::RunFigures& figures,
            std::function<void()> saved);
  // Reads the next names of a pass behind `after_position` and gives them to `fetched` on the loop; an empty
  // page is the end of the pass.
  void fetch(SurveyPass pass, std::uint64_t after_position, std::size_t limit,
             std::function<void(std::vector<data::PlannedName>)> fetched);

  // How many names the second pass has, and some names that were measured in full.
  struct Failures {
    std::uint64_t names = 0;
    std::vector<dns::DomainName> measured;  // kMeasured at most, none where no name failed
  };
  static constexpr std::size_t kMeasured = 64;
  void look_at_failures(std::function<void(Failures)> found);

  std::size_t rows_waiting() const { return rows_waiting_.load(std::memory_order_relaxed); }

  // Waits until all that was queued is done and gives the store back. Nothing may be queued afterwards.
  data::Store finish();

 private:
  void run();
  void push(std::function<void()> job);
  void fail(const data::StoreError& error);

  data::Store store_;
  const data::RunId run_;
  net::EventLoop& loop_;
  const std::function<void(const data::StoreError&)> on_error_;
  bool failed_ = false;  // the database thread's
  std::atomic<std::size_t> rows_waiting_{0};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool ending_ = false;
  std::thread thread_;  // last: it uses all the others
};

}  // namespace dauth::scanner

#include "scanner/survey/survey_database.h"

#include <exception>
#include <utility>

namespace dauth::scanner {

SurveyDatabase::SurveyDatabase(data::Store store, data::RunId run, net::EventLoop& loop,
                               std::function<void(const data::StoreError&)> on_error)
    : store_(std::move(store)), run_(run), loop_(loop), on_error_(std::move(on_error)), thread_([this] {
        this->run();
      }) {}

SurveyDatabase::~SurveyDatabase() {
  if (thread_.joinable()) finish();
}

void SurveyDatabase::save(std::vector<data::SurveyedName> rows, const data::RunFigures& figures,
                          std::function<void()> saved) {
  rows_waiting_.fetch_add(rows.size(), std::memory_order_relaxed);
  push([this, rows = std::move(rows), figures, saved = std::move(saved)] {
    if (failed_) return;
    const auto result = store_.save(run_, rows, figures);
    rows_waiting_.fetch_sub(rows.size(), std::memory_order_relaxed);
    if (!result) return fail(result.error());
    loop_.post(saved);
  });
}

void SurveyDatabase::fetch(SurveyPass pass, std::uint64_t after_position, std::size_t limit,
                           std::function<void(std::vector<data::PlannedName>)> fetched) {
  push([this, pass, after_position, limit, fetched = std::move(fetched)] {
    if (failed_) return;
    auto names = pass == SurveyPass::kMain ? store_.names_to_survey(run_, after_position, limit)
                                           : store_.names_that_failed(run_, after_position, limit);
    if (!names) return fail(names.error());
    loop_.post([fetched, page = std::move(*names)]() mutable { fetched(std::move(page)); });
  });
}

void SurveyDatabase::look_at_failures(std::function<void(Failures)> found) {
  push([this, found = std::move(found)] {
    if (failed_) return;
    Failures failures;
    const auto names = store_.count_names_that_failed(run_);
    if (!names) return fail(names.error());
    failures.names = *names;
    if (failures.names > 0) {
      auto measured = store_.names_measured(run_, kMeasured);
      if (!measured) return fail(measured.error());
      failures.measured = std::move(*measured);
    }
    loop_.post([found, failures = std::move(failures)]() mutable { found(std::move(failures)); });
  });
}

data::Store SurveyDatabase::finish() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
  return std::move(store_);
}

void SurveyDatabase::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    try {
      job();
    } catch (...) {
      // Exhausted memory or a bug: no exception may end the thread, main reports it.
      failed_ = true;
      loop_.post([fault = std::current_exception()] { std::rethrow_exception(fault); });
    }
  }
}

void SurveyDatabase::push(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

void SurveyDatabase::fail(const data::StoreError& error) {
  failed_ = true;
  loop_.post([this, error] { on_error_(error); });
}

}  // namespace dauth::scanner

// SurveyRun: all names of a run, from the first question to the last committed row.
//
// Takes names in the run's order as long as the resolver has room, runs their probes, saves their rows in
// batches; then waits and asks again, slowly, for the names that failed (docs/measurement-method.md, second
// pass). Memory is bounded by the window: names and finished rows are held by the page. Borrows the loop and
// the resolver; everything happens on the loop's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "data/store.h"
#include "resolver/net/event_loop.h"
#include "resolver/stub_resolver.h"
#include "scanner/survey/domain_survey.h"
#include "scanner/survey/survey_database.h"

namespace dauth::scanner {

struct SurveySettings {
  ProbeSelection probes;
  std::uint64_t seed = 0;
  std::chrono::milliseconds second_pass_after{std::chrono::minutes(10)};
  std::size_t second_pass_domains = 10;  // open at a time: failures are asked again gently
  std::uint64_t names = 0;               // of the whole run
  std::uint64_t surveyed = 0;            // of these, already in the database when a stopped run goes on
};

struct SurveyProgress {
  enum class Stage : std::uint8_t { kMainPass, kWaiting, kSecondPass, kSaving };
  Stage stage = Stage::kMainPass;
  std::uint64_t names = 0;
  std::uint64_t done = 0;        // with a row, committed or about to be
  std::uint64_t unmeasured = 0;  // names that failed so far, in this process
  std::uint64_t second_pass_done = 0;
  std::uint64_t open_domains = 0;
  std::uint64_t questions = 0;  // sent, in this process
};

class SurveyRun final : private DomainSurvey::Listener {
 public:
  enum class End : std::uint8_t {
    kComplete,  // every name has a row
    kStopped,   // stop(): what was finished is saved
    kFailed,    // the database refused
  };

  // `ended` is called once, on the loop, when everything is saved that will be.
  SurveyRun(net::EventLoop& loop, resolver::StubResolver& resolver, SurveySettings settings,
            std::function<void(End)> ended);
  ~SurveyRun();

  // The database's errors belong to on_database_error.
  void start(SurveyDatabase& database);
  void on_database_error();

  // Admits no more, forgets the open questions, saves the finished rows and ends.
  void stop();

  SurveyProgress progress() const;

 private:
  void on_domain_done(DomainSurvey& survey) override;
  void begin_pass(SurveyPass pass);
  void fetch_more();
  void on_page(std::vector<data::PlannedName> page);
  void admit();
  void flush();
  void on_saved(std::size_t rows);
  void check_pass_end();
  void end(End how);
  bool has_capacity() const;

  net::EventLoop& loop_;
  resolver::StubResolver& resolver_;
  const SurveySettings settings_;
  const std::function<void(End)> ended_;
  const RandomLabelSource random_label_;
  SurveyDatabase* database_ = nullptr;

  SurveyPass pass_ = SurveyPass::kMain;
  bool waiting_for_second_pass_ = false;
  std::vector<data::PlannedName> supply_;  // taken from the back: pages come in reversed
  std::uint64_t last_fetched_ = 0;         // position
  bool fetching_ = false;
  bool no_more_names_ = false;
  bool admitting_ = false;
  bool stopping_ = false;
  bool ended_already_ = false;

  std::pmr::unsynchronized_pool_resource pool_;
  std::pmr::unordered_map<const DomainSurvey*, DomainSurvey*> open_;
  std::vector<data::SurveyedName> finished_;  // not handed to the database yet
  std::size_t rows_being_saved_ = 0;
  data::RunFigures saved_figures_;
  std::chrono::steady_clock::time_point figures_since_;
  net::EventLoop::Timer flush_timer_;
  net::EventLoop::Timer second_pass_timer_;
  SurveyProgress progress_;
};

}  // namespace dauth::scanner

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
#include "resolver/rate_limit.h"
#include "resolver/stub_resolver.h"
#include "scanner/list/excluded_names.h"
#include "scanner/survey/control_names.h"
#include "scanner/survey/domain_survey.h"
#include "scanner/survey/survey_database.h"

namespace dauth::scanner {

inline constexpr double kSecondPassRate = 20;  // names a second

struct SurveySettings {
  ProbeSelection probes;
  std::uint64_t seed = 0;
  std::chrono::milliseconds second_pass_after{std::chrono::minutes(10)};
  // Failures are asked again gently: so many names open at a time, and so many begun in a second.
  std::size_t second_pass_domains = 10;
  double second_pass_rate = kSecondPassRate;
  std::uint64_t control_seed = 0;  // another one for each process
  std::uint64_t names = 0;         // of the whole run
  std::uint64_t surveyed = 0;      // of these, already in the database when a stopped run goes on
  ExcludedNames excluded;          // get a row, and nothing is asked about them
};

struct SurveyProgress {
  enum class Stage : std::uint8_t { kMainPass, kWaiting, kSecondPass, kSaving };
  Stage stage = Stage::kMainPass;
  std::uint64_t names = 0;
  std::uint64_t done = 0;               // with a row, committed or about to be
  std::uint64_t unmeasured = 0;         // names that failed so far, in this process
  std::uint64_t excluded = 0;           // names that nothing was asked about, in this process
  std::uint64_t second_pass_names = 0;  // that failed in the main pass, those of an earlier process too
  std::uint64_t second_pass_done = 0;
  std::optional<std::chrono::steady_clock::time_point> second_pass_from = {};  // while it is waited for
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

  // Called when the wait for the second pass begins, and when that pass does.
  void set_stage_listener(std::function<void()> listener) { stage_listener_ = std::move(listener); }

  // The database's errors belong to on_database_error.
  void start(SurveyDatabase& database);
  void on_database_error();

  // Admits no more, forgets the open questions, saves the finished rows and ends.
  void stop();

  SurveyProgress progress() const;

 private:
  // A name that is being asked, and how its row of the main pass failed, in the second one.
  struct Open {
    DomainSurvey* survey = nullptr;
    std::uint32_t failures_before = 0;
    bool mx_host_failure_before = false;
    bool servfail_before = false;
  };

  void begin(data::PlannedName name);
  void leave_out(const data::PlannedName& name);
  void on_domain_done(DomainSurvey& survey) override;
  void on_asked_again(const Open& open, data::SurveyedName row);
  void ask_control();
  void on_control(bool answered);
  void on_failures(SurveyDatabase::Failures failures);
  void begin_pass(SurveyPass pass);
  void fetch_more();
  void on_page(std::vector<data::PlannedName> page);
  void admit();
  void flush();
  void on_saved(std::size_t rows);
  void check_pass_end();
  void end(End how);
  bool has_capacity();

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

  SharedAnswers shared_;
  bool held_back_ = false;  // admission waits until fewer domains wait for shared answers

  std::pmr::unsynchronized_pool_resource pool_;
  std::pmr::unordered_map<const DomainSurvey*, Open> open_;
  std::vector<data::SurveyedName> finished_;  // not handed to the database yet
  std::size_t rows_being_saved_ = 0;
  data::RunFigures saved_figures_;
  std::chrono::steady_clock::time_point figures_since_;
  net::EventLoop::Timer flush_timer_;
  net::EventLoop::Timer second_pass_timer_;
  std::function<void()> stage_listener_;

  // The second pass.
  resolver::RateLimit second_pass_rate_;
  net::EventLoop::Timer pace_timer_;
  ControlNames control_names_;
  resolver::RateLimit control_rate_{1};
  net::EventLoop::Timer control_timer_;
  std::vector<data::SurveyedName> in_doubt_;       // SERVFAIL again; a control is to be asked
  std::vector<data::SurveyedName> under_control_;  // the control that is open decides on them
  SurveyProgress progress_;
};

}  // namespace dauth::scanner

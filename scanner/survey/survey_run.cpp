#include "scanner/survey/survey_run.h"

#include <algorithm>
#include <utility>

#include "scanner/probe/evidence.h"
#include "scanner/survey/random_label.h"

namespace dauth::scanner {
namespace {

constexpr std::size_t kPageSize = 2000;   // names read ahead at a time
constexpr std::size_t kBatchSize = 1000;  // rows in one transaction
// Domains whose answers are written down one after the other: the code for it and the code that reads a reply
// do not fit into the first-level cache together.
constexpr std::size_t kDoneAtOnce = 16;
constexpr std::size_t kMaxRowsWaiting = 16'000;  // finished rows not committed, before admission pauses
// A domain that waits for another one's question has none of its own, so the resolver's window does not bound
// how many there are. So many shared answers may be waited for before admission pauses, and it goes on at
// half of them.
constexpr std::size_t kMostWaiting = 4'000;
constexpr std::chrono::milliseconds kFlushInterval{250};  // what a kill may take back

std::chrono::milliseconds time_until(net::TimePoint then, net::TimePoint now) {
  return std::chrono::ceil<std::chrono::milliseconds>(then - now);
}

// Whether the second pass has the name.
bool is_asked_again(const data::Observation& observation) {
  return data::has_lookup_failure(observation) || data::has_mx_host_failure(observation);
}

bool has_servfail(const data::Observation& observation) {
  const data::Finding servfail = data::Finding::unmeasured(data::Cause::kServfail);
  return data::lookup_failures(observation, data::Cause::kServfail) > 0 ||
         observation[data::Metric::kMxIpv6] == servfail ||
         observation[data::Metric::kMxNoAddress] == servfail;
}

// The row says of each SERVFAIL that it has persisted.
void mark_as_persistent(data::SurveyedName& row) {
  mark_servfail_as_persistent(row.observation);
  mark_servfail_as_persistent(row.answers);
}

}  // namespace

SurveyRun::SurveyRun(net::EventLoop& loop, resolver::StubResolver& resolver, SurveySettings settings,
                     std::function<void(End)> ended)
    : loop_(loop),
      resolver_(resolver),
      settings_(std::move(settings)),
      ended_(std::move(ended)),
      random_label_(
          [seed = settings_.seed](const dns::DomainName& domain) { return random_label(seed, domain); }),
      shared_(resolver, settings_.excluded, {settings_.control_seed, settings_.seed}),
      open_(&pool_),
      second_pass_rate_(settings_.second_pass_rate),
      control_names_(resolver, settings_.control_seed) {
  progress_.names = settings_.names;
  progress_.done = settings_.surveyed;
}

SurveyRun::~SurveyRun() {
  resolver_.set_room_listener({});
  resolver_.cancel_all();
  std::pmr::polymorphic_allocator<> allocator(&pool_);
  for (auto& [key, open] : open_) allocator.delete_object(open.survey);
  for (DomainSurvey* survey : done_) allocator.delete_object(survey);
}

void SurveyRun::start(SurveyDatabase& database) {
  database_ = &database;
  figures_since_ = std::chrono::steady_clock::now();
  resolver_.set_room_listener([this] { admit(); });
  flush_timer_ = loop_.every(kFlushInterval, [this] {
    flush();
    // Room may come without a call: when a server that rested is asked again.
    admit();
  });
  begin_pass(SurveyPass::kMain);
}

void SurveyRun::begin_pass(SurveyPass pass) {
  pass_ = pass;
  progress_.stage =
      pass == SurveyPass::kMain ? SurveyProgress::Stage::kMainPass : SurveyProgress::Stage::kSecondPass;
  last_fetched_ = 0;
  no_more_names_ = false;
  shared_.forget_failures();
  fetch_more();
}

void SurveyRun::fetch_more() {
  if (fetching_ || no_more_names_ || stopping_ || supply_.size() >= kPageSize) return;
  fetching_ = true;
  database_->fetch(pass_, last_fetched_, kPageSize,
                   [this](std::vector<data::PlannedName> page) { on_page(std::move(page)); });
}

void SurveyRun::on_page(std::vector<data::PlannedName> page) {
  fetching_ = false;
  if (page.empty()) {
    no_more_names_ = true;
  } else {
    last_fetched_ = page.back().position;
    supply_.add(std::move(page));
  }
  admit();
}

bool SurveyRun::has_capacity() {
  if (stopping_ || !resolver_.has_room()) return false;
  if (finished_.size() + database_->rows_waiting() >= kMaxRowsWaiting) return false;
  if (shared_.waiting() >= kMostWaiting) {
    held_back_ = true;
    return false;
  }
  if (pass_ == SurveyPass::kMain) return true;
  if (open_.size() >= settings_.second_pass_domains) return false;
  const auto now = net::Clock::now();
  if (second_pass_rate_.allows(now)) return true;
  pace_timer_ = loop_.after(time_until(second_pass_rate_.free_from(), now), [this] { admit(); });
  return false;
}

void SurveyRun::admit() {
  if (admitting_) return;
  admitting_ = true;
  while (!supply_.empty() && has_capacity()) {
    data::PlannedName name = supply_.take();
    if (settings_.excluded.covers(name.name)) {
      leave_out(name);
    } else {
      begin(std::move(name));
    }
  }
  admitting_ = false;
  fetch_more();
  check_pass_end();
}

void SurveyRun::begin(data::PlannedName name) {
  std::pmr::polymorphic_allocator<> allocator(&pool_);
  auto* survey = allocator.new_object<DomainSurvey>(
      pool_, resolver_, static_cast<DomainSurvey::Listener&>(*this), std::move(name.name), settings_.probes,
      random_label_, name.position,
      pass_ == SurveyPass::kMain ? AfterFailure::kOneTry : AfterFailure::kAllTries, &shared_);
  open_.emplace(survey, Open{survey, name.failures, name.mx_host_failure, name.servfail});
  if (pass_ == SurveyPass::kSecond) second_pass_rate_.take(net::Clock::now());
  survey->start();
}

// In the second pass it is a name that was excluded only when the run went on: whatever its row says was
// asked before, and no more will be.
void SurveyRun::leave_out(const data::PlannedName& name) {
  ++progress_.excluded;
  if (pass_ == SurveyPass::kMain) {
    ++progress_.done;
  } else {
    ++progress_.second_pass_done;
    if (progress_.unmeasured > 0) --progress_.unmeasured;
  }
  finished_.push_back({name.position, data::Observation::all_unmeasured(data::Cause::kExcluded)});
  if (finished_.size() >= kBatchSize) flush();
}

void SurveyRun::on_domain_done(DomainSurvey& survey) {
  if (pass_ == SurveyPass::kMain) {
    ++progress_.done;
    done_.push_back(&survey);
    open_.erase(&survey);
    if (done_.size() >= kDoneAtOnce) write_down_done();
  } else {
    on_asked_again(open_.at(&survey), row_of(survey));
    open_.erase(&survey);
    std::pmr::polymorphic_allocator<>(&pool_).delete_object(&survey);
  }
  if (finished_.size() >= kBatchSize) flush();
  // The resolver calls admit() when it has room; the second pass and the end of a pass are bounded by
  // domains.
  const bool goes_on = held_back_ && shared_.waiting() <= kMostWaiting / 2;
  if (goes_on || pass_ == SurveyPass::kSecond || (supply_.empty() && open_.empty())) {
    held_back_ = false;
    loop_.post([this] { admit(); });
  }
}

data::SurveyedName SurveyRun::row_of(DomainSurvey& survey) const {
  return {survey.position(), survey.take(), stored_answers(survey, survey.domain(), random_label_)};
}

void SurveyRun::write_down_done() {
  std::pmr::polymorphic_allocator<> allocator(&pool_);
  while (!done_.empty()) {
    // Its findings can be taken once only: it must not be met again where memory ends just here.
    const auto give_back = [&](DomainSurvey* survey) { allocator.delete_object(survey); };
    const std::unique_ptr<DomainSurvey, decltype(give_back)> survey(done_.back(), give_back);
    done_.pop_back();
    const data::SurveyedName& row = finished_.emplace_back(row_of(*survey));
    if (is_asked_again(row.observation)) ++progress_.unmeasured;
  }
}

void SurveyRun::on_asked_again(const Open& open, data::SurveyedName row) {
  const std::uint32_t failures = data::lookup_failures(row.observation);
  const bool mx_host_failure = data::has_mx_host_failure(row.observation);
  ++progress_.second_pass_done;
  if (!is_asked_again(row.observation) && progress_.unmeasured > 0) --progress_.unmeasured;
  // Does the row of the main pass know more?
  if (failures > open.failures_before) return;
  if (failures == open.failures_before && mx_host_failure && !open.mx_host_failure_before) return;
  if (open.servfail_before && has_servfail(row.observation)) {
    in_doubt_.push_back(std::move(row));
    ask_control();
  } else {
    finished_.push_back(std::move(row));
  }
}

// Is it the name, or the resolver? One control for all that are in doubt, since names of other people are
// asked.
void SurveyRun::ask_control() {
  if (stopping_ || in_doubt_.empty() || !under_control_.empty()) return;
  const auto now = net::Clock::now();
  if (!control_rate_.allows(now)) {
    control_timer_ = loop_.after(time_until(control_rate_.free_from(), now), [this] { ask_control(); });
    return;
  }
  control_rate_.take(now);
  under_control_.swap(in_doubt_);
  if (!control_names_.ask([this](bool answered) { on_control(answered); })) on_control(false);
}

void SurveyRun::on_control(bool answered) {
  for (data::SurveyedName& row : under_control_) {
    if (answered) mark_as_persistent(row);
    finished_.push_back(std::move(row));
  }
  under_control_.clear();
  ask_control();
  loop_.post([this] { admit(); });
}

void SurveyRun::flush() {
  if (ended_already_) return;
  write_down_done();
  if (finished_.empty()) return;
  const resolver::ResolverFigures& now = resolver_.figures();
  const auto time = std::chrono::steady_clock::now();
  data::RunFigures total;
  total.questions = now.questions_sent;
  total.retries = now.retries + now.resent;
  total.timeouts = now.timeouts;
  total.tcp_questions = now.tcp_questions;
  data::RunFigures added;
  added.questions = total.questions - saved_figures_.questions;
  added.retries = total.retries - saved_figures_.retries;
  added.timeouts = total.timeouts - saved_figures_.timeouts;
  added.tcp_questions = total.tcp_questions - saved_figures_.tcp_questions;
  const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(time - figures_since_);
  added.run_milliseconds = static_cast<std::uint64_t>(elapsed.count());
  saved_figures_ = total;
  figures_since_ += elapsed;

  std::vector<data::SurveyedName> batch;
  batch.swap(finished_);
  finished_.reserve(kBatchSize);
  // Nearly in the order of the table's key, which is what the database takes fastest.
  std::sort(batch.begin(), batch.end(), [](const auto& a, const auto& b) { return a.position < b.position; });
  const std::size_t rows = batch.size();
  rows_being_saved_ += rows;
  database_->save(std::move(batch), added, [this, rows] { on_saved(rows); });
}

void SurveyRun::on_saved(std::size_t rows) {
  rows_being_saved_ -= rows;
  admit();
}

void SurveyRun::check_pass_end() {
  if (ended_already_ || waiting_for_second_pass_) return;
  if (stopping_) {
    flush();
    if (rows_being_saved_ == 0 && !fetching_) end(End::kStopped);
    return;
  }
  if (!no_more_names_ || !supply_.empty() || !open_.empty()) return;
  if (!in_doubt_.empty() || !under_control_.empty()) return;
  flush();
  if (rows_being_saved_ > 0) return;  // on_saved comes back here
  if (pass_ == SurveyPass::kSecond) return end(End::kComplete);

  // The main pass is in the database. Is there anything to ask again? A run that was stopped may have
  // failures of its former part, so the database is asked, not the counter.
  waiting_for_second_pass_ = true;
  database_->look_at_failures(
      [this](SurveyDatabase::Failures failures) { on_failures(std::move(failures)); });
}

void SurveyRun::on_failures(SurveyDatabase::Failures failures) {
  if (failures.names == 0 || stopping_) {
    waiting_for_second_pass_ = false;
    if (!stopping_) return end(End::kComplete);
    return check_pass_end();
  }
  progress_.stage = SurveyProgress::Stage::kWaiting;
  progress_.second_pass_names = failures.names;
  progress_.unmeasured = failures.names;
  progress_.second_pass_from = std::chrono::steady_clock::now() + settings_.second_pass_after;
  // A run that goes on may have measured names that are excluded now.
  std::erase_if(failures.measured,
                [this](const dns::DomainName& name) { return settings_.excluded.covers(name); });
  control_names_.set_names(std::move(failures.measured));
  if (stage_listener_) stage_listener_();
  second_pass_timer_ = loop_.after(settings_.second_pass_after, [this] {
    waiting_for_second_pass_ = false;
    progress_.second_pass_from.reset();
    figures_since_ = std::chrono::steady_clock::now();  // the wait is no time spent surveying
    begin_pass(SurveyPass::kSecond);
    if (stage_listener_) stage_listener_();
  });
}

void SurveyRun::stop() {
  if (stopping_ || ended_already_) return;
  stopping_ = true;
  waiting_for_second_pass_ = false;
  second_pass_timer_ = {};
  supply_.clear();
  resolver_.cancel_all();
  // Their names are asked again when the run goes on; the rows of the main pass stand until then.
  in_doubt_.clear();
  under_control_.clear();
  progress_.stage = SurveyProgress::Stage::kSaving;
  check_pass_end();
}

void SurveyRun::on_database_error() {
  end(End::kFailed);
}

void SurveyRun::end(End how) {
  if (ended_already_) return;
  ended_already_ = true;
  stopping_ = true;
  flush_timer_ = {};
  second_pass_timer_ = {};
  pace_timer_ = {};
  control_timer_ = {};
  resolver_.set_room_listener({});
  resolver_.cancel_all();
  ended_(how);
}

SurveyProgress SurveyRun::progress() const {
  SurveyProgress progress = progress_;
  progress.open_domains = open_.size();
  progress.questions = resolver_.figures().questions_sent;
  return progress;
}

}  // namespace dauth::scanner

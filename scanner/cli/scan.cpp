#include "scanner/cli/scan.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <random>

#include "resolver/net/event_loop.h"
#include "resolver/net/random_source.h"
#include "resolver/net/uv_transport.h"
#include "scanner/cli/command.h"
#include "scanner/cli/held_signals.h"
#include "scanner/cli/kept_apart.h"
#include "scanner/cli/option_values.h"
#include "scanner/cli/progress_display.h"
#include "scanner/cli/scan_texts.h"
#include "scanner/cli/silence_watch.h"
#include "scanner/cli/version.h"
#include "scanner/survey/preflight.h"
#include "scanner/survey/survey_run.h"

namespace dauth::scanner::cli {
namespace {

using data::RunRecord;

// One scan from the open store on: the list, the survey, the counts. Everything happens on the event loop, a
// slice of the list at a time, so that signals and progress have their turn.
class Scan {
 public:
  Scan(Console& console, const ScanOptions& options, const ScanPlan& plan, ScanMaterial material,
       ScanWatch& watch)
      : console_(console),
        options_(options),
        plan_(plan),
        store_(std::move(material.store)),
        intake_(std::move(material.intake)),
        categorizer_(material.categorizer),
        excluded_(std::move(material.excluded)),
        watch_(watch),
        progress_(console, loop_, plan.progress, plan.month),
        database_file_(FileIdentity::of(options.database)),
        unfinished_(std::move(material.unfinished)),
        silence_(plan.give_up_after) {
    intake_.set_excluded(excluded_);
  }

  ExitStatus run() {
    const auto on_signal = [this](int number) { interrupt(number); };
    std::vector<net::EventLoop::SignalWatch> watches;
    for (const int number : ending_signals()) watches.push_back(loop_.on_signal(number, on_signal));
    progress_.watch([this] { return progress_text(); });
    watch_.follow(loop_, [this](ScanMetrics& metrics) { fill(metrics); });

    loop_.post([this] { begin(); });
    loop_.run();
    if (!status_) {
      const std::string rate = remote_rate_text(plan_.resolver);
      if (!rate.empty()) console_.say(rate);
      if (!options_.no_preflight) check_resolvers();
    }
    if (!status_) {
      survey();
      loop_.run();
      silence_timer_ = {};
      store_.emplace(database_->finish());
    }
    watch_.unfollow();
    progress_.finish();
    // From here the loop does not run.
    watches.clear();
    return status_ ? *status_ : finish();
  }

 private:
  // A long call to the store that a held signal breaks off.
  template <class Call>
  auto breakable(Call call) {
    store_->set_interrupt(HeldSignals::some_wait);
    auto result = call();
    store_->set_interrupt({});
    return result;
  }

  // --- the list
  void begin() {
    if (!unfinished_) {
      const auto run = store_->begin_run(settings());
      if (!run) return fail(run.error());
      run_ = *run;
    }
    read_list();
  }

  void read_list() {
    if (status_) return;
    // Reading may wait for whoever fills a pipe, and putting millions of names in order takes seconds.
    HeldSignals signals;
    // A run that goes on has its names already: its lists are read only to see that they are the same.
    const auto all_read = intake_.read_slice(unfinished_ ? nullptr : &*store_, run_, categorizer_);
    if (const auto number = signals.take()) return interrupt(*number);
    if (!all_read) {
      if (all_read.error().kind == IntakeError::Kind::kList) {
        if (!unfinished_) static_cast<void>(store_->abandon_run(run_));
        return end(ExitStatus::kUsage, "LIST: " + printable(all_read.error().message));
      }
      return end(ExitStatus::kFault, fmt::format("--database: '{}': {}", printable(options_.database),
                                                 printable(all_read.error().message)));
    }
    if (!*all_read) return loop_.post([this] { read_list(); });
    if (unfinished_) return resume();

    if (intake_.mentions() == 0) {
      static_cast<void>(store_->abandon_run(run_));
      return end(ExitStatus::kUsage, fmt::format("LIST: no name in {}{}", lists_text(), rejected_text()));
    }
    const auto listed = breakable([&] { return store_->finish_list(run_, intake_.fingerprint()); });
    if (!listed) {
      if (const auto number = signals.take()) return interrupt(*number);
      return fail(listed.error());
    }
    // A signal that came too late to break it off stays held, and is delivered to the loop.
    console_.say(fmt::format(
        "{}: {} listed{}{}", plan_.month.to_text(), names_text(intake_.names()),
        more_than_none(intake_.mentions() - intake_.names(), "mentioned again"),
        more_than_none(intake_.rejected(), intake_.rejected() == 1 ? "line rejected (see 'dauth runs')"
                                                                   : "lines rejected (see 'dauth runs')")));
    names_ = intake_.names();
    watch_.list_read(names_, intake_.mentions() - names_, intake_.rejected(), intake_.fingerprint());
    loop_.stop();
  }

  void resume() {
    const RunRecord& record = *unfinished_;
    if (intake_.fingerprint() != record.list_fingerprint) {
      if (options_.replace) return start_anew();
      return end(
          ExitStatus::kUsage,
          fmt::format("LIST: the unfinished run of {} was begun with another list ({}); give that one, or "
                      "--replace to start anew",
                      plan_.month.to_text(),
                      printable(fmt::format("{}", fmt::join(record.settings.lists, ", ")))));
    }
    run_ = record.id;
    const auto noted = store_->note_exclude(run_, options_.exclude);
    if (!noted) return fail(noted.error());
    console_.say(fmt::format("{}: going on after {} of {} names", plan_.month.to_text(),
                             count_text(record.surveyed), count_text(record.names)));
    names_ = record.names;
    surveyed_ = record.surveyed;
    seed_ = record.settings.seed;
    watch_.resumed(record);
    loop_.stop();
  }

  // --replace and another list than the unfinished run's: that run is given up, and this list read once more.
  void start_anew() {
    for (const std::string& list : options_.lists) {
      std::error_code unknown;
      if (list != "-" && std::filesystem::is_regular_file(list, unknown)) continue;
      return end(
          ExitStatus::kUsage,
          fmt::format(
              "LIST: '{}' is another list than the unfinished run's and cannot be read twice; give it as a "
              "file",
              printable(list)));
    }
    auto again = ListIntake::open(options_.lists, plan_.list_format);
    if (!again) return end(ExitStatus::kUsage, "LIST: " + printable(again.error().message));
    const auto dropped = store_->abandon_run(unfinished_->id);
    if (!dropped) return fail(dropped.error());
    unfinished_.reset();
    intake_ = std::move(*again);
    intake_.set_excluded(excluded_);
    begin();
  }

  // --- the resolvers
  void check_resolvers() {
    stage_ = "asking the resolvers for names that cannot exist";
    const auto verdicts = preflight(loop_, random_, plan_.resolver, to_transport_options(plan_.resolver),
                                    intake_.top_level_domains());
    if (status_) return;  // interrupted
    const bool forbidden = forbids_survey(verdicts);
    for (const PreflightVerdict& verdict : verdicts) {
      watch_.preflight_verdict(verdict);
      if (verdict.kind == PreflightVerdict::Kind::kSound) continue;
      const bool grave = verdict.kind == PreflightVerdict::Kind::kDead ||
                         verdict.kind == PreflightVerdict::Kind::kRewrites ||
                         (verdict.kind == PreflightVerdict::Kind::kFails && forbidden);
      console_.complain(fmt::format("{}--resolver {}: {}{}",
                                    grave ? "" : "warning: ", verdict.server.to_text(), verdict.detail,
                                    !grave        ? ""
                                    : unfinished_ ? "; nothing more was surveyed (--no-preflight insists)"
                                                  : "; nothing was surveyed (--no-preflight insists)"));
    }
    // The list stays in the database: the same command goes on from here once the resolvers are mended.
    if (forbidden) status_ = ExitStatus::kUsage;
  }

  // --- the survey
  void survey() {
    transport_.emplace(loop_, random_, to_transport_options(plan_.resolver));
    resolver_.emplace(*transport_, random_, plan_.resolver);
    database_.emplace(std::move(*store_), run_, loop_, [this](const data::StoreError& error) {
      end(ExitStatus::kFault, fmt::format("--database: '{}': {}; what was saved stays saved",
                                          printable(options_.database), error.message));
      survey_->on_database_error();
    });
    SurveySettings survey_settings;
    survey_settings.probes = plan_.probes;
    survey_settings.seed = seed_;
    survey_settings.excluded = excluded_;
    survey_settings.second_pass_after = plan_.second_pass_after;
    survey_settings.names = names_;
    survey_settings.surveyed = surveyed_;
    survey_settings.control_seed = random_number();
    survey_settings.second_pass_domains = std::max<std::size_t>(10, plan_.resolver.in_flight / 10);
    survey_.emplace(loop_, *resolver_, std::move(survey_settings), [this](SurveyRun::End) { loop_.stop(); });
    if (options_.verbose) {
      console_.say(fmt::format(
          "resolvers: {}; receive buffer: {}", fmt::join(resolvers(), ", "),
          receive_buffer_text(transport_->receive_buffer_granted(), transport_->receive_buffer_asked())));
    }
    survey_->set_stage_listener([this] { tell_stage(); });
    survey_text_.begin(surveyed_);
    if (plan_.give_up_after.count() > 0)
      silence_timer_ = loop_.every(silence_.interval(), [this] { listen_for_replies(); });
    survey_->start(*database_);
  }

  // Names that are asked about while nobody answers are lost to this month. Whoever mends the resolver goes
  // on from where it fell silent; the names that were lost until then are in the second pass.
  void listen_for_replies() {
    const resolver::ResolverFigures& figures = resolver_->figures();
    if (gave_up_ || !silence_.tick(figures.questions_sent, figures.replies, resolver_->outstanding())) return;
    gave_up_ = true;
    survey_->stop();
  }

  // A wait of minutes must not look like a program that hangs.
  void tell_stage() {
    console_.say(stage_text(plan_.month, survey_->progress(), plan_.second_pass_after));
    watch_.stage();
  }

  // Every name has a row.
  ExitStatus finish() {
    if (interrupted_by_) return stopped();
    if (gave_up_) {
      const SurveyProgress progress = survey_->progress();
      console_.complain(
          fmt::format("--resolver {}: no reply for {} (--give-up-after); {} of {} names are saved, the same "
                      "command goes on",
                      fmt::join(resolvers(), ", "), duration_text(plan_.give_up_after),
                      count_text(progress.done), count_text(progress.names)));
      return ExitStatus::kFault;
    }
    ExcludedCount excluded;
    excluded.since_going_on = unfinished_.has_value();
    const std::uint64_t excluded_now = survey_->progress().excluded;
    if (!options_.exclude.empty()) excluded.names = excluded_now;
    HeldSignals signals;
    const auto record = breakable([&] { return store_->finish_run(run_, plan_.max_unmeasured); });
    // One that came too late is taken all the same: the month is complete.
    if (const auto number = signals.take(); number && !record) {
      interrupted_by_ = number;
      return stopped();
    }
    survey_.reset();
    if (!record) {
      static_cast<void>(complain_of_store(console_, options_.database, record.error()));
      console_.say(fmt::format("{}: {}", plan_.month.to_text(),
                               record.error().kind == data::StoreError::Kind::kConflict
                                   ? "this is no month; --replace surveys it anew"
                                   : "what was saved stays saved, the same command goes on from there"));
      return ExitStatus::kFault;  // rows that do not add up are no usage
    }
    // An earlier part of the run may have had another --exclude, or one where this has none.
    excluded.before = record->excluded - std::min(record->excluded, excluded_now);
    if (options_.verbose)
      console_.say(fmt::format("{}: {}", plan_.month.to_text(), describe(resolver_->figures())));
    if (FileIdentity::of(options_.database) != database_file_) {
      console_.complain(fmt::format(
          "--database: '{}' was deleted, moved or replaced during the run; what this run saved is not there",
          printable(options_.database)));
      return ExitStatus::kFault;
    }
    watch_.finished(*record);
    for (const std::string& line : summary_of(*record, options_.max_unmeasured, excluded)) console_.say(line);
    if (const auto quality = store_->quality(plan_.month, plan_.month); quality && !quality->empty()) {
      if (const auto causes = causes_text(quality->front())) console_.say(*causes);
    }
    // For whoever reads this in a mail.
    console_.say(fmt::format("{0}: saved; 'dauth report month -m {0} -d {1}' prints it",
                             plan_.month.to_text(), printable(options_.database)));
    return record->provisional ? ExitStatus::kTooManyLost : ExitStatus::kDone;
  }

  ExitStatus stopped() {
    std::optional<SurveyProgress> progress;
    if (survey_) progress = survey_->progress();
    console_.say(stopped_text(plan_.month, *interrupted_by_, progress,
                              unfinished_ ? std::optional(unfinished_->surveyed) : std::nullopt));
    watch_.stopped(*interrupted_by_);
    return status_of_signal(*interrupted_by_);
  }

  // --- signals, progress, errors
  void interrupt(int signal_number) {
    // The second one does not wait for anything; what is committed stays.
    if (interrupted_by_) _exit(128 + signal_number);
    interrupted_by_ = signal_number;
    if (survey_) {
      survey_->stop();
    } else {
      status_ = stopped();
      loop_.stop();
    }
  }

  ProgressLine progress_text() {
    if (survey_) return survey_text_(survey_->progress(), resolver_->outstanding());
    if (!stage_.empty()) return {.parts = {stage_}};
    return {.parts = {fmt::format("{} names read", count_text(intake_.mentions())),
                      "reading " + printable(intake_.current_source())}};
  }

  void fill(ScanMetrics& metrics) {
    metrics.state = stage_.empty() ? ScanState::kList : ScanState::kPreflight;
    metrics.names = names_ > 0 ? names_ : intake_.names();
    metrics.done = surveyed_;
    if (survey_) fill_progress(metrics, survey_->progress());
    if (resolver_) fill_figures(metrics, *resolver_);
  }

  void fail(const data::StoreError& error) {
    progress_.finish();
    static_cast<void>(complain_of_store(console_, options_.database, error));
    status_ = ExitStatus::kFault;
    loop_.stop();
  }

  void end(ExitStatus status, const std::string& complaint) {
    progress_.finish();
    console_.complain(complaint);
    status_ = status;
    loop_.stop();
  }

  // --- texts
  // Where no name is left, `dauth runs` has nothing to show the rejected lines of.
  std::string rejected_text() const {
    const auto& first = intake_.first_rejected();
    if (!first) return {};
    return fmt::format(" ({} rejected; {}:{}: {}: '{}'{})", lines_text(intake_.rejected()),
                       printable(first->source), first->line, printable(first->reason),
                       printable(first->text), intake_.rejected() > 1 ? ", and so on" : "");
  }
  std::string lists_text() const { return printable(fmt::format("{}", fmt::join(options_.lists, ", "))); }
  std::vector<std::string> resolvers() const {
    std::vector<std::string> texts;
    for (const auto& server : plan_.resolver.servers) texts.push_back(server.to_text());
    return texts;
  }

  static std::uint64_t random_number() {
    std::random_device entropy;
    return (static_cast<std::uint64_t>(entropy()) << 32) | entropy();
  }

  data::RunSettings settings() {
    // 63 bits: SQLite's integers are signed.
    seed_ = random_number() >> 1;
    data::RunSettings settings;
    settings.month = plan_.month;
    settings.lists = options_.lists;
    settings.exclude = options_.exclude;
    settings.exclude = options_.exclude;
    settings.categories = options_.categories;
    settings.probes = probes_text(plan_.probes);
    settings.wildcard_types = wildcard_types_text(plan_.probes);
    settings.resolvers = resolvers();
    settings.in_flight = plan_.resolver.in_flight;
    settings.queries_per_second = plan_.resolver.queries_per_second;
    settings.resolver_rates = plan_.resolver.server_rates;
    settings.timeout_ms = static_cast<std::uint64_t>(plan_.resolver.timeout.count());
    settings.tries = plan_.resolver.tries;
    settings.tool_version = kVersion;
    settings.rules_version = kRulesVersion;
    settings.suffix_list_version = categorizer_.suffix_list_version();
    settings.seed = seed_;
    return settings;
  }

  Console& console_;
  const ScanOptions& options_;
  const ScanPlan& plan_;
  net::EventLoop loop_;
  std::optional<data::Store> store_;  // with the database thread during the survey
  ListIntake intake_;
  const Categorizer& categorizer_;
  const ExcludedNames excluded_;
  ScanWatch& watch_;
  ProgressDisplay progress_;
  SurveyProgressText survey_text_;
  const std::optional<FileIdentity> database_file_;
  std::optional<RunRecord> unfinished_;
  data::RunId run_ = 0;
  std::uint64_t names_ = 0;
  std::uint64_t surveyed_ = 0;
  std::uint64_t seed_ = 0;
  std::string stage_;
  std::optional<int> interrupted_by_;
  SilenceWatch silence_;
  bool gave_up_ = false;
  std::optional<ExitStatus> status_;

  net::SystemRandom random_;
  std::optional<net::UvTransport> transport_;
  std::optional<resolver::StubResolver> resolver_;
  std::optional<SurveyRun> survey_;
  std::optional<SurveyDatabase> database_;
  net::EventLoop::Timer silence_timer_;
};

}  // namespace

ExitStatus run_scan(Console& console, const ScanOptions& options, const ScanPlan& plan, ScanMaterial material,
                    ScanWatch& watch) {
  return Scan(console, options, plan, std::move(material), watch).run();
}

}  // namespace dauth::scanner::cli

#include "scanner/cli/scan_watch.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <nlohmann/json.hpp>

#include "scanner/cli/held_signals.h"
#include "scanner/cli/version.h"

namespace dauth::scanner::cli {
namespace {

using Fields = nlohmann::ordered_json;
using Level = ScanLog::Level;

std::string_view verdict_name(PreflightVerdict::Kind kind) {
  switch (kind) {
    case PreflightVerdict::Kind::kSound:
      return "sound";
    case PreflightVerdict::Kind::kOdd:
      return "odd";
    case PreflightVerdict::Kind::kFails:
      return "fails";
    case PreflightVerdict::Kind::kDead:
      return "dead";
    case PreflightVerdict::Kind::kRewrites:
      return "rewrites";
  }
  return "odd";
}

// "2026-11-01T02:00:00Z", as the database has it.
std::optional<ScanMetrics::Time> time_of(const std::string& text) {
  std::tm utc{};
  const char* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::system_clock::from_time_t(timegm(&utc));
}

std::optional<ScanMetrics::Time> last_success_of(const std::vector<data::RunRecord>& runs) {
  std::optional<ScanMetrics::Time> last;
  for (const data::RunRecord& run : runs) {
    if (run.state != data::RunState::kComplete || run.provisional) continue;
    if (const auto finished = time_of(run.finished)) last = std::max(last, finished);
  }
  return last;
}

Fields figures_of(const ScanMetrics& metrics) {
  return {{"state", scan_state_name(metrics.state)},
          {"names", metrics.names},
          {"done", metrics.done},
          {"unmeasured", metrics.unmeasured},
          {"excluded", metrics.excluded},
          {"second_pass_names", metrics.second_pass_names},
          {"second_pass_done", metrics.second_pass_done},
          {"open_domains", metrics.open_domains},
          {"in_flight", metrics.in_flight},
          {"questions", metrics.questions},
          {"retries", metrics.retries},
          {"timeouts", metrics.timeouts},
          {"tcp_questions", metrics.tcp_questions},
          {"late_replies", metrics.late_replies},
          {"network_errors", metrics.network_errors},
          {"resolver_rests", metrics.rested_servers}};
}

}  // namespace

ScanWatch::ScanWatch(Console& console, WatchIntervals intervals) : console_(console), intervals_(intervals) {}

ScanWatch::~ScanWatch() {
  console_.set_complaint_listener({});
}

Result<void, std::string> ScanWatch::open(const ScanOptions& options, const ScanPlan& plan) {
  metrics_.month = plan.month.to_text();
  metrics_.version = kVersion;
  metrics_.started = std::chrono::system_clock::now();
  metrics_path_ = options.metrics;
  log_path_ = options.log;
  if (log_path_.empty()) return {};
  auto log = ScanLog::open(log_path_);
  if (!log) return unexpected("--log: " + log.error());
  log_.emplace(std::move(*log));
  console_.set_complaint_listener([this](std::string_view line) { complained(line); });

  Fields resolvers = Fields::array();
  for (std::size_t i = 0; i < plan.resolver.servers.size(); ++i) {
    const auto& rates = plan.resolver.server_rates;
    resolvers.push_back(
        {{"address", plan.resolver.servers[i].to_text()}, {"qps", i < rates.size() ? rates[i] : 0.0}});
  }
  log_->write(Level::kInfo, "start",
              {{"version", kVersion},
               {"pid", getpid()},
               {"month", metrics_.month},
               {"lists", options.lists},
               {"database", options.database},
               {"categories", options.categories},
               {"exclude", options.exclude},
               {"probes", probes_text(plan.probes)},
               {"wildcard_types", wildcard_types_text(plan.probes)},
               {"resolvers", std::move(resolvers)},
               {"in_flight", plan.resolver.in_flight},
               {"qps", plan.resolver.queries_per_second},
               {"timeout_ms", plan.resolver.timeout.count()},
               {"tries", plan.resolver.tries},
               {"second_pass_after_ms", plan.second_pass_after.count()},
               {"max_unmeasured", plan.max_unmeasured},
               {"replace", options.replace},
               {"preflight", !options.no_preflight}});
  return {};
}

Result<void, std::string> ScanWatch::begin_metrics(const std::vector<data::RunRecord>& runs) {
  if (metrics_path_.empty()) return {};
  metrics_file_.emplace(metrics_path_);
  metrics_.last_success = last_success_of(runs);
  metrics_.updated = std::chrono::system_clock::now();
  const auto written = metrics_file_->write(metrics_text(metrics_));
  if (written) return {};
  metrics_file_.reset();
  return unexpected("--metrics: " + written.error());
}

void ScanWatch::follow(net::EventLoop& loop, std::function<void(ScanMetrics&)> fill) {
  fill_ = std::move(fill);
  if (log_) log_timer_ = loop.every(intervals_.log, [this] { progress(); });
  if (metrics_file_) metrics_timer_ = loop.every(intervals_.metrics, [this] { write_metrics(); });
}

void ScanWatch::unfollow() {
  refresh();
  log_timer_ = {};
  metrics_timer_ = {};
  fill_ = {};
}

void ScanWatch::refresh() {
  if (fill_) fill_(metrics_);
}

void ScanWatch::list_read(std::uint64_t names, std::uint64_t duplicates, std::uint64_t rejected,
                          const std::string& fingerprint) {
  metrics_.duplicates = duplicates;
  metrics_.rejected = rejected;
  if (!log_) return;
  log_->write(
      rejected > 0 ? Level::kWarning : Level::kInfo, "list_read",
      {{"names", names}, {"duplicates", duplicates}, {"rejected", rejected}, {"fingerprint", fingerprint}});
}

void ScanWatch::resumed(const data::RunRecord& record) {
  metrics_.duplicates = record.duplicates;
  metrics_.rejected = record.rejected;
  if (!log_) return;
  log_->write(Level::kInfo, "resume",
              {{"names", record.names}, {"done", record.surveyed}, {"begun", record.started}});
}

void ScanWatch::preflight_verdict(const PreflightVerdict& verdict) {
  if (!log_) return;
  const Level level = verdict.kind == PreflightVerdict::Kind::kSound ? Level::kInfo
                      : verdict.kind == PreflightVerdict::Kind::kOdd ? Level::kWarning
                                                                     : Level::kError;
  log_->write(level, "preflight",
              {{"resolver", verdict.server.to_text()},
               {"verdict", verdict_name(verdict.kind)},
               {"detail", verdict.detail}});
}

void ScanWatch::stage() {
  refresh();
  if (log_) log_->write(Level::kInfo, "stage", figures_of(metrics_));
  write_metrics();
}

void ScanWatch::progress() {
  refresh();
  if (metrics_.rested_servers > rests_told_) {
    log_->write(Level::kWarning, "resolver_rested",
                {{"times", metrics_.rested_servers - rests_told_}, {"since_start", metrics_.rested_servers}});
    rests_told_ = metrics_.rested_servers;
  }
  log_->write(Level::kInfo, "progress", figures_of(metrics_));
}

void ScanWatch::complained(std::string_view line) {
  constexpr std::string_view kWarning = "warning: ";
  const bool warning = line.starts_with(kWarning);
  if (warning) line.remove_prefix(kWarning.size());
  log_->write(warning ? Level::kWarning : Level::kError, "complaint", {{"message", line}});
}

void ScanWatch::stopped(int signal_number) {
  if (!log_) return;
  log_->write(Level::kWarning, "stop", {{"signal", signal_name(signal_number)}});
}

void ScanWatch::finished(const data::RunRecord& record) {
  metrics_.lost = record.lost();
  metrics_.broken = record.persistent_servfail;
  if (!record.provisional) metrics_.last_success = std::chrono::system_clock::now();
  if (!log_) return;
  log_->write(record.provisional ? Level::kWarning : Level::kInfo, "month",
              {{"names", record.names},
               {"unmeasured", record.unmeasured},
               {"lost", record.lost()},
               {"broken", record.persistent_servfail},
               {"provisional", record.provisional},
               {"questions", record.figures.questions},
               {"retries", record.figures.retries},
               {"timeouts", record.figures.timeouts},
               {"tcp_questions", record.figures.tcp_questions},
               {"run_ms", record.figures.run_milliseconds}});
}

void ScanWatch::end(ExitStatus status) {
  metrics_.state = ScanState::kEnded;
  metrics_.open_domains = 0;
  metrics_.in_flight = 0;
  metrics_.ended = std::chrono::system_clock::now();
  metrics_.status = status;
  write_metrics();
  console_.set_complaint_listener({});
  if (!log_) return;
  Fields fields = {{"status", static_cast<int>(status)}};
  fields.update(figures_of(metrics_));
  log_->write(status == ExitStatus::kDone ? Level::kInfo : Level::kError, "end", fields);
  if (log_->lines_lost() > 0) {
    console_.complain(fmt::format("warning: --log '{}': {} lines lost: {}", printable(log_path_),
                                  log_->lines_lost(), log_->last_error()));
  }
}

void ScanWatch::write_metrics() {
  if (!metrics_file_) return;
  refresh();
  metrics_.updated = std::chrono::system_clock::now();
  const auto written = metrics_file_->write(metrics_text(metrics_));
  if (written || metrics_complained_) return;
  metrics_complained_ = true;
  console_.complain("warning: --metrics: " + printable(written.error()));
}

}  // namespace dauth::scanner::cli

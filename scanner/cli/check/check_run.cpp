#include "scanner/cli/check/check_run.h"

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "scanner/cli/check/domain_output.h"

namespace dauth::scanner::cli {
namespace {

SubmissionSettings settings_of(const CheckQuery& query) {
  SubmissionSettings settings;
  settings.timer = query.submission_timer;
  return settings;
}

}  // namespace

CheckRun::CheckRun(net::EventLoop& loop, resolver::StubResolver& resolver, const CheckQuery& query,
                   std::vector<dns::DomainName> domains, Print print)
    : loop_(loop),
      resolver_(resolver),
      print_(std::move(print)),
      submission_(loop, pool_, resolver, query.submission_hosts, settings_of(query), [this] { go_on(); }),
      open_(domains.size()) {
  for (dns::DomainName& domain : domains) {
    domains_.push_back(std::make_unique<CheckedDomain>(pool_, resolver_, std::move(domain), query,
                                                       [this] { on_domain_done(); }));
  }
}

ExitStatus CheckRun::run() {
  std::optional<ExitStatus> stopped;
  const auto stop = [&](int signal) {
    stopped = signal == SIGINT ? ExitStatus::kInterrupted : ExitStatus::kTerminated;
    loop_.stop();
  };
  const auto interrupt = loop_.on_signal(SIGINT, stop);
  const auto terminate = loop_.on_signal(SIGTERM, stop);
  for (const auto& domain : domains_) domain->start();
  submission_.start();
  if (open_ > 0) loop_.run();
  resolver_.cancel_all();
  if (stopped) return *stopped;
  if (!somebody_answered_) return ExitStatus::kUsage;
  const bool failed =
      has_failed_question(submission_.inquiry()) ||
      std::any_of(domains_.begin(), domains_.end(), [](const auto& domain) { return has_failed(*domain); });
  return failed ? ExitStatus::kTooManyLost : ExitStatus::kDone;
}

void CheckRun::on_domain_done() {
  --open_;
  if (!somebody_answered_) {
    somebody_answered_ = std::any_of(domains_.begin(), domains_.end(), [](const auto& domain) {
      return domain->result() && !domain->has_only_silence();
    });
  }
  go_on();
}

void CheckRun::go_on() {
  // Without an answer to any question nothing is printed, whatever the ports of a host are.
  if (somebody_answered_ && submission_.done()) print_what_is_due();
  if (open_ == 0 && (submission_.done() || !somebody_answered_)) loop_.stop();
}

void CheckRun::print_what_is_due() {
  for (; printed_ < domains_.size() && domains_[printed_]->result(); ++printed_)
    print_(*domains_[printed_], printed_);
}

}  // namespace dauth::scanner::cli

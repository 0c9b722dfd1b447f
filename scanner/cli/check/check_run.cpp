#include "scanner/cli/check/check_run.h"

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "scanner/cli/check/domain_output.h"

namespace dauth::scanner::cli {

CheckRun::CheckRun(net::EventLoop& loop, resolver::StubResolver& resolver, const CheckQuery& query,
                   std::vector<dns::DomainName> domains, Print print)
    : loop_(loop), resolver_(resolver), print_(std::move(print)), open_(domains.size()) {
  for (dns::DomainName& domain : domains) {
    domains_.push_back(
        std::make_unique<CheckedDomain>(pool_, resolver_, std::move(domain), query, [this] { on_done(); }));
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
  if (open_ > 0) loop_.run();
  resolver_.cancel_all();
  if (stopped) return *stopped;
  if (!somebody_answered_) return ExitStatus::kUsage;
  const bool failed =
      std::any_of(domains_.begin(), domains_.end(), [](const auto& domain) { return has_failed(*domain); });
  return failed ? ExitStatus::kTooManyLost : ExitStatus::kDone;
}

void CheckRun::on_done() {
  --open_;
  somebody_answered_ |= std::any_of(domains_.begin(), domains_.end(), [](const auto& domain) {
    return domain->result() && !domain->has_only_silence();
  });
  if (somebody_answered_) print_what_is_due();
  if (open_ == 0) loop_.stop();
}

void CheckRun::print_what_is_due() {
  for (; printed_ < domains_.size() && domains_[printed_]->result(); ++printed_)
    print_(*domains_[printed_], printed_);
}

}  // namespace dauth::scanner::cli

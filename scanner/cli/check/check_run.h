// CheckRun: the domains of one `dauth check`, side by side on one event loop, printed in the order given.
#pragma once

#include <memory>
#include <memory_resource>
#include <vector>

#include "resolver/net/event_loop.h"
#include "scanner/cli/check/checked_domain.h"
#include "scanner/cli/check/submission_run.h"
#include "scanner/cli/exit_status.h"

namespace dauth::scanner::cli {

class CheckRun {
 public:
  // `print` is called for each domain, in the order of `domains`, as soon as all before it are done too,
  // and so are the hosts of --submission. It is called for none where no question at all was answered.
  using Print = std::function<void(const CheckedDomain&, std::size_t position)>;

  CheckRun(net::EventLoop& loop, resolver::StubResolver& resolver, const CheckQuery& query,
           std::vector<dns::DomainName> domains, Print print);

  // kDone: all were printed. kTooManyLost: they were, and a question failed. kUsage: nobody answered.
  // kInterrupted and kTerminated: a signal came; what was done by then is printed.
  ExitStatus run();

  const SubmissionRun& submission() const { return submission_; }

 private:
  void on_domain_done();
  void go_on();
  void print_what_is_due();

  net::EventLoop& loop_;
  resolver::StubResolver& resolver_;
  Print print_;
  std::pmr::unsynchronized_pool_resource pool_;
  std::vector<std::unique_ptr<CheckedDomain>> domains_;
  SubmissionRun submission_;
  std::size_t open_ = 0;
  std::size_t printed_ = 0;
  bool somebody_answered_ = false;
};

}  // namespace dauth::scanner::cli

#include "scanner/cli/check/checked_domain.h"

#include <algorithm>
#include <utility>

namespace dauth::scanner::cli {

CheckedDomain::CheckedDomain(std::pmr::memory_resource& pool, resolver::StubResolver& resolver,
                             dns::DomainName domain, const CheckQuery& query, std::function<void()> on_done)
    : domain_(std::move(domain)),
      on_done_(std::move(on_done)),
      inquiry_(pool, resolver, [this] { look_whether_done(); }),
      inquiries_(inquiry_),
      probe_(check_domain(inquiry_, inquiries_, domain_, query)) {}

void CheckedDomain::look_whether_done() {
  if (result_ || !probe_.done()) return;
  result_ = probe_.take();
  on_done_();
}

bool CheckedDomain::has_only_silence() const {
  return std::all_of(inquiry_.asked().begin(), inquiry_.asked().end(), [](const Inquiry::Asked& asked) {
    const auto* failure = asked.outcome ? std::get_if<dns::Failure>(&*asked.outcome) : nullptr;
    return asked.outcome && failure != nullptr &&
           (failure->cause == dns::FailureCause::kTimeout ||
            failure->cause == dns::FailureCause::kUnreachable);
  });
}

}  // namespace dauth::scanner::cli

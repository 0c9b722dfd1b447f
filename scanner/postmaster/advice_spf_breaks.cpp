// What gives reason to speak of an SPF record that is followed to its end, where that can be an error.
#include <fmt/format.h>

#include "scanner/postmaster/advice_rules.h"
#include "scanner/spf/permitted_space.h"

namespace dauth::scanner {
namespace {

// Nothing: such a reason breaks nothing.
std::optional<AdviceCode> code_of(SpfReason reason) {
  switch (reason) {
    case SpfReason::kIncludeNoRecord:
      return AdviceCode::kSpfIncludeNoRecord;
    case SpfReason::kRedirectNoRecord:
      return AdviceCode::kSpfRedirectNoRecord;
    case SpfReason::kTooManyTerms:
      return AdviceCode::kSpfTooManyLookups;
    case SpfReason::kTooManyVoidLookups:
      return AdviceCode::kSpfTooManyVoidLookups;
    case SpfReason::kTooManyMxHosts:
      return AdviceCode::kSpfTooManyMxHosts;
    case SpfReason::kSeveralRecords:
    case SpfReason::kSyntax:
      return AdviceCode::kSpfIncludedInvalid;
    case SpfReason::kLookupFailed:
      return AdviceCode::kSpfLookupFailed;
    case SpfReason::kMatched:
    case SpfReason::kNoMatch:
    case SpfReason::kMalformedDomain:
    case SpfReason::kNoRecord:
      break;
  }
  return std::nullopt;
}

std::string subject_of(const SpfCause& cause) {
  switch (cause.reason) {
    case SpfReason::kIncludeNoRecord:
    case SpfReason::kRedirectNoRecord:
      return fmt::format("{}: no record at {}", cause.term, cause.domain);
    case SpfReason::kSeveralRecords:
      return fmt::format("{}: more than one SPF record", cause.domain);
    case SpfReason::kSyntax:
      return cause.syntax
                 ? fmt::format("{}: octet {}: {}", cause.domain, cause.syntax->offset, cause.syntax->reason)
                 : cause.domain;
    case SpfReason::kLookupFailed:
      return cause.failure ? fmt::format("{}: {}", cause.failed_question, dns::to_text(*cause.failure))
                           : cause.failed_question;
    default:
      return fmt::format("{} in the record of {}", cause.term, cause.domain);
  }
}

}  // namespace

void advise_on_breaks(const PermittedSpace& space, AdviceList& list) {
  for (const SpfBreak& broken : space.breaks) {
    const auto code = code_of(broken.cause.reason);
    if (!code) continue;
    std::string subject = subject_of(broken.cause);
    if (broken.ipv4.empty()) subject += " (IPv6 clients)";
    if (broken.ipv6.empty()) subject += " (IPv4 clients)";
    list.add(*code, std::move(subject));
  }
}

}  // namespace dauth::scanner

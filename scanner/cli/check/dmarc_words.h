// The words of DMARC's findings: short ones for JSON, sentences for a person.
#pragma once

#include <string>
#include <string_view>

#include "scanner/postmaster/dmarc_discovery.h"

namespace dauth::scanner::cli {

std::string_view word_of(DmarcStatus status);
std::string_view word_of(DmarcRecordPlace place);
std::string_view word_of(DmarcPolicyTag tag);
std::string_view word_of(DmarcPolicy policy);
std::string_view word_of(DmarcAlignment alignment);
std::string_view word_of(DmarcPublicSuffix public_suffix);
std::string_view word_of(OrganizationalReason reason);
std::string_view word_of(DmarcStep::Outcome outcome);
std::string_view word_of(DestinationVerdict verdict);
std::string_view word_of(ReportKind kind);

// Why the policy is what it is.
std::string policy_reason(const DmarcDiscovery& dmarc);
std::string organizational_reason(const DmarcTreeWalk& walk);
std::string step_text(const DmarcStep& step);
std::string verdict_text(const ReportDestination& destination);
// When failure reports are wanted.
std::string failure_options_text(const DmarcFailureOptions& options);

}  // namespace dauth::scanner::cli

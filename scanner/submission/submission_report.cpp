#include "scanner/submission/submission_report.h"

#include <algorithm>

namespace dauth::scanner {

std::string_view to_text(SubmissionService service) {
  switch (service) {
    case SubmissionService::kSubmission:
      return "submission";
    case SubmissionService::kSubmissions:
      return "submissions";
    case SubmissionService::kRelay:
      return "smtp";
  }
  return "";
}

std::string_view to_text(PortCase port_case) {
  switch (port_case) {
    case PortCase::kService:
      return "service";
    case PortCase::kReset:
      return "rst";
    case PortCase::kIcmpHard:
      return "icmp-hard";
    case PortCase::kIcmpSoft:
      return "icmp-soft";
    case PortCase::kTimeOut:
      return "time-out";
    case PortCase::kNotSent:
      return "not-sent";
    case PortCase::kNotTried:
      return "not-tried";
  }
  return "";
}

std::string_view to_text(DialogueEnd end) {
  switch (end) {
    case DialogueEnd::kComplete:
      return "complete";
    case DialogueEnd::kNoGreeting:
      return "no-greeting";
    case DialogueEnd::kSilent:
      return "silent";
    case DialogueEnd::kClosed:
      return "closed";
    case DialogueEnd::kRefused:
      return "refused";
    case DialogueEnd::kEhloRefused:
      return "ehlo-refused";
    case DialogueEnd::kNotSmtp:
      return "not-smtp";
    case DialogueEnd::kOutOfTurn:
      return "out-of-turn";
    case DialogueEnd::kTlsFailed:
      return "tls-failed";
  }
  return "";
}

bool PortOutcome::serves() const {
  return dialogue && dialogue->end == DialogueEnd::kComplete;
}

bool PortOutcome::takes_submission() const {
  return serves() && ((dialogue->in_clear && dialogue->in_clear->auth) ||
                      (dialogue->behind_tls && dialogue->behind_tls->auth));
}

bool PortOutcome::offers_starttls() const {
  return dialogue && dialogue->in_clear && dialogue->in_clear->starttls;
}

const PortOutcome* SubmissionReport::preferred() const {
  const auto at = std::find_if(ports.begin(), ports.end(),
                               [](const PortOutcome& outcome) { return outcome.takes_submission(); });
  return at == ports.end() ? nullptr : &*at;
}

}  // namespace dauth::scanner

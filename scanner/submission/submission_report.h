// What was found at the submission ports of one host (RFC 6409, RFC 8314). Plain values.
//
// Every text that came from the peer (greeting, capabilities, certificate) is hostile octets, bounded in
// length by smtp_reply.h and tls_session.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/record/ip_address.h"
#include "scanner/submission/smtp_reply.h"
#include "scanner/submission/tls_session.h"

namespace dauth::scanner {

// What is expected at a port.
enum class SubmissionService : std::uint8_t {
  kSubmission,   // 587: SMTP, then STARTTLS (RFC 6409)
  kSubmissions,  // 465: TLS from the first octet (RFC 8314 section 3.3)
  kRelay,        // 25: SMTP between servers (RFC 5321); submission here is what RFC 6409 ended
};
// "submission", "submissions", "smtp": the service names of IANA.
std::string_view to_text(SubmissionService service);

// How the opening of a connection ended: the five cases of the WIDE project's report of 2005, and two in
// which nothing was learnt of the host.
enum class PortCase : std::uint8_t {
  kService,   // the connection was opened; `dialogue` tells what came then
  kReset,     // an RST: the host is there and nothing listens, or a firewall says so
  kIcmpHard,  // an ICMP error that ends a connection (submission_icmp.h)
  kIcmpSoft,  // an ICMP error that may pass (submission_icmp.h)
  kTimeOut,   // nothing within the timer
  kNotSent,   // this machine could not send: it has no route, no address of the family, or a rule against it
  kNotTried,  // no address of one host (unspecified, multicast, reserved): nothing was opened
};
// "service", "rst", "icmp-hard", "icmp-soft", "time-out", "not-sent", "not-tried".
std::string_view to_text(PortCase port_case);

// The ICMP error that answered the SYN; its words and weight are in submission_icmp.h.
struct IcmpCause {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::optional<IpAddress> sender;  // the host or router that sent it
  bool is_from_here = false;        // this machine itself: it found no neighbour of that address
};

// How far the dialogue over an open connection came.
enum class DialogueEnd : std::uint8_t {
  kComplete,     // greeting, EHLO and, where offered, TLS: everything was told
  kNoGreeting,   // open, and silent until the timer ended
  kSilent,       // stopped answering later
  kClosed,       // the peer closed before the dialogue was over
  kRefused,      // greeting other than 220: the host does not serve this client
  kEhloRefused,  // EHLO was answered with an error
  kNotSmtp,      // what came is no SMTP reply
  kOutOfTurn,    // replies that nothing had asked for, or octets between STARTTLS and TLS (RFC 3207
                 // section 4.2)
  kTlsFailed,    // the TLS handshake, or the answer to STARTTLS, failed
};
// "complete", "no-greeting", "silent", "closed", "refused", "ehlo-refused", "not-smtp", "out-of-turn",
// "tls-failed".
std::string_view to_text(DialogueEnd end);

struct SubmissionDialogue {
  DialogueEnd end = DialogueEnd::kNoGreeting;
  std::optional<SmtpReply> greeting;
  std::optional<std::chrono::microseconds> greeting_time;  // since the connection was begun
  std::optional<SmtpReply> refusal;                        // the reply that ended it: to EHLO or STARTTLS
  std::optional<SmtpReplyError> reply_error;               // of kNotSmtp
  std::optional<SmtpOffer> in_clear;                       // EHLO without TLS; never at 465
  std::optional<TlsFacts> tls;                             // the handshake that succeeded
  std::string tls_failure;              // of kTlsFailed, a short phrase; empty where `refusal` tells
  std::optional<SmtpOffer> behind_tls;  // EHLO within TLS
};

struct PortOutcome {
  IpAddress address;
  std::uint16_t port = 0;
  SubmissionService service = SubmissionService::kSubmission;
  PortCase port_case = PortCase::kNotTried;
  // From the first SYN until the case was known; nothing of kNotTried.
  std::optional<std::chrono::microseconds> time{};
  // An earlier host of this run had the address: nothing was opened again, this is what was found then.
  bool known = false;
  std::optional<IcmpCause> icmp{};               // of kIcmpHard and kIcmpSoft
  int system_error = 0;                          // errno of kNotSent, 0 of all others
  std::optional<SubmissionDialogue> dialogue{};  // of kService

  // Open, and a dialogue came to its end there.
  bool serves() const;
  // AUTH is offered, in clear or behind TLS: a user can hand in mail.
  bool takes_submission() const;
  bool offers_starttls() const;
};

struct SubmissionReport {
  std::string host;
  std::chrono::milliseconds timer{};  // that of each port
  std::chrono::microseconds time{};   // of all together
  // In the order of preference: 587 at the IPv6 addresses, 587 at the IPv4 addresses, 465 likewise, 25
  // likewise.
  std::vector<PortOutcome> ports;
  std::size_t addresses = 0;        // that were looked at
  std::vector<IpAddress> left_out;  // those beyond the bound of each family

  // Where a mail client would hand in mail: the first that takes submission; null where none does.
  const PortOutcome* preferred() const;
};

}  // namespace dauth::scanner

// SmtpDialogue: what is said over one open connection, from the greeting to QUIT, without a socket or a
// clock:
//
//   greeting, EHLO, and where it is offered STARTTLS and EHLO again (RFC 5321, RFC 3207); QUIT
//   at a port of TLS from the first octet (RFC 8314): handshake, greeting, EHLO; QUIT
//
// Owns the TLS session and what was found. Commands are EHLO, STARTTLS and QUIT, nothing else: no credential
// and no mail. Replies that nothing had asked for, and clear octets behind the answer to STARTTLS, end it:
// what came after could not be told apart (RFC 3207 section 4.2 and CVE-2011-0411).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scanner/submission/smtp_reply.h"
#include "scanner/submission/submission_report.h"
#include "scanner/submission/tls_session.h"

namespace dauth::scanner {

class SmtpDialogue {
 public:
  // How the connection under it ended.
  enum class Broken : std::uint8_t { kClosed, kTimer };

  // `client_name` goes into EHLO, without what is no character of a name or address literal.
  SmtpDialogue(SubmissionService service, std::string host, std::string_view client_name);

  // Octets from the peer; `elapsed` since the connection was begun.
  void received(std::span<const std::uint8_t> octets, std::chrono::microseconds elapsed);
  void broken(Broken how);
  // What is to be sent now.
  std::vector<std::uint8_t> outgoing();
  // Nothing more is to come: the connection can be closed once outgoing() is sent.
  bool is_over() const { return step_ == Step::kOver; }

  SubmissionDialogue take_findings() { return std::move(found_); }

 private:
  enum class Step : std::uint8_t { kHandshake, kGreeting, kEhlo, kStarttls, kQuit, kOver };

  void read_replies(std::chrono::microseconds elapsed);
  void read(SmtpReply reply, std::chrono::microseconds elapsed);
  void read_ehlo(SmtpReply reply);
  void read_starttls(SmtpReply reply);
  void tls_changed();
  void send(std::string_view command, Step step);
  // The finding stands; what is left is the farewell.
  void quit(DialogueEnd end);
  void break_off(DialogueEnd end);

  bool tls_from_start_;
  std::string host_;
  std::string client_name_;
  Step step_;
  SmtpReplyReader reader_;
  std::optional<TlsSession> tls_;
  std::vector<std::uint8_t> outgoing_;
  SubmissionDialogue found_;
};

}  // namespace dauth::scanner

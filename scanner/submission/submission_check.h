// SubmissionCheck: opens connections to the submission ports of hosts and tells what is there (RFC 6409,
// RFC 8314; the five cases are those of the WIDE project's report of 2005, chapter 4).
//
// Borrows the loop, which must outlive it; owns its connections. It connects to the addresses given and to
// nothing else, sends EHLO, STARTTLS and QUIT and never a credential or mail. Each port has a timer of its
// own, which covers everything from the SYN to the reply to QUIT. The ports of one address are begun in the
// order of preference, the next when the one before it has ended or has been waited for a `stagger`;
// addresses are looked at side by side. So a host takes at most one timer and a stagger for each port but the
// first. What was found at an address and port is kept for the run: another host with that address is told it
// as known. Errors: there are none beside the cases; a system without descriptors or memory throws
// std::system_error. Not for use from several threads.
//
//   SubmissionCheck check(loop, {});
//   check.begin({.host = "mail.example.org", .addresses = {...}}, [&](const SubmissionReport& report) {
//     ...
//     loop.stop();
//   });
//   loop.run();
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "resolver/net/event_loop.h"
#include "scanner/record/ip_address.h"
#include "scanner/submission/submission_report.h"

namespace dauth::scanner {

struct SubmissionPort {
  std::uint16_t port = 0;
  SubmissionService service = SubmissionService::kSubmission;
};

struct SubmissionSettings {
  std::chrono::milliseconds timer{5000};   // of each port
  std::chrono::milliseconds stagger{250};  // RFC 8305 section 5, Connection Attempt Delay
  std::size_t addresses_of_family = 4;     // those beyond are told, not opened
  // Given with EHLO. Empty: the address literal of this machine's end of the connection (RFC 5321 section
  // 4.1.4), which tells the host nothing that it does not see anyway. Only a name's characters are taken.
  std::string client_name;
  // In the order of preference.
  std::vector<SubmissionPort> ports{{587, SubmissionService::kSubmission},
                                    {465, SubmissionService::kSubmissions},
                                    {25, SubmissionService::kRelay}};
};

// A host and what its A and AAAA RRs gave, in any order; none twice is opened twice.
struct SubmissionHost {
  std::string host;  // as asked for; goes into TLS as the server's name (RFC 6066 section 3)
  std::vector<IpAddress> addresses;
};

class SubmissionCheck {
 public:
  using Done = std::function<void(const SubmissionReport&)>;

  SubmissionCheck(net::EventLoop& loop, SubmissionSettings settings);
  // What has not been told is told no more.
  ~SubmissionCheck();
  SubmissionCheck(const SubmissionCheck&) = delete;
  SubmissionCheck& operator=(const SubmissionCheck&) = delete;

  // `done` is called once, from the loop and never from within begin(). Hosts are looked at one after the
  // other. The check must not be destroyed from within `done`.
  void begin(SubmissionHost host, Done done);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dauth::scanner

// StubResolver: asks questions of recursive resolvers and gives each one outcome (docs/measurement-method.md
// section 1; RFC 1035 section 7, RFC 5452, RFC 6891, RFC 7766).
//
// Owns the open questions, their retries and time-outs, the choice of servers and the rate; borrows the
// transport and the random source, which must outlive it. One thread: the transport's.
// Errors: every question that is not cancelled ends in exactly one LookupOutcome, dns::Failure included.
//
// - How many questions are open at a server is found out (server_window.h); `in_flight` is only the bound.
// - Retries have a fresh ID and another socket, and go to another server where there is one that works. A
//   reply to an earlier try is used while its question is open.
// - After a failure that a server told (SERVFAIL, REFUSED, ...) the next try is elsewhere; where there is
// nobody
//   else it waits 200 ms, then twice as long each time, and holds no place meanwhile.
// - A datagram without a reply long after the server's usual time is probably lost. Its question is sent
// again
//   within its try, up to twice, with a fresh ID and from another socket, and the try's time-out runs from
//   there; so a lost datagram does not hold a place for a whole time-out. Only where that time is at most
//   half of the time-out.
// - TC goes on over TCP and FORMERR without EDNS, both at the same server and within the same try. Tries
// after
//   a truncated reply start over TCP.
// - When all tries have failed, the outcome is the most telling failure: the last thing that a server said
//   (SERVFAIL, a referral, ...), else kTruncated, else kTimeout, else kUnreachable.
// - An unreachable error concerns one datagram: it ends the try of the oldest question on that socket, and
//   only where another server can take it; otherwise that try waits on, a quarter of its time-out, since a
//   server that restarts comes back. A server with several such errors and no answer between them is rested,
//   and all that waits there goes elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/question.h"
#include "resolver/net/random_source.h"
#include "resolver/net/socket_address.h"
#include "resolver/net/transport.h"

namespace dauth::resolver {

class OutcomeHandler {
 public:
  // May ask again. `token` is the one given to ask().
  virtual void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) = 0;

 protected:
  ~OutcomeHandler() = default;
};

struct StubResolverOptions {
  std::vector<net::SocketAddress> servers;  // at least one
  // Messages a second by server, 0 or no entry: no limit. `queries_per_second` holds beside it.
  std::vector<double> server_rates = {};
  std::size_t in_flight = 500;  // questions that wait for a reply at the same time, at most
  std::chrono::milliseconds timeout{
      2000};                      // of the first try; each later one has half as much again, up to 10 s
  std::uint32_t tries = 4;        // the first one included
  double queries_per_second = 0;  // over all servers, retries included; 0: no limit
  std::uint16_t udp_payload_size = 1232;  // octets, told to the servers in OPT
};

// Counts since the start.
struct ResolverFigures {
  std::uint64_t questions_asked = 0;  // calls of ask()
  std::uint64_t questions_sent = 0;   // messages: first tries, retries, repeats without EDNS or over TCP
  std::uint64_t replies = 0;          // that answer a question's try, whatever they say; late ones too
  std::uint64_t retries = 0;          // tries after the first
  std::uint64_t resent = 0;           // further datagrams within a try
  std::uint64_t timeouts = 0;         // tries that no answer came to in time
  std::uint64_t tcp_questions = 0;
  std::uint64_t without_edns = 0;
  std::uint64_t network_errors = 0;  // refused, unreachable, streams that broke with questions on them
  // To a datagram that was taken for lost, an earlier try, or a question that is closed; no mismatch.
  std::uint64_t late_replies = 0;
  std::uint64_t rested_servers = 0;  // times that a server was rested
  struct Mismatches {
    std::uint64_t id = 0;
    std::uint64_t source = 0;
    std::uint64_t question = 0;
    std::uint64_t opcode = 0;     // not a response, or not to a query
    std::uint64_t malformed = 0;  // shorter than a header
  } mismatches;
};

class StubResolver {
 public:
  StubResolver(net::Transport& transport, net::RandomSource& random, StubResolverOptions options);
  ~StubResolver();
  StubResolver(const StubResolver&) = delete;
  StubResolver& operator=(const StubResolver&) = delete;

  // Always accepts; what the window or the rate has no room for waits in a queue. The outcome comes later,
  // never from inside this call. `handler` must live until then or until cancel_all(). `tries` in place of
  // the option where it is not 0 and less.
  void ask(const dns::Question& question, OutcomeHandler& handler, std::uint64_t token,
           std::uint32_t tries = 0);

  // True when the caller may admit more work: the window is not full and nothing is queued.
  bool has_room() const;
  // Called, outside of on_outcome, each time that has_room() has turned true again. The caller admits until
  // has_room() is false or its work is done; there is no second call for the same room.
  void set_room_listener(std::function<void()> listener);

  // Questions without an outcome yet, queued ones included.
  std::size_t outstanding() const;
  // Forgets every open question; none of them gets an outcome.
  void cancel_all();

  const ResolverFigures& figures() const;

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace dauth::resolver

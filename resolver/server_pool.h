// ServerPool: which server a try goes to, how many may be open there, and how fast they follow each other.
// The one place that knows servers' windows, rates, health and rests, so that another policy (the authorities
// of a zone, say, each politely) can stand in for the rotation that recursive resolvers get.
//
// A try is booked, and its place given back with what was learnt. Owns no sockets and no clock.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "resolver/dns/question.h"
#include "resolver/net/socket_address.h"
#include "resolver/net/transport.h"

namespace dauth::resolver {

enum class ServerIndex : std::uint32_t {};

enum class TryEnd : std::uint8_t {
  kAnswered,      // a reply that gave the outcome
  kServerFailed,  // a reply that did not: SERVFAIL, REFUSED, malformed, ...
  kTimedOut,
  kTimedOutAfterLoss,  // and lost() has told so before
  kNothingLearnt,      // cancelled, answered by another server, or an error told by struck()
};

enum class ServerChange : std::uint8_t { kNone, kBeganToRest };

class ServerPool {
 public:
  virtual ~ServerPool() = default;

  virtual std::size_t size() const = 0;
  virtual const net::SocketAddress& address(ServerIndex server) const = 0;

  // A place for one try; not at `avoid` where another server works. Nothing while there is no room. The try's
  // message counts against the server's rate from here.
  virtual std::optional<ServerIndex> book(const dns::Question& question, std::optional<ServerIndex> avoid,
                                          net::TimePoint now) = 0;
  // `latency` runs from the moment when the message was sent that the reply answers; for a time-out, the last
  // one of the try.
  virtual ServerChange give_back(ServerIndex server, TryEnd end, net::Clock::duration latency,
                                 net::TimePoint now) = 0;

  // After so long without a reply a try's datagram is probably lost, and may be sent once more within its
  // try; max() where that cannot be told.
  virtual net::Clock::duration lost_after(ServerIndex server) const = 0;
  // May the server be sent a message beyond those that were booked? Then `lost` counts it and what it tells.
  virtual bool allows_message(ServerIndex server, net::TimePoint now) const = 0;
  virtual net::TimePoint allows_message_from(ServerIndex server) const = 0;
  virtual void lost(ServerIndex server, net::TimePoint now) = 0;
  // A message that goes on with a booked try (over TCP, without EDNS): it is not held back, but counts.
  virtual void sent_more(ServerIndex server, net::TimePoint now) = 0;
  // The network says that the server cannot be reached.
  virtual ServerChange struck(ServerIndex server, net::TimePoint now) = 0;
  // A reply to a datagram that was given up as lost, or to a try that was given back before.
  virtual void heard_from(ServerIndex server, net::Clock::duration latency, net::TimePoint now) = 0;

  // False when book() would find no room for any question.
  virtual bool has_room(net::TimePoint now) const = 0;
  // When the clock alone may bring room (a rate, the end of a rest); max() where only a reply or its absence
  // can.
  virtual net::TimePoint room_from(net::TimePoint now) const = 0;
  // True when another server than this one is not resting.
  virtual bool has_alternative(ServerIndex server, net::TimePoint now) const = 0;
};

}  // namespace dauth::resolver

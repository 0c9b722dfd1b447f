// ServerPool: which server a try goes to, and how many may be open there. The one place that knows servers'
// windows, health and rests, so that another policy (the authorities of a zone, say, each politely) can stand
// in for the rotation that recursive resolvers get.
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
  kNothingLearnt,  // cancelled, answered by another server, or an error told by struck()
};

enum class ServerChange : std::uint8_t { kNone, kBeganToRest };

class ServerPool {
 public:
  virtual ~ServerPool() = default;

  virtual std::size_t size() const = 0;
  virtual const net::SocketAddress& address(ServerIndex server) const = 0;

  // A place for one try; not at `avoid` where another server works. Nothing while there is no room.
  virtual std::optional<ServerIndex> book(const dns::Question& question, std::optional<ServerIndex> avoid,
                                          net::TimePoint now) = 0;
  // `latency` is that of the try, from the moment that its question was sent.
  virtual ServerChange give_back(ServerIndex server, TryEnd end, net::Clock::duration latency,
                                 net::TimePoint now) = 0;
  // The network says that the server cannot be reached.
  virtual ServerChange struck(ServerIndex server, net::TimePoint now) = 0;
  // A reply to a try that was given back before.
  virtual void heard_from(ServerIndex server) = 0;

  // False when book() would find no room for any question.
  virtual bool has_room(net::TimePoint now) const = 0;
  // True when another server than this one is not resting.
  virtual bool has_alternative(ServerIndex server, net::TimePoint now) const = 0;
};

}  // namespace dauth::resolver

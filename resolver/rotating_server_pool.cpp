#include "resolver/rotating_server_pool.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace dauth::resolver {
namespace {

// Broken delegations come singly among answers, so a run of this length means the server itself.
constexpr std::uint32_t kStrikesToRest = 16;
constexpr std::uint32_t kFailureWeight = 1;
// "Nobody listens" is plainer than silence, but may still speak of one datagram during a restart.
constexpr std::uint32_t kUnreachableWeight = 4;

// A server that fails must have answered nothing for so long before that counts against it.
constexpr std::chrono::milliseconds kFailsAlone{250};

constexpr std::chrono::seconds kFirstRest{1};
constexpr std::chrono::seconds kLongestRest{30};

}  // namespace

RotatingServerPool::RotatingServerPool(std::vector<net::SocketAddress> servers, std::size_t window,
                                       const std::vector<double>& rates)
    : window_(window), even_share_(servers.empty() ? 0 : (window + servers.size() - 1) / servers.size()) {
  assert(!servers.empty());
  servers_.reserve(servers.size());
  for (std::size_t index = 0; index < servers.size(); ++index) {
    Server server(index < rates.size() ? rates[index] : 0);
    server.address = std::move(servers[index]);
    servers_.push_back(std::move(server));
  }
}

const net::SocketAddress& RotatingServerPool::address(ServerIndex server) const {
  return servers_[static_cast<std::size_t>(server)].address;
}

RotatingServerPool::Health RotatingServerPool::health_of(const Server& server, net::TimePoint now) {
  if (!server.rested) return Health::kWorking;
  return now < server.rest_until ? Health::kResting : Health::kOnProbation;
}

std::size_t RotatingServerPool::share_of(const Server& server, net::TimePoint now) const {
  if (rested_ == 0) return even_share_;
  const auto working =
      static_cast<std::size_t>(std::count_if(servers_.begin(), servers_.end(), [now](const Server& each) {
        return health_of(each, now) == Health::kWorking;
      }));
  // Where none works there is no use in holding back: each has its ordinary share.
  if (working == 0) return even_share_;
  switch (health_of(server, now)) {
    case Health::kWorking:
      return (window_ + working - 1) / working;
    case Health::kOnProbation:
      return 1;
    case Health::kResting:
      return 0;
  }
  return 0;
}

bool RotatingServerPool::has_room_at(const Server& server, net::TimePoint now) const {
  return server.open < server.window.size(share_of(server, now)) && server.allows(now);
}

void RotatingServerPool::book_at(Server& server, net::TimePoint now) {
  ++server.open;
  server.take(now);
  if (server.open >= server.window.size(share_of(server, now))) server.window.was_full();
}

std::optional<ServerIndex> RotatingServerPool::book(const dns::Question&, std::optional<ServerIndex> avoid,
                                                    net::TimePoint now) {
  std::optional<std::size_t> second_choice;
  for (std::size_t step = 0; step < servers_.size(); ++step) {
    const std::size_t index = (next_ + step) % servers_.size();
    if (!has_room_at(servers_[index], now)) continue;
    if (avoid && static_cast<std::size_t>(*avoid) == index) {
      second_choice = index;
      continue;
    }
    book_at(servers_[index], now);
    next_ = (index + 1) % servers_.size();
    return static_cast<ServerIndex>(index);
  }
  // A place elsewhere is worth waiting for; only one that nobody else works at goes back where it failed.
  if (!second_choice || has_alternative(*avoid, now)) return std::nullopt;
  book_at(servers_[*second_choice], now);
  return static_cast<ServerIndex>(*second_choice);
}

ServerChange RotatingServerPool::give_back(ServerIndex index, TryEnd end, net::Clock::duration latency,
                                           net::TimePoint now) {
  Server& server = at(index);
  assert(server.open > 0);
  --server.open;
  const std::size_t share = share_of(server, now);
  const net::TimePoint sent_at = now - latency;
  if (end == TryEnd::kNothingLearnt) return ServerChange::kNone;
  if (end == TryEnd::kAnswered) {
    server.window.answered(latency, share, now);
    answered(server, now);
    return ServerChange::kNone;
  }
  // A try that began before the server was rested tells nothing of how it is after that.
  if (sent_at < server.rest_from) return ServerChange::kNone;
  if (end == TryEnd::kServerFailed) {
    server.window.failed(share, now);
    // One that answers some and fails the others is asked more slowly, which is its window's matter.
    if (server.answered_at > now - kFailsAlone) return ServerChange::kNone;
    return strike(server, kFailureWeight, now);
  }
  if (end == TryEnd::kTimedOut) server.window.lost(share, now);
  // Many are late at once when a server loses some of many questions; it is not silent for that.
  if (sent_at < server.answered_at) return ServerChange::kNone;
  return strike(server, kFailureWeight, now);
}

net::Clock::duration RotatingServerPool::lost_after(ServerIndex server) const {
  return at(server).window.lost_after();
}

bool RotatingServerPool::allows_message(ServerIndex server, net::TimePoint now) const {
  return at(server).allows(now);
}

net::TimePoint RotatingServerPool::allows_message_from(ServerIndex server) const {
  return at(server).allows_from();
}

void RotatingServerPool::lost(ServerIndex index, net::TimePoint now) {
  Server& server = at(index);
  server.take(now);
  server.window.lost(share_of(server, now), now);
}

void RotatingServerPool::sent_more(ServerIndex server, net::TimePoint now) {
  at(server).take(now);
}

ServerChange RotatingServerPool::struck(ServerIndex index, net::TimePoint now) {
  return strike(at(index), kUnreachableWeight, now);
}

void RotatingServerPool::heard_from(ServerIndex index, net::Clock::duration latency, net::TimePoint now) {
  Server& server = at(index);
  server.window.answered_late(latency);
  answered(server, now);
}

ServerChange RotatingServerPool::strike(Server& server, std::uint32_t weight, net::TimePoint now) {
  if (health_of(server, now) == Health::kResting) return ServerChange::kNone;
  server.strikes += weight;
  // One failure on probation is enough.
  if (!server.rested && server.strikes < kStrikesToRest) return ServerChange::kNone;
  if (!server.rested) ++rested_;
  server.rested = true;
  server.rest_from = now;
  server.window.restart();
  const auto rest = kFirstRest * (std::uint64_t{1} << std::min(server.rests, 5u));
  server.rest_until = now + std::min<std::chrono::seconds>(rest, kLongestRest);
  ++server.rests;
  return ServerChange::kBeganToRest;
}

void RotatingServerPool::answered(Server& server, net::TimePoint now) {
  server.answered_at = now;
  server.strikes = 0;
  server.rests = 0;
  if (server.rested) --rested_;
  server.rested = false;
}

bool RotatingServerPool::has_room(net::TimePoint now) const {
  return std::any_of(servers_.begin(), servers_.end(),
                     [this, now](const Server& server) { return has_room_at(server, now); });
}

net::TimePoint RotatingServerPool::room_from(net::TimePoint now) const {
  net::TimePoint earliest = net::TimePoint::max();
  if (rested_ == 0 && servers_.size() == 1 && servers_.front().allows(now)) return earliest;
  for (const Server& server : servers_) {
    if (health_of(server, now) == Health::kResting) {
      earliest = std::min(earliest, server.rest_until);
    } else if (server.open < server.window.size(share_of(server, now)) && !server.allows(now)) {
      earliest = std::min(earliest, server.allows_from());
    }
  }
  return earliest;
}

bool RotatingServerPool::has_alternative(ServerIndex index, net::TimePoint now) const {
  for (std::size_t other = 0; other < servers_.size(); ++other) {
    if (other != static_cast<std::size_t>(index) && health_of(servers_[other], now) == Health::kWorking)
      return true;
  }
  return false;
}

}  // namespace dauth::resolver

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

constexpr std::chrono::seconds kFirstRest{1};
constexpr std::chrono::seconds kLongestRest{30};

}  // namespace

RotatingServerPool::RotatingServerPool(std::vector<net::SocketAddress> servers, std::size_t window)
    : window_(window) {
  assert(!servers.empty());
  servers_.reserve(servers.size());
  for (net::SocketAddress& address : servers) {
    Server server;
    server.address = std::move(address);
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

std::size_t RotatingServerPool::window_of(const Server& server, net::TimePoint now) const {
  if (rested_ == 0) return (window_ + servers_.size() - 1) / servers_.size();
  const auto working =
      static_cast<std::size_t>(std::count_if(servers_.begin(), servers_.end(), [now](const Server& each) {
        return health_of(each, now) == Health::kWorking;
      }));
  // Where none works there is no use in holding back: each has its ordinary share.
  if (working == 0) return (window_ + servers_.size() - 1) / servers_.size();
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

std::optional<ServerIndex> RotatingServerPool::book(const dns::Question&, std::optional<ServerIndex> avoid,
                                                    net::TimePoint now) {
  std::optional<std::size_t> second_choice;
  for (std::size_t step = 0; step < servers_.size(); ++step) {
    const std::size_t index = (next_ + step) % servers_.size();
    if (servers_[index].open >= window_of(servers_[index], now)) continue;
    if (avoid && static_cast<std::size_t>(*avoid) == index) {
      second_choice = index;
      continue;
    }
    ++servers_[index].open;
    next_ = (index + 1) % servers_.size();
    return static_cast<ServerIndex>(index);
  }
  // A place elsewhere is worth waiting for; only one that nobody else works at goes back where it failed.
  if (!second_choice || has_alternative(*avoid, now)) return std::nullopt;
  ++servers_[*second_choice].open;
  return static_cast<ServerIndex>(*second_choice);
}

ServerChange RotatingServerPool::give_back(ServerIndex index, TryEnd end, net::Clock::duration,
                                           net::TimePoint now) {
  Server& server = at(index);
  assert(server.open > 0);
  --server.open;
  switch (end) {
    case TryEnd::kAnswered:
      answered(server);
      return ServerChange::kNone;
    case TryEnd::kServerFailed:
    case TryEnd::kTimedOut:
      return strike(server, kFailureWeight, now);
    case TryEnd::kNothingLearnt:
      return ServerChange::kNone;
  }
  return ServerChange::kNone;
}

ServerChange RotatingServerPool::struck(ServerIndex index, net::TimePoint now) {
  return strike(at(index), kUnreachableWeight, now);
}

void RotatingServerPool::heard_from(ServerIndex server) {
  answered(at(server));
}

ServerChange RotatingServerPool::strike(Server& server, std::uint32_t weight, net::TimePoint now) {
  if (health_of(server, now) == Health::kResting) return ServerChange::kNone;
  server.strikes += weight;
  // One failure on probation is enough.
  if (!server.rested && server.strikes < kStrikesToRest) return ServerChange::kNone;
  if (!server.rested) ++rested_;
  server.rested = true;
  const auto rest = kFirstRest * (std::uint64_t{1} << std::min(server.rests, 5u));
  server.rest_until = now + std::min<std::chrono::seconds>(rest, kLongestRest);
  ++server.rests;
  return ServerChange::kBeganToRest;
}

void RotatingServerPool::answered(Server& server) {
  server.strikes = 0;
  server.rests = 0;
  if (server.rested) --rested_;
  server.rested = false;
}

bool RotatingServerPool::has_room(net::TimePoint now) const {
  return std::any_of(servers_.begin(), servers_.end(),
                     [this, now](const Server& server) { return server.open < window_of(server, now); });
}

bool RotatingServerPool::has_alternative(ServerIndex index, net::TimePoint now) const {
  for (std::size_t other = 0; other < servers_.size(); ++other) {
    if (other != static_cast<std::size_t>(index) && health_of(servers_[other], now) == Health::kWorking)
      return true;
  }
  return false;
}

}  // namespace dauth::resolver

// RotatingServerPool: recursive resolvers that can all answer everything, asked in turn.
//
// The window of each is its share of the whole one. A server with many failures and no answer between them is
// rested, for 1 s at first and up to 30 s, and then gets one question at a time until it answers; meanwhile
// the others have its share. Where all rest, they are asked all the same: a resting server is better than
// none.
#pragma once

#include <vector>

#include "resolver/server_pool.h"

namespace dauth::resolver {

class RotatingServerPool final : public ServerPool {
 public:
  // At least one server; `window` is the number of tries open at the same time at all of them.
  RotatingServerPool(std::vector<net::SocketAddress> servers, std::size_t window);

  std::size_t size() const override { return servers_.size(); }
  const net::SocketAddress& address(ServerIndex server) const override;
  std::optional<ServerIndex> book(const dns::Question& question, std::optional<ServerIndex> avoid,
                                  net::TimePoint now) override;
  ServerChange give_back(ServerIndex server, TryEnd end, net::Clock::duration latency,
                         net::TimePoint now) override;
  ServerChange struck(ServerIndex server, net::TimePoint now) override;
  void heard_from(ServerIndex server) override;
  bool has_room(net::TimePoint now) const override;
  bool has_alternative(ServerIndex server, net::TimePoint now) const override;

 private:
  enum class Health : std::uint8_t { kWorking, kResting, kOnProbation };
  struct Server {
    net::SocketAddress address;
    std::size_t open = 0;       // tries booked
    std::uint32_t strikes = 0;  // since the last answer
    std::uint32_t rests = 0;    // since the last answer
    net::TimePoint rest_until{};
    bool rested = false;  // since the last answer
  };

  Server& at(ServerIndex server) { return servers_[static_cast<std::size_t>(server)]; }
  static Health health_of(const Server& server, net::TimePoint now);
  std::size_t window_of(const Server& server, net::TimePoint now) const;
  ServerChange strike(Server& server, std::uint32_t weight, net::TimePoint now);
  void answered(Server& server);

  std::vector<Server> servers_;
  std::size_t window_;
  std::size_t next_ = 0;    // whose turn it is
  std::size_t rested_ = 0;  // servers with `rested` set: none of them, and no clock is looked at
};

}  // namespace dauth::resolver

// RotatingServerPool: recursive resolvers that can all answer everything, asked in turn.
//
// The window of each is what it bears by its ServerWindow, and at most its share of the whole one. Each may
// have a rate of its own. A server with many failures and no answer between them is rested, for 1 s at first
// and up to 30 s, and then gets one question at a time until it answers; meanwhile the others have its share,
// and afterwards its window begins anew. Where all rest, they are asked all the same: a resting server is
// better than none.
#pragma once

#include <algorithm>
#include <vector>

#include "resolver/rate_limit.h"
#include "resolver/server_pool.h"
#include "resolver/server_window.h"

namespace dauth::resolver {

class RotatingServerPool final : public ServerPool {
 public:
  // At least one server; `window` is the number of tries open at the same time at all of them, at most;
  // `rates` are messages a second by server, 0 or no entry for no limit.
  RotatingServerPool(std::vector<net::SocketAddress> servers, std::size_t window,
                     const std::vector<double>& rates = {});

  std::size_t size() const override { return servers_.size(); }
  const net::SocketAddress& address(ServerIndex server) const override;
  std::optional<ServerIndex> book(const dns::Question& question, std::optional<ServerIndex> avoid,
                                  net::TimePoint now) override;
  ServerChange give_back(ServerIndex server, TryEnd end, net::Clock::duration latency,
                         net::TimePoint now) override;
  net::Clock::duration lost_after(ServerIndex server) const override;
  bool allows_message(ServerIndex server, net::TimePoint now) const override;
  net::TimePoint allows_message_from(ServerIndex server) const override;
  void lost(ServerIndex server, net::TimePoint now) override;
  void sent_more(ServerIndex server, net::TimePoint now) override;
  ServerChange struck(ServerIndex server, net::TimePoint now) override;
  void heard_from(ServerIndex server, net::Clock::duration latency, net::TimePoint now) override;
  bool has_room(net::TimePoint now) const override;
  net::TimePoint room_from(net::TimePoint now) const override;
  bool has_alternative(ServerIndex server, net::TimePoint now) const override;

 private:
  enum class Health : std::uint8_t { kWorking, kResting, kOnProbation };
  struct Server {
    explicit Server(double messages_per_second) : rate(messages_per_second) {}
    bool allows(net::TimePoint now) const { return rate.allows(now) && window.allows(now); }
    net::TimePoint allows_from() const { return std::max(rate.free_from(), window.allows_from()); }
    void take(net::TimePoint now) {
      rate.take(now);
      window.take(now);
    }

    net::SocketAddress address;
    ServerWindow window;
    RateLimit rate;                                      // as it was given
    std::size_t open = 0;                                // tries booked
    std::uint32_t strikes = 0;                           // since the last answer
    std::uint32_t rests = 0;                             // since the last answer
    net::TimePoint answered_at = net::TimePoint::min();  // last
    net::TimePoint rest_from = net::TimePoint::min();    // last
    net::TimePoint rest_until{};
    bool rested = false;  // since the last answer
  };

  Server& at(ServerIndex server) { return servers_[static_cast<std::size_t>(server)]; }
  static Health health_of(const Server& server, net::TimePoint now);
  const Server& at(ServerIndex server) const { return servers_[static_cast<std::size_t>(server)]; }
  std::size_t share_of(const Server& server, net::TimePoint now) const;
  bool has_room_at(const Server& server, net::TimePoint now) const;
  void book_at(Server& server, net::TimePoint now);
  ServerChange strike(Server& server, std::uint32_t weight, net::TimePoint now);
  void answered(Server& server, net::TimePoint now);

  std::vector<Server> servers_;
  std::size_t window_;
  std::size_t even_share_;  // of each server while all work
  std::size_t next_ = 0;    // whose turn it is
  std::size_t rested_ = 0;  // servers with `rested` set: none of them, and no clock is looked at
};

}  // namespace dauth::resolver

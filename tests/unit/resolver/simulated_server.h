// SimulatedServers: the stub resolver asks simulated servers on a manual clock: latency, queues, loss,
// limits.
//
// Deterministic: the same seed gives the same run. What a server does with a question is told by its
// function: after how long which reply comes, or that none does.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "resolver/stub_resolver.h"
#include "tests/replay/scripted_transport.h"

namespace dauth::testing {

struct SimulatedReply {
  net::Clock::duration after{};
  dns::Rcode rcode = dns::Rcode::kNxDomain;
};
// What becomes of a question that arrives at `now`; nothing: no reply.
using ServerModel = std::function<std::optional<SimulatedReply>(net::TimePoint now, std::mt19937& random)>;

// --- models
// Answers after `latency`, and loses each question with the chance `loss`.
ServerModel steady(net::Clock::duration latency, double loss = 0);
// One at a time, each taking `service`; `queue` wait, what comes then is dropped. `latency` on top.
ServerModel queueing(net::Clock::duration service, std::size_t queue, net::Clock::duration latency = {});
// A token bucket: `rate` a second, up to `burst` at once; drops the rest.
ServerModel policed(double rate, double burst, net::Clock::duration latency);

class Simulation final : private resolver::OutcomeHandler {
 public:
  Simulation(resolver::StubResolverOptions options, std::vector<ServerModel> models, std::uint32_t seed = 1);
  ~Simulation();

  void set_model(std::size_t server, ServerModel model) { models_[server] = std::move(model); }
  // Asks `total` questions, as many at a time as there is room, and returns when each has its outcome; or
  // after `limit` of simulated time. Afterwards the counts hold what came of these.
  void ask(std::uint64_t total, net::Clock::duration limit = std::chrono::hours(1));

  std::uint64_t answered() const { return answered_; }
  std::uint64_t failed() const { return failed_; }
  // Of the last call of ask().
  double seconds() const { return std::chrono::duration<double>(transport_.now() - began_).count(); }
  // Answers a second, until 95 % of the outcomes were there: the last time-outs are nobody's rate.
  double goodput() const { return goodput_; }
  std::size_t most_open() const { return most_open_; }
  // Questions that reached a server, of all calls.
  std::uint64_t arrived(std::size_t server) const { return arrived_[server]; }
  const resolver::StubResolver& resolver() const { return *resolver_; }
  net::TimePoint now() const { return transport_.now(); }

 private:
  struct Event {
    SentMessage message;
    dns::Rcode rcode;
  };
  void on_outcome(std::uint64_t token, dns::LookupOutcome outcome) override;
  void admit();
  void take_sent();
  void deliver(const Event& event);

  std::vector<net::SocketAddress> servers_;
  std::vector<ServerModel> models_;
  std::vector<std::uint64_t> arrived_;
  std::mt19937 random_;
  ScriptedTransport transport_;
  CountingRandom ids_;
  std::unique_ptr<resolver::StubResolver> resolver_;
  std::multimap<net::TimePoint, Event> events_;
  std::uint64_t next_ = 0;
  std::uint64_t until_ = 0;
  std::uint64_t total_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t failed_ = 0;
  std::size_t most_open_ = 0;
  double goodput_ = 0;
  net::TimePoint began_{};
};

}  // namespace dauth::testing

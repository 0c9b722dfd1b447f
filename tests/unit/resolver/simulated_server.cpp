#include "tests/unit/resolver/simulated_server.h"

#include <algorithm>

namespace dauth::testing {

ServerModel steady(net::Clock::duration latency, double loss) {
  return [=](net::TimePoint, std::mt19937& random) -> std::optional<SimulatedReply> {
    if (std::bernoulli_distribution(loss)(random)) return std::nullopt;
    return SimulatedReply{.after = latency};
  };
}

ServerModel queueing(net::Clock::duration service, std::size_t queue, net::Clock::duration latency) {
  return [=, free_from = net::TimePoint{}](net::TimePoint now,
                                           std::mt19937&) mutable -> std::optional<SimulatedReply> {
    free_from = std::max(free_from, now);
    if (free_from - now > service * static_cast<std::int64_t>(queue)) return std::nullopt;
    free_from += service;
    return SimulatedReply{.after = free_from - now + latency};
  };
}

ServerModel policed(double rate, double burst, net::Clock::duration latency) {
  return [=, tokens = burst, filled = std::optional<net::TimePoint>()](
             net::TimePoint now, std::mt19937& random) mutable -> std::optional<SimulatedReply> {
    const double since = std::chrono::duration<double>(now - filled.value_or(now)).count();
    filled = now;
    tokens = std::min(burst, tokens + rate * since);
    // By chance at the edge: without any, retries can fall into step with what is dropped.
    if (tokens < 1 && std::uniform_real_distribution<double>()(random) >= tokens) return std::nullopt;
    tokens = std::max(tokens - 1, 0.0);
    return SimulatedReply{.after = latency};
  };
}

Simulation::Simulation(resolver::StubResolverOptions options, std::vector<ServerModel> models,
                       std::uint32_t seed)
    : models_(std::move(models)), arrived_(models_.size()), random_(seed) {
  for (std::size_t index = 1; index <= models_.size(); ++index) {
    servers_.push_back(net::SocketAddress::parse("192.0.2." + std::to_string(index)).value());
  }
  options.servers = servers_;
  resolver_ = std::make_unique<resolver::StubResolver>(transport_, ids_, std::move(options));
  resolver_->set_room_listener([this] { admit(); });
}

Simulation::~Simulation() = default;

void Simulation::ask(std::uint64_t total, net::Clock::duration limit) {
  answered_ = failed_ = 0;
  most_open_ = 0;
  until_ = next_ + total;
  total_ = total;
  began_ = transport_.now();
  admit();
  transport_.flush();
  take_sent();
  while (answered_ + failed_ < total && transport_.now() - began_ < limit) {
    // The next thing to happen: a reply, or a deadline of the resolver's.
    const net::TimePoint deadline = transport_.deadline();
    if (!events_.empty() && events_.begin()->first <= deadline) {
      const net::TimePoint at = events_.begin()->first;
      transport_.advance(std::max(at - transport_.now(), net::Clock::duration::zero()));
      const auto node = events_.extract(events_.begin());
      deliver(node.mapped());
    } else if (deadline != net::TimePoint::max()) {
      transport_.advance(std::max(deadline - transport_.now(), net::Clock::duration::zero()));
    } else {
      return;  // nothing will ever happen any more
    }
    take_sent();
  }
}

void Simulation::admit() {
  while (next_ < until_ && resolver_->has_room()) {
    const auto name = dns::DomainName::from_text("n" + std::to_string(next_) + ".example");
    resolver_->ask({*name, dns::RrType::kTxt}, *this, next_++);
  }
}

void Simulation::take_sent() {
  while (!transport_.sent().empty()) {
    SentMessage message = std::move(transport_.sent().front());
    transport_.sent().pop_front();
    const auto server = static_cast<std::size_t>(std::find(servers_.begin(), servers_.end(), message.server) -
                                                 servers_.begin());
    ++arrived_[server];
    const auto reply = models_[server](transport_.now(), random_);
    if (!reply) continue;
    events_.emplace(transport_.now() + reply->after, Event{std::move(message), reply->rcode});
  }
  most_open_ = std::max(most_open_, resolver_->outstanding());
}

void Simulation::deliver(const Event& event) {
  std::vector<std::uint8_t> octets = event.message.octets;
  octets[2] |= 0x80;                                                                 // QR
  octets[3] = static_cast<std::uint8_t>(0x80 | static_cast<unsigned>(event.rcode));  // RA
  transport_.deliver(event.message, event.message.server, octets);
}

void Simulation::on_outcome(std::uint64_t, dns::LookupOutcome outcome) {
  ++(std::holds_alternative<dns::Failure>(outcome) ? failed_ : answered_);
  if ((answered_ + failed_) * 20 <= total_ * 19) goodput_ = static_cast<double>(answered_) / seconds();
}

}  // namespace dauth::testing

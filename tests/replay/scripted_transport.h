// ScriptedTransport: a Transport without a network, whose clock and whose events a test moves by hand.
//
// What the resolver commits becomes a SentMessage at the next flush(); connections stand at once unless their
// server was told to refuse or to stay silent.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/net/random_source.h"
#include "resolver/net/transport.h"

namespace dauth::testing {

struct SentMessage {
  std::variant<net::ChannelId, net::StreamId> lane;
  net::SocketAddress server;
  std::vector<std::uint8_t> octets;
};

// Counts up, so that every ID of a conversation is another; or repeats itself, so that all are the same.
class CountingRandom final : public net::RandomSource {
 public:
  std::uint16_t next() override { return repeating_ ? next_ : next_++; }
  void repeat() { repeating_ = true; }

 private:
  std::uint16_t next_ = 0x1000;
  bool repeating_ = false;
};

class ScriptedTransport final : public net::Transport {
 public:
  enum class Connecting : std::uint8_t { kRefused, kSilent };

  void set_listener(net::TransportListener* listener) override { listener_ = listener; }
  net::TimePoint now() const override { return now_; }
  void arm_deadline(net::TimePoint deadline) override { deadline_ = deadline; }
  Result<net::ChannelId, net::TransportError> open_channel(const net::SocketAddress& server) override;
  void close_channel(net::ChannelId channel) override;
  std::span<std::uint8_t> reserve(net::ChannelId channel) override;
  void commit(net::ChannelId channel, std::size_t length) override;
  net::StreamId open_stream(const net::SocketAddress& server) override;
  void send_on_stream(net::StreamId stream, std::span<const std::uint8_t> message) override;
  void close_stream(net::StreamId stream) override;

  // The events that a test makes. Each ends with a flush().
  void flush();
  void advance(net::Clock::duration duration);
  // The clock moves on, and nothing else happens: what a busy or stopped process sees of time.
  void stall(net::Clock::duration duration) { now_ += duration; }
  void deliver(const SentMessage& question, const net::SocketAddress& source,
               std::span<const std::uint8_t> octets);
  void fail(const SentMessage& question, net::TransportError error);

  void set_connecting(const net::SocketAddress& server, Connecting how) {
    connecting_[server.to_text()] = how;
  }
  void forbid_channels(const net::SocketAddress& server) { without_channels_.insert(server.to_text()); }

  // TimePoint::max() where none is armed.
  net::TimePoint deadline() const { return deadline_; }
  std::deque<SentMessage>& sent() { return sent_; }
  std::size_t open_channels() const;
  std::size_t open_streams() const { return streams_.size(); }

 private:
  struct Channel {
    net::SocketAddress server;
    bool open = true;
    std::uint64_t flushed = 0;
  };
  struct Stream {
    net::SocketAddress server;
    bool connected = false;
    std::vector<std::vector<std::uint8_t>> waiting;  // sent before the connection stands
  };

  net::TransportListener* listener_ = nullptr;
  net::TimePoint now_{std::chrono::hours(1)};
  net::TimePoint deadline_ = net::TimePoint::max();
  std::vector<Channel> channels_;
  std::vector<SentMessage> batch_;  // committed, not flushed
  std::map<std::uint32_t, Stream> streams_;
  std::uint32_t next_stream_ = 0;
  std::array<std::uint8_t, dns::kMaxQueryLength> room_{};
  std::deque<SentMessage> sent_;
  std::map<std::string, Connecting> connecting_;
  std::set<std::string> without_channels_;
};

}  // namespace dauth::testing

// The transport on real sockets, and a listener that notes what it is told.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/net/uv_transport.h"

namespace dauth::testing {

inline std::size_t query_for(std::span<std::uint8_t> out, std::uint16_t id) {
  return dns::encode_query(out, id, {dns::DomainName::from_text("a.example").value(), dns::RrType::kTxt}, {});
}

class Recorder final : public net::TransportListener {
 public:
  void on_flushed(net::ChannelId channel, std::uint64_t datagrams) override { flushed[channel] = datagrams; }
  void on_datagram(net::ChannelId channel, const net::SocketAddress& source,
                   std::span<const std::uint8_t> octets) override {
    log += 'd';
    sources.push_back(source);
    ids.insert({channel, dns::MessageView::over(octets).value().id()});
    after_event();
  }
  void on_channel_error(net::ChannelId, net::TransportError error) override {
    errors.push_back(error);
    after_event();
  }
  void on_stream_open(net::StreamId) override {
    log += 'o';
    after_event();
  }
  void on_stream_message(net::StreamId, std::span<const std::uint8_t> octets) override {
    log += 'm';
    stream_ids.push_back(dns::MessageView::over(octets).value().id());
    after_event();
  }
  void on_stream_closed(net::StreamId stream, net::TransportError error) override {
    log += 'c';
    closed.push_back(stream);
    errors.push_back(error);
    after_event();
  }
  std::size_t replies_expected() const override { return 0; }
  void on_deadline(net::TimePoint reached) override {
    log += '!';
    deadline = reached;
    after_event();
  }

  std::function<void()> after_event = [] {};
  std::string log;  // a letter an event
  std::map<net::ChannelId, std::uint64_t> flushed;
  std::multimap<net::ChannelId, std::uint16_t> ids;
  std::vector<net::SocketAddress> sources;
  std::vector<std::uint16_t> stream_ids;  // of the messages
  std::vector<net::StreamId> closed;
  std::vector<net::TransportError> errors;
  net::TimePoint deadline{};
};

class UvTransportTest : public ::testing::Test {
 protected:
  explicit UvTransportTest(std::chrono::milliseconds stream_idle = std::chrono::milliseconds(50))
      : transport_(loop_, random_, {.receive_buffer = std::size_t{1} << 20, .stream_idle = stream_idle}) {
    transport_.set_listener(&recorder_);
  }

  void send(net::ChannelId channel, std::uint16_t id) {
    transport_.commit(channel, query_for(transport_.reserve(channel), id));
  }
  void send(net::StreamId stream, std::uint16_t id) {
    std::array<std::uint8_t, dns::kMaxQueryLength> query;
    transport_.send_on_stream(stream, std::span(query).first(query_for(query, id)));
  }
  // Runs the loop until `done` holds after some event.
  void run_until(std::function<bool()> done) {
    recorder_.after_event = [this, done] {
      if (done()) loop_.stop();
    };
    const auto guard = loop_.after(std::chrono::seconds(20), [this] {
      ADD_FAILURE() << "nothing more happened; events: " << recorder_.log.substr(0, 100);
      loop_.stop();
    });
    loop_.run();
  }

  net::EventLoop loop_;
  net::SystemRandom random_;
  Recorder recorder_;
  net::UvTransport transport_;
};

}  // namespace dauth::testing

#include "tests/replay/scripted_transport.h"

#include <algorithm>
#include <stdexcept>

namespace dauth::testing {
namespace {

constexpr int kMostEvents = 1'000'000;

}  // namespace

Result<net::ChannelId, net::TransportError> ScriptedTransport::open_channel(
    const net::SocketAddress& server) {
  if (without_channels_.contains(server.to_text())) return unexpected(net::TransportError::kUnreachable);
  channels_.push_back({.server = server, .open = true, .flushed = 0});
  return static_cast<net::ChannelId>(channels_.size() - 1);
}

void ScriptedTransport::close_channel(net::ChannelId channel) {
  channels_.at(static_cast<std::size_t>(channel)).open = false;
}

std::span<std::uint8_t> ScriptedTransport::reserve(net::ChannelId channel) {
  if (!channels_.at(static_cast<std::size_t>(channel)).open) throw std::logic_error("a closed channel");
  return room_;
}

void ScriptedTransport::commit(net::ChannelId channel, std::size_t length) {
  const std::span<const std::uint8_t> octets = std::span(room_).first(length);
  batch_.push_back(
      {channel, channels_.at(static_cast<std::size_t>(channel)).server, {octets.begin(), octets.end()}});
}

net::StreamId ScriptedTransport::open_stream(const net::SocketAddress& server) {
  streams_.emplace(next_stream_, Stream{.server = server, .connected = false, .waiting = {}});
  return static_cast<net::StreamId>(next_stream_++);
}

void ScriptedTransport::send_on_stream(net::StreamId stream, std::span<const std::uint8_t> message) {
  Stream& open = streams_.at(static_cast<std::uint32_t>(stream));
  if (open.connected) {
    sent_.push_back({stream, open.server, {message.begin(), message.end()}});
  } else {
    open.waiting.emplace_back(message.begin(), message.end());
  }
}

void ScriptedTransport::close_stream(net::StreamId stream) {
  streams_.erase(static_cast<std::uint32_t>(stream));
}

void ScriptedTransport::flush() {
  for (bool again = true; again;) {
    again = false;
    std::set<net::ChannelId> flushed;
    for (SentMessage& message : std::exchange(batch_, {})) {
      const auto channel = std::get<net::ChannelId>(message.lane);
      ++channels_[static_cast<std::size_t>(channel)].flushed;
      flushed.insert(channel);
      sent_.push_back(std::move(message));
    }
    for (const net::ChannelId channel : flushed) {
      listener_->on_flushed(channel, channels_[static_cast<std::size_t>(channel)].flushed);
    }
    const std::vector<std::uint32_t> ids = [this] {
      std::vector<std::uint32_t> keys;
      for (const auto& [id, stream] : streams_) keys.push_back(id);
      return keys;
    }();
    for (const std::uint32_t id : ids) {
      const auto found = streams_.find(id);
      if (found == streams_.end() || found->second.connected) continue;
      const auto how = connecting_.find(found->second.server.to_text());
      if (how == connecting_.end()) {
        found->second.connected = true;
        for (auto& octets : std::exchange(found->second.waiting, {})) {
          sent_.push_back({static_cast<net::StreamId>(id), found->second.server, std::move(octets)});
        }
        listener_->on_stream_open(static_cast<net::StreamId>(id));
      } else if (how->second == Connecting::kRefused) {
        streams_.erase(found);
        listener_->on_stream_closed(static_cast<net::StreamId>(id), net::TransportError::kRefused);
        again = true;
      }
    }
  }
}

void ScriptedTransport::advance(net::Clock::duration duration) {
  const net::TimePoint until = now_ + duration;
  for (int events = 0; deadline_ <= until; ++events) {
    if (events == kMostEvents) throw std::logic_error("the resolver arms deadlines without end");
    now_ = std::max(now_, deadline_);
    deadline_ = net::TimePoint::max();
    listener_->on_deadline(now_);
    flush();
  }
  now_ = until;
}

void ScriptedTransport::deliver(const SentMessage& question, const net::SocketAddress& source,
                                std::span<const std::uint8_t> octets) {
  if (const auto* channel = std::get_if<net::ChannelId>(&question.lane)) {
    listener_->on_datagram(*channel, source, octets);
  } else {
    const auto stream = std::get<net::StreamId>(question.lane);
    if (!streams_.contains(static_cast<std::uint32_t>(stream)))
      throw std::runtime_error("the stream is closed");
    listener_->on_stream_message(stream, octets);
  }
  flush();
}

void ScriptedTransport::fail(const SentMessage& question, net::TransportError error) {
  if (const auto* channel = std::get_if<net::ChannelId>(&question.lane)) {
    listener_->on_channel_error(*channel, error);
  } else {
    const auto stream = std::get<net::StreamId>(question.lane);
    if (streams_.erase(static_cast<std::uint32_t>(stream)) == 0)
      throw std::runtime_error("the stream is closed");
    listener_->on_stream_closed(stream, error);
  }
  flush();
}

std::size_t ScriptedTransport::open_channels() const {
  return static_cast<std::size_t>(
      std::count_if(channels_.begin(), channels_.end(), [](const Channel& channel) { return channel.open; }));
}

}  // namespace dauth::testing

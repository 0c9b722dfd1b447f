// Lane: the channel or stream that a message travels on, as one number, since IDs are unique for each.
#pragma once

#include <cstdint>

#include "resolver/net/transport.h"

namespace dauth::resolver {

enum class Lane : std::uint32_t {};

inline constexpr std::uint32_t kStreamBit = 0x8000'0000;

constexpr Lane lane_of(net::ChannelId channel) {
  return static_cast<Lane>(channel);
}
constexpr Lane lane_of(net::StreamId stream) {
  return static_cast<Lane>(static_cast<std::uint32_t>(stream) | kStreamBit);
}
constexpr bool is_stream(Lane lane) {
  return (static_cast<std::uint32_t>(lane) & kStreamBit) != 0;
}

}  // namespace dauth::resolver

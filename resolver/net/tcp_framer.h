// TcpFramer: cuts a stream's octets into DNS messages by their two octets of length (RFC 1035 section 4.2.2,
// RFC 7766 section 8).
//
// Owns what has arrived of a message that is not whole yet, at most 65,537 octets, and room for 4,096 more.
// Pure: no socket, no clock.
// A length too short for a DNS header cannot be a message; the stream has lost its framing and is of no more
// use: what comes behind is thrown away. A length that promises more than comes shows only as silence, which
// is the stream's owner's matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace dauth::net {

class TcpFramer {
 public:
  // Room to read into, never empty; say with received() how much of it was filled. Invalidates what next()
  // has returned.
  std::span<std::uint8_t> space();
  void received(std::size_t octets);

  // To be called until there is nothing: what next() is not asked for is kept beyond that measure.
  // The next whole message without its length, borrowed until space() is called; nothing when there is none,
  // or none any more: see broken().
  std::optional<std::span<const std::uint8_t>> next();
  bool broken() const { return broken_; }
  // Octets of memory held.
  std::size_t memory() const { return buffer_.capacity(); }

  // Appends `message` (up to 65,535 octets) with its length before it.
  static void frame(std::span<const std::uint8_t> message, std::vector<std::uint8_t>& out);

 private:
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;  // of what has not been returned yet
  std::size_t end_ = 0;    // of what was received
  bool broken_ = false;
};

}  // namespace dauth::net

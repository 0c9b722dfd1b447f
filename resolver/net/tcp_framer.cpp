#include "resolver/net/tcp_framer.h"

#include <algorithm>
#include <cassert>

#include "resolver/dns/message.h"

namespace dauth::net {
namespace {

constexpr std::size_t kLengthOctets = 2;
constexpr std::size_t kLeastSpace = 4096;
constexpr std::size_t kMostMemory = kLengthOctets + 0xffff + kLeastSpace;

}  // namespace

std::span<std::uint8_t> TcpFramer::space() {
  if (broken_) {
    begin_ = end_ = 0;
  } else if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() - end_ < kLeastSpace) {
    // Doubled, so that a long message is not moved at every read; what is left is less than one whole
    // message.
    const std::size_t room = std::max(end_ + kLeastSpace, std::min(2 * buffer_.size(), kMostMemory));
    buffer_.reserve(room);  // resize() alone may take twice as much
    buffer_.resize(room);
  }
  return std::span(buffer_).subspan(end_);
}

void TcpFramer::received(std::size_t octets) {
  assert(octets <= buffer_.size() - end_);
  end_ += octets;
}

std::optional<std::span<const std::uint8_t>> TcpFramer::next() {
  if (broken_ || end_ - begin_ < kLengthOctets) return std::nullopt;
  const std::size_t length = static_cast<std::size_t>(buffer_[begin_]) << 8 | buffer_[begin_ + 1];
  if (length < dns::kHeaderLength) {
    broken_ = true;
    return std::nullopt;
  }
  if (end_ - begin_ < kLengthOctets + length) return std::nullopt;
  const auto message = std::span<const std::uint8_t>(buffer_).subspan(begin_ + kLengthOctets, length);
  begin_ += kLengthOctets + length;
  return message;
}

void TcpFramer::frame(std::span<const std::uint8_t> message, std::vector<std::uint8_t>& out) {
  assert(message.size() <= 0xffff);
  out.push_back(static_cast<std::uint8_t>(message.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(message.size() & 0xff));
  out.insert(out.end(), message.begin(), message.end());
}

}  // namespace dauth::net

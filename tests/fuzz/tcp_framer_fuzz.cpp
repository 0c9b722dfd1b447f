// Any octets as a TCP stream, cut into reads in any way: the same messages come out as from the whole, and so
// says a reading that keeps no state. None is shorter than a header, only a length too short for one breaks
// the stream, and little more is kept than one message. Any message comes back out of its frame.
//
// The input's last octet says how many octets before it are the sizes of the reads, taken in turn; what
// stands before those is the stream.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/net/tcp_framer.h"

namespace {

using namespace dauth;
using Octets = std::vector<std::uint8_t>;
using View = std::span<const std::uint8_t>;

constexpr std::size_t kMostMemory = 65'537 + 4096;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Reading {
  std::vector<Octets> messages;
  bool broken = false;
  friend bool operator==(const Reading&, const Reading&) = default;
};

Reading reference(View stream) {
  Reading reading;
  while (stream.size() >= 2) {
    const std::size_t length = stream[0] * 256U + stream[1];
    reading.broken = length < 12;
    if (reading.broken || stream.size() < 2 + length) break;
    reading.messages.emplace_back(stream.begin() + 2,
                                  stream.begin() + 2 + static_cast<std::ptrdiff_t>(length));
    stream = stream.subspan(2 + length);
  }
  return reading;
}

// 1 to 128 octets, or up to 8 KiB.
std::size_t size_of_read(std::uint8_t octet) {
  return octet < 128 ? octet + 1U : (octet - 127U) * 64U;
}

// `reads` are the sizes, taken in turn; none: as much as there is room for.
Reading framed(View stream, View reads) {
  net::TcpFramer framer;
  Reading reading;
  for (std::size_t at = 0, turn = 0; at < stream.size(); ++turn) {
    const std::span<std::uint8_t> space = framer.space();
    require(!space.empty() && framer.memory() <= kMostMemory);
    std::size_t count = std::min(space.size(), stream.size() - at);
    if (!reads.empty()) count = std::min(count, size_of_read(reads[turn % reads.size()]));
    std::copy_n(stream.begin() + static_cast<std::ptrdiff_t>(at), count, space.begin());
    framer.received(count);
    at += count;
    while (const auto message = framer.next()) {
      require(message->size() >= dns::kHeaderLength && !framer.broken());
      reading.messages.emplace_back(message->begin(), message->end());
    }
  }
  reading.broken = framer.broken();
  return reading;
}

// The octets as a message, sent twice.
void check_frame(View message, View reads) {
  if (message.size() < dns::kHeaderLength || message.size() > 0xffff) return;
  Octets stream;
  net::TcpFramer::frame(message, stream);
  net::TcpFramer::frame(message, stream);
  require(stream.size() == 2 * (2 + message.size()));
  const Octets copy(message.begin(), message.end());
  require(framed(stream, reads) == Reading{{copy, copy}, false});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const View input(data, size);
  if (input.empty()) return 0;
  const std::size_t count = std::min<std::size_t>(input.back(), input.size() - 1);
  const View stream = input.first(input.size() - 1 - count);
  const View reads = input.subspan(stream.size(), count);
  const Reading expected = reference(stream);
  require(framed(stream, {}) == expected);
  require(framed(stream, reads) == expected);
  check_frame(input, reads);
  return 0;
}

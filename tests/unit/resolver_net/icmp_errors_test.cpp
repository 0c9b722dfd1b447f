// ICMP errors that the kernel hands out late: at the next send, whatever that sends. Forged, which takes raw
// sockets (as another user: unshare -rn sh -c 'ip link set lo up; resolver_net_test').
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/resolver_net/loopback_server.h"
#include "tests/unit/resolver_net/transport_fixture.h"

namespace dauth::net {
namespace {

using testing::LoopbackServer;
using testing::UvTransportTest;

std::uint16_t checksum(const std::vector<std::uint8_t>& octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
    sum += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
  sum = (sum >> 16) + (sum & 0xffff);
  return static_cast<std::uint16_t>(~(sum + (sum >> 16)));
}

// "Administratively prohibited" for a datagram from `source` to `target`, both on 127.0.0.1.
bool prohibit(std::uint16_t source, std::uint16_t target) {
  const int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (raw < 0) return false;
  std::vector<std::uint8_t> octets = {3,
                                      13,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0,
                                      0x45,
                                      0,
                                      0,
                                      40,
                                      0,
                                      1,
                                      0,
                                      0,
                                      64,
                                      17,
                                      0,
                                      0,
                                      127,
                                      0,
                                      0,
                                      1,
                                      127,
                                      0,
                                      0,
                                      1,
                                      static_cast<std::uint8_t>(source >> 8),
                                      static_cast<std::uint8_t>(source),
                                      static_cast<std::uint8_t>(target >> 8),
                                      static_cast<std::uint8_t>(target),
                                      0,
                                      20,
                                      0,
                                      0};
  const std::uint16_t sum = checksum(octets);
  octets[2] = static_cast<std::uint8_t>(sum >> 8);
  octets[3] = static_cast<std::uint8_t>(sum);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto sent = sendto(raw, octets.data(), octets.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
  close(raw);
  return sent > 0;
}

TEST_F(UvTransportTest, NewsOfAnEarlierDatagramCostsNoGroup) {
  const LoopbackServer server([](std::span<const std::uint8_t> query, LoopbackServer::Via) {
    return std::optional(LoopbackServer::empty_response(query));
  });
  const ChannelId channel = transport_.open_channel(server.address()).value();
  std::uint16_t source = 0, target = 0;
  for (int descriptor = 3; descriptor < 64; ++descriptor) {
    sockaddr_in name{}, peer{};
    socklen_t length = sizeof name;
    if (getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) != 0) continue;
    length = sizeof name;
    getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &length);
    source = ntohs(name.sin_port);
    target = ntohs(peer.sin_port);
  }
  if (!prohibit(source, target)) GTEST_SKIP() << "*** no raw sockets: late ICMP errors are NOT tested ***";
  constexpr std::uint16_t kEach = 40;
  for (std::uint16_t id = 0; id < kEach; ++id) send(channel, id);
  transport_.arm_deadline(Clock::now() + std::chrono::milliseconds(500));
  run_until([&] { return recorder_.ids.size() == kEach || recorder_.deadline != TimePoint{}; });
  EXPECT_EQ(recorder_.errors.size(), 1u);
  EXPECT_EQ(recorder_.ids.size(), kEach);
}

}  // namespace
}  // namespace dauth::net

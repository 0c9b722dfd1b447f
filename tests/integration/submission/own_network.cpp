#include "tests/integration/submission/own_network.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include "tests/support/child_process.h"

namespace dauth::testing {
namespace {

constexpr std::size_t kIpv4Header = 20;
constexpr std::size_t kIpv6Header = 40;
constexpr std::uint8_t kSyn = 2;

bool write_file(const char* path, const std::string& text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  return written;
}

std::uint16_t checksum(const std::vector<std::uint8_t>& octets) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
    sum += static_cast<std::uint32_t>(octets[i] << 8 | octets[i + 1]);
  }
  if (octets.size() % 2 != 0) sum += static_cast<std::uint32_t>(octets.back() << 8);
  sum = (sum >> 16) + (sum & 0xffff);
  return static_cast<std::uint16_t>(~(sum + (sum >> 16)));
}

int opened(int descriptor) {
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "socket");
  return descriptor;
}

}  // namespace

std::string enter_own_network() {
  for (const char* const tool : {"ip", "nft"}) {
    if (!find_program(tool)) return std::string(tool) + " is not installed";
  }
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(user == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0) {
    return "no network namespace may be made here: " + std::generic_category().message(errno);
  }
  if (user != 0) {
    write_file("/proc/self/setgroups", "deny");
    if (!write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1") ||
        !write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1")) {
      return "no user namespace may be made here";
    }
  }
  try {
    run_tool("ip", {"link", "set", "lo", "up"});
    // All of them lead here at once; an address that is added comes to be used a moment later.
    run_tool("ip", {"-6", "route", "add", "local", "fd00::/64", "dev", "lo"});
    run_tool("nft", {"add", "table", "inet", "test"});
    run_tool("nft", {"add", "chain", "inet", "test", "input", "{ type filter hook input priority 0; }"});
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

void run_tool(const std::string& tool, const std::vector<std::string>& arguments) {
  ProcessOptions options;
  options.arguments = arguments;
  options.arguments.insert(options.arguments.begin(), tool);
  const ProcessResult result = run_program(options);
  if (result.status() == 0) return;
  std::string command = tool;
  for (const std::string& argument : arguments) command += " " + argument;
  throw std::runtime_error(command + ": " + result.err);
}

void meet(const std::string& address, const std::string& verdict) {
  const std::string family = address.find(':') == std::string::npos ? "ip" : "ip6";
  run_tool("nft", {"add rule inet test input " + family + " daddr " + address + " tcp dport 587 " + verdict});
}

IcmpForger::IcmpForger(std::map<std::string, ForgedError> errors) : errors_(std::move(errors)) {
  packets_ = opened(socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  sockaddr_ll loopback{};
  loopback.sll_family = AF_PACKET;
  loopback.sll_protocol = htons(ETH_P_ALL);
  loopback.sll_ifindex = static_cast<int>(if_nametoindex("lo"));
  opened(bind(packets_, reinterpret_cast<const sockaddr*>(&loopback), sizeof loopback));
  raw_v4_ = opened(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
  raw_v6_ = opened(socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6));
  stopping_ = opened(eventfd(0, EFD_CLOEXEC));
  thread_ = std::thread([this] { run(); });
}

IcmpForger::~IcmpForger() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stopping_, &one, sizeof one);
  thread_.join();
  for (const int descriptor : {packets_, raw_v4_, raw_v6_, stopping_}) close(descriptor);
}

void IcmpForger::run() {
  while (true) {
    std::array<pollfd, 2> watched{{{packets_, POLLIN, 0}, {stopping_, POLLIN, 0}}};
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[1].revents != 0) return;
    std::vector<std::uint8_t> packet(2048);
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    const ssize_t got =
        recvfrom(packets_, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
    // Loopback shows each packet twice, as it goes out and as it comes in.
    if (got <= 0 || from.sll_pkttype == PACKET_OUTGOING) continue;
    packet.resize(static_cast<std::size_t>(got));
    answer(packet);
  }
}

void IcmpForger::answer(const std::vector<std::uint8_t>& packet) const {
  const bool is_v4 = packet[0] >> 4 == 4;
  const std::size_t header = is_v4 ? kIpv4Header : kIpv6Header;
  if (packet.size() < header + 20 || packet[is_v4 ? 9 : 6] != IPPROTO_TCP) return;
  if ((packet[header + 13] & kSyn) == 0) return;
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(is_v4 ? AF_INET : AF_INET6, packet.data() + (is_v4 ? 16 : 24), text.data(), text.size());
  const auto found = errors_.find(text.data());
  if (found == errors_.end()) return;
  std::vector<std::uint8_t> message{found->second.type, found->second.code, 0, 0, 0, 0, 0, 0};
  // A next hop of 1,400 octets, for the errors that tell one (RFC 1191, RFC 4443 section 3.2).
  message[6] = 1400 >> 8;
  message[7] = 1400 & 0xff;
  message.insert(message.end(), packet.begin(), packet.end());
  if (is_v4) {
    const std::uint16_t sum = checksum(message);
    message[2] = static_cast<std::uint8_t>(sum >> 8);
    message[3] = static_cast<std::uint8_t>(sum);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    std::memcpy(&to.sin_addr, packet.data() + 12, sizeof to.sin_addr);
    sendto(raw_v4_, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  } else {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    std::memcpy(&to.sin6_addr, packet.data() + 8, sizeof to.sin6_addr);
    sendto(raw_v6_, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  }
}

}  // namespace dauth::testing

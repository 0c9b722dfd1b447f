// udp_floor PORT FILE WINDOW: what the kernel alone takes for a question. Asks the questions of FILE (lines
// "name type", the form of dnsperf) at 127.0.0.1:PORT over one socket, WINDOW of them open at a time, by
// sendmmsg and recvmmsg in batches of 64, and looks at no reply. Prints JSON. The questions are encoded
// before the clock starts: this is the floor that a client on plain sockets cannot go below.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "resolver/dns/message.h"

namespace {

using namespace dauth;

constexpr std::size_t kBatch = 64;
constexpr int kSilenceMilliseconds = 500;  // after which what is open counts as lost
constexpr int kReceiveBuffer = 4 * 1024 * 1024;

std::optional<dns::RrType> type_of(const std::string& text) {
  for (unsigned number = 1; number < 256; ++number) {
    const auto type = static_cast<dns::RrType>(number);
    if (dns::to_text(type) == text) return type;
  }
  return std::nullopt;
}

// Queries one behind the other, as they go out.
struct Queries {
  std::vector<std::uint8_t> octets;
  std::vector<std::size_t> starts;  // of each query, and the end of the last

  std::size_t count() const { return starts.size() - 1; }
};

Queries encode_questions(const char* file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error(std::string("cannot read ") + file);
  Queries queries;
  queries.starts.push_back(0);
  std::array<std::uint8_t, dns::kMaxQueryLength> query{};
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string name;
    std::string type;
    words >> name >> type;
    const auto owner = dns::DomainName::from_text(name);
    const auto rr_type = type_of(type);
    if (!owner || !rr_type) throw std::runtime_error("no question: " + line);
    const auto id = static_cast<std::uint16_t>(queries.count());
    const std::size_t length = dns::encode_query(query, id, {*owner, *rr_type}, {});
    queries.octets.insert(queries.octets.end(), query.data(), query.data() + length);
    queries.starts.push_back(queries.octets.size());
  }
  return queries;
}

int connected_socket(std::uint16_t port) {
  const int handle = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (handle < 0) throw std::system_error(errno, std::generic_category(), "socket");
  if (::setsockopt(handle, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0) {
    ::setsockopt(handle, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::system_error(errno, std::generic_category(), "connect");
  }
  return handle;
}

class Floor {
 public:
  Floor(int handle, Queries& queries, std::size_t window)
      : handle_(handle), queries_(queries), window_(window) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      in_vectors_[i] = {buffers_[i].data(), buffers_[i].size()};
      in_[i].msg_hdr.msg_iov = &in_vectors_[i];
      in_[i].msg_hdr.msg_iovlen = 1;
      out_[i].msg_hdr.msg_iov = &out_vectors_[i];
      out_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void run() {
    while (next_ < queries_.count() || open_ > 0) {
      while (next_ < queries_.count() && open_ < window_ && send_batch()) {
      }
      pollfd readable{handle_, POLLIN, 0};
      if (::poll(&readable, 1, kSilenceMilliseconds) == 0) {
        lost_ += open_;
        open_ = 0;
      }
      while (receive_batch()) {
      }
    }
  }
  std::size_t lost() const { return lost_; }

 private:
  // False where the socket takes no more.
  bool send_batch() {
    const std::size_t count = std::min({kBatch, queries_.count() - next_, window_ - open_});
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t start = queries_.starts[next_ + i];
      out_vectors_[i] = {queries_.octets.data() + start, queries_.starts[next_ + i + 1] - start};
    }
    const int sent = ::sendmmsg(handle_, out_.data(), static_cast<unsigned>(count), 0);
    if (sent <= 0) return false;
    next_ += static_cast<std::size_t>(sent);
    open_ += static_cast<std::size_t>(sent);
    return true;
  }

  // False where the socket is drained.
  bool receive_batch() {
    const int received = ::recvmmsg(handle_, in_.data(), kBatch, 0, nullptr);
    if (received <= 0) return false;
    // A reply that comes after its question was given up is none of the window's.
    open_ -= std::min(open_, static_cast<std::size_t>(received));
    return static_cast<std::size_t>(received) == kBatch;
  }

  int handle_;
  Queries& queries_;
  std::size_t window_;
  std::size_t next_ = 0;
  std::size_t open_ = 0;
  std::size_t lost_ = 0;
  std::array<std::array<std::uint8_t, 2048>, kBatch> buffers_{};
  std::array<iovec, kBatch> in_vectors_{};
  std::array<iovec, kBatch> out_vectors_{};
  std::array<mmsghdr, kBatch> in_{};
  std::array<mmsghdr, kBatch> out_{};
};

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void measure(std::uint16_t port, const char* file, std::size_t window) {
  Queries queries = encode_questions(file);
  const int handle = connected_socket(port);
  Floor floor(handle, queries, window);
  const double cpu_before = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  floor.run();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const double cpu = cpu_seconds() - cpu_before;
  ::close(handle);
  std::printf("{\"questions\": %zu, \"lost\": %zu, \"cpu_seconds\": %.6f, \"seconds\": %.6f}\n",
              queries.count(), floor.lost(), cpu, wall.count());
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned long port = argc == 4 ? std::strtoul(argv[1], nullptr, 10) : 0;
  const std::size_t window = argc == 4 ? std::strtoul(argv[3], nullptr, 10) : 0;
  if (port == 0 || port > 65535 || window == 0) {
    std::fprintf(stderr, "udp_floor PORT FILE WINDOW\n");
    return 2;
  }
  try {
    measure(static_cast<std::uint16_t>(port), argv[2], window);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "udp_floor: %s\n", error.what());
    return 1;
  }
  return 0;
}

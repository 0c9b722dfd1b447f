// In the steady state a question that gets no answer records costs the stub resolver no allocation: neither
// asked, sent, matched, judged nor closed. This program counts every one.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "resolver/dns/message.h"
#include "resolver/net/random_source.h"
#include "resolver/stub_resolver.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* block = alignment > alignof(std::max_align_t)
                    ? std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment)
                    : std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(size, 1);
}
void* operator new[](std::size_t size) {
  return counted(size, 1);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept {
  std::free(block);
}
void operator delete[](void* block) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  std::free(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  std::free(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  std::free(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  std::free(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  std::free(block);
}

namespace dauth::resolver {
namespace {

// Every question that is sent is answered at the next turn with NXDOMAIN; allocates nothing after its
// beginning.
class EchoTransport final : public net::Transport {
 public:
  EchoTransport() {
    batch_.reserve(kMost);
    answers_.reserve(kMost);
  }
  void set_listener(net::TransportListener* listener) override { listener_ = listener; }
  net::TimePoint now() const override { return now_; }
  void arm_deadline(net::TimePoint) override {}
  Result<net::ChannelId, net::TransportError> open_channel(const net::SocketAddress& server) override {
    servers_.push_back(server);
    flushed_.push_back(0);
    return static_cast<net::ChannelId>(servers_.size() - 1);
  }
  void close_channel(net::ChannelId) override {}
  std::span<std::uint8_t> reserve(net::ChannelId channel) override {
    if (batch_.size() == kMost) throw std::logic_error("more questions than the test asks");
    batch_.push_back({channel, {}, 0});
    return batch_.back().octets;
  }
  void commit(net::ChannelId channel, std::size_t length) override {
    batch_.back().length = length;
    ++flushed_[static_cast<std::size_t>(channel)];
  }
  net::StreamId open_stream(const net::SocketAddress&) override { throw std::logic_error("no streams here"); }
  void send_on_stream(net::StreamId, std::span<const std::uint8_t>) override {}
  void close_stream(net::StreamId) override {}

  void turn() {
    now_ += std::chrono::milliseconds(1);
    for (std::size_t channel = 0; channel < flushed_.size(); ++channel) {
      listener_->on_flushed(static_cast<net::ChannelId>(channel), flushed_[channel]);
    }
    answers_.swap(batch_);
    for (Message& message : answers_) {
      message.octets[2] |= 0x80;                                                    // QR
      message.octets[3] = static_cast<std::uint8_t>(dns::Rcode::kNxDomain) | 0x80;  // RA
      listener_->on_datagram(message.channel, servers_[static_cast<std::size_t>(message.channel)],
                             std::span(message.octets).first(message.length));
    }
    answers_.clear();
  }

 private:
  static constexpr std::size_t kMost = 2000;
  struct Message {
    net::ChannelId channel{};
    std::array<std::uint8_t, dns::kMaxQueryLength> octets{};
    std::size_t length = 0;
  };
  net::TransportListener* listener_ = nullptr;
  net::TimePoint now_{std::chrono::hours(1)};
  std::vector<net::SocketAddress> servers_;
  std::vector<std::uint64_t> flushed_;
  std::vector<Message> batch_;
  std::vector<Message> answers_;
};

class Counter final : public OutcomeHandler {
 public:
  void on_outcome(std::uint64_t, dns::LookupOutcome outcome) override {
    absent += std::holds_alternative<dns::NxDomain>(outcome) ? 1 : 0;
  }
  std::uint64_t absent = 0;
};

TEST(Allocation, AQuestionCostsNoneInTheSteadyState) {
  EchoTransport transport;
  net::SystemRandom random;
  Counter counter;
  const dns::Question question{dns::DomainName::from_text("a-name-of-usual-length.example.jp").value(),
                               dns::RrType::kTxt};
  StubResolver resolver(transport, random,
                        {.servers = {net::SocketAddress::parse("192.0.2.1").value()}, .in_flight = 500});
  std::uint64_t asked = 0;
  const auto ask = [&](std::uint64_t total) {
    while (counter.absent < total) {
      while (asked < total && resolver.has_room()) resolver.ask(question, counter, asked++);
      transport.turn();
    }
  };
  ask(50'000);  // until the window, the tables and the slabs have their sizes
  const std::uint64_t before = allocations.load();
  ask(100'000);
  EXPECT_EQ(allocations.load() - before, 0u);
  EXPECT_EQ(counter.absent, 100'000u);
}

}  // namespace
}  // namespace dauth::resolver

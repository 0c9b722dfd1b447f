// A TCP connection over real sockets: how it comes about, what goes through it, and how it ends. What ICMP
// errors do to it is in tests/integration/submission.
#include "resolver/net/tcp_connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/unit/resolver_net/tcp_peer.h"

namespace dauth::net {
namespace {

using std::chrono::milliseconds;
using testing::TcpPeer;
using End = TcpConnection::End;
using Kind = ConnectFailure::Kind;

constexpr milliseconds kPatient{20'000};

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

class TcpConnectionTest : public ::testing::Test, private TcpConnection::Owner {
 protected:
  void open(const SocketAddress& peer, milliseconds timer = kPatient) {
    TcpConnection::Owner& owner = *this;
    connection_ = std::make_unique<TcpConnection>(loop_, owner, peer, timer);
    EXPECT_EQ(words_, 0) << "told from within the constructor";
  }
  // Turns the loop until the condition holds; CTest's limit ends it otherwise.
  void run_until(const std::function<bool()>& holds) {
    const auto turn = loop_.every(milliseconds(1), [&] {
      if (holds()) loop_.stop();
    });
    loop_.run();
  }
  void connect(TcpPeer& peer, milliseconds timer = kPatient) {
    open(peer.address(), timer);
    run_until([&] { return connected_; });
    peer.accept();
  }

  EventLoop loop_;
  std::unique_ptr<TcpConnection> connection_;
  bool connected_ = false;
  int words_ = 0;
  std::optional<ConnectFailure> failure_;
  std::string received_;
  std::optional<End> end_;
  std::function<void()> on_octets_;

 private:
  void on_connected() override {
    connected_ = true;
    ++words_;
  }
  void on_failed(const ConnectFailure& failure) override {
    failure_ = failure;
    ++words_;
  }
  void on_octets(std::span<const std::uint8_t> more) override {
    received_.append(more.begin(), more.end());
    if (on_octets_) on_octets_();
  }
  void on_ended(End end) override {
    EXPECT_FALSE(end_.has_value());
    end_ = end;
    ++words_;
  }
};

TEST_F(TcpConnectionTest, OctetsGoBothWays) {
  TcpPeer peer;
  connect(peer);
  ASSERT_TRUE(connection_->local_address().has_value());
  EXPECT_TRUE(connection_->local_address()->is_loopback());
  connection_->send(octets("hello "));
  connection_->send(octets("peer"));
  std::string heard;
  run_until([&] {
    const auto more = peer.read();
    heard.append(more.begin(), more.end());
    return heard.size() == 10;
  });
  EXPECT_EQ(heard, "hello peer");
  peer.write(octets("hello yourself"));
  run_until([&] { return received_.size() == 14; });
  EXPECT_EQ(received_, "hello yourself");
}

TEST_F(TcpConnectionTest, EndsInOrderAndByReset) {
  for (const bool by_reset : {false, true}) {
    TcpPeer peer;
    connected_ = false;
    end_.reset();
    received_.clear();
    words_ = 0;
    connect(peer);
    peer.write(octets("last words"));
    run_until([&] { return received_.size() == 10; });
    by_reset ? peer.reset() : peer.close();
    run_until([&] { return end_.has_value(); });
    EXPECT_EQ(end_, by_reset ? End::kReset : End::kClosed);
    EXPECT_FALSE(connection_->local_address().has_value());
  }
}

TEST_F(TcpConnectionTest, NobodyListens) {
  TcpPeer peer;
  peer.stop_listening();
  open(peer.address());
  run_until([&] { return failure_.has_value(); });
  EXPECT_EQ(failure_->kind, Kind::kReset);
  EXPECT_FALSE(failure_->icmp.has_value());
  EXPECT_EQ(words_, 1);
}

TEST_F(TcpConnectionTest, WhatThisMachineDoesNotSend) {
  // Multicast is no TCP peer, and the kernel says so at once.
  open(SocketAddress::parse("224.0.0.1:587").value());
  run_until([&] { return failure_.has_value(); });
  EXPECT_EQ(failure_->kind, Kind::kNotSent);
  EXPECT_NE(failure_->system_error, 0);
  EXPECT_EQ(words_, 1);
}

TEST_F(TcpConnectionTest, TheTimerCoversTheOpenConnection) {
  TcpPeer peer;
  connect(peer, milliseconds(200));
  run_until([&] { return end_.has_value(); });
  EXPECT_EQ(end_, End::kTimer);
}

TEST_F(TcpConnectionTest, ClosedFromWithinAnEventNothingMoreIsTold) {
  TcpPeer peer;
  connect(peer);
  on_octets_ = [&] { connection_->close(); };
  peer.write(octets("one"));
  run_until([&] { return received_ == "one"; });
  peer.write(octets("two"));
  peer.close();
  int turns = 0;
  run_until([&] { return ++turns == 20; });
  EXPECT_EQ(received_, "one");
  EXPECT_FALSE(end_.has_value());
}

TEST_F(TcpConnectionTest, WhatAPeerDoesNotReadIsBounded) {
  TcpPeer peer({.receive_buffer = 4096});
  connect(peer);
  const std::string much(TcpConnection::kMostUnsent, 'x');
  // The kernel takes some of it; what it leaves must not grow.
  run_until([&] {
    if (!end_) connection_->send(octets(much));
    return end_.has_value();
  });
  EXPECT_EQ(end_, End::kOther);
}

}  // namespace
}  // namespace dauth::net

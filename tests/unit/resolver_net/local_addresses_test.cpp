#include "resolver/net/local_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace dauth::net {
namespace {

SocketAddress address(const std::string& text) {
  return SocketAddress::parse(text).value();
}

TEST(LocalAddresses, LoopbackAndTheInterfacesAreThisMachine) {
  const std::vector<SocketAddress> interfaces{
      address("127.0.0.1").with_port(0), address("192.0.2.7").with_port(0),
      address("2001:db8::7").with_port(0), address("fe80::7%1").with_port(0)};
  struct Case {
    std::string server;
    bool here;
  };
  const std::vector<Case> cases{
      {"127.0.0.1", true},        {"127.0.0.53:5353", true},    {"::1", true},
      {"::ffff:127.0.0.1", true}, {"192.0.2.7", true},          {"192.0.2.7:5353", true},
      {"::ffff:192.0.2.7", true}, {"[2001:db8::7]:5353", true}, {"fe80::7%1", true},
      {"192.0.2.8", false},       {"::ffff:192.0.2.8", false},  {"2001:db8::8", false},
      {"fe80::7%2", false},       {"::192.0.2.7", false},       {"0.0.0.0", false},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(is_on_this_machine(address(each.server), interfaces), each.here) << each.server;
  }
}

TEST(LocalAddresses, LoopbackNeedsNoList) {
  EXPECT_TRUE(is_on_this_machine(address("127.0.0.1"), {}));
  EXPECT_FALSE(is_on_this_machine(address("192.0.2.7"), {}));
}

TEST(LocalAddresses, TheSystemListsItsLoopback) {
  const auto interfaces = interface_addresses();
  EXPECT_THAT(interfaces, ::testing::Contains(address("127.0.0.1").with_port(0)));
  EXPECT_TRUE(std::all_of(interfaces.begin(), interfaces.end(),
                          [&](const SocketAddress& each) { return is_on_this_machine(each, interfaces); }));
}

}  // namespace
}  // namespace dauth::net

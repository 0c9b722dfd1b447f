#include "resolver/net/socket_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

namespace dauth::net {
namespace {

struct Case {
  const char* text;
  const char* canonical;  // nullptr: refused
};

class Parsing : public ::testing::TestWithParam<Case> {};

TEST_P(Parsing, ReadsOrRefuses) {
  const auto address = SocketAddress::parse(GetParam().text);
  if (GetParam().canonical == nullptr) {
    ASSERT_FALSE(address) << address->to_text();
    EXPECT_FALSE(address.error().empty());
    EXPECT_EQ(address.error().find('\n'), std::string::npos);
    return;
  }
  ASSERT_TRUE(address) << address.error();
  EXPECT_EQ(address->to_text(), GetParam().canonical);
  // What was printed reads as the same address.
  EXPECT_EQ(SocketAddress::parse(address->to_text()).value(), *address);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Parsing,
    ::testing::Values(Case{"192.0.2.1", "192.0.2.1:53"}, Case{"192.0.2.1:5353", "192.0.2.1:5353"},
                      Case{"192.0.2.1:65535", "192.0.2.1:65535"}, Case{"2001:db8::1", "[2001:db8::1]:53"},
                      Case{"2001:DB8:0:0::1", "[2001:db8::1]:53"}, Case{"[2001:db8::1]", "[2001:db8::1]:53"},
                      Case{"[2001:db8::1]:5353", "[2001:db8::1]:5353"}, Case{"::1", "[::1]:53"},
                      Case{"::ffff:192.0.2.1", "[::ffff:192.0.2.1]:53"},
                      Case{"fe80::1%lo", "[fe80::1%lo]:53"}, Case{"[fe80::1%lo]:54", "[fe80::1%lo]:54"},
                      Case{"fe80::1%1", "[fe80::1%lo]:53"}, Case{"fe80::1", "[fe80::1]:53"}));

INSTANTIATE_TEST_SUITE_P(Nonsense, Parsing,
                         ::testing::Values(Case{"", nullptr}, Case{" ", nullptr}, Case{"192.0.2", nullptr},
                                           Case{"192.0.2.256", nullptr}, Case{"192.0.2.1 ", nullptr},
                                           Case{"192.0.2.1:", nullptr}, Case{"192.0.2.1:0", nullptr},
                                           Case{"192.0.2.1:65536", nullptr}, Case{"192.0.2.1:-1", nullptr},
                                           Case{"192.0.2.1:53x", nullptr}, Case{":53", nullptr},
                                           Case{"[192.0.2.1]:53", nullptr}, Case{"[2001:db8::1", nullptr},
                                           Case{"[2001:db8::1]53", nullptr}, Case{"[2001:db8::1]:", nullptr},
                                           Case{"2001:db8::1::", nullptr}, Case{"[]", nullptr},
                                           Case{"example.jp", nullptr}, Case{"localhost:53", nullptr},
                                           Case{"2001:db8::1%lo", nullptr}, Case{"192.0.2.1%lo", nullptr},
                                           Case{"fe80::1%nosuchif9", nullptr}, Case{"fe80::1%", nullptr},
                                           Case{"fe80::1%0", nullptr}, Case{"\x1b[2J", nullptr}));

TEST(SocketAddress, RefusalRepeatsNoControlCharacters) {
  const auto address = SocketAddress::parse("\x1b[31m\xff");
  ASSERT_FALSE(address);
  EXPECT_THAT(address.error(), ::testing::HasSubstr("\"?[31m?\""));
}

TEST(SocketAddress, TakesTheDefaultPortOfTheCaller) {
  EXPECT_EQ(SocketAddress::parse("192.0.2.1", 853).value().port(), 853);
  EXPECT_EQ(SocketAddress::parse("192.0.2.1:53", 853).value().port(), 53);
}

TEST(SocketAddress, ComparesAllItsParts) {
  const auto base = SocketAddress::parse("fe80::1").value();
  EXPECT_NE(base, base.with_port(54));
  EXPECT_NE(base, SocketAddress::parse("fe80::2").value());
  EXPECT_NE(base, SocketAddress::parse("fe80::1%1").value());
  EXPECT_EQ(base, base.with_port(54).with_port(53));
}

TEST(SocketAddress, SurvivesTheNativeForm) {
  for (const char* text : {"192.0.2.1:5353", "[2001:db8::1]:5353", "[fe80::1%lo]:53"}) {
    const auto address = SocketAddress::parse(text).value();
    sockaddr_storage native{};
    EXPECT_GT(address.to_native(native), 0u);
    EXPECT_EQ(SocketAddress::from_native(native), address) << text;
  }
}

TEST(SocketAddress, KnowsThisMachine) {
  for (const char* text : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(SocketAddress::parse(text).value().is_loopback()) << text;
  }
  for (const char* text : {"128.0.0.1", "::2", "::ffff:192.0.2.1", "0.0.0.0"}) {
    EXPECT_FALSE(SocketAddress::parse(text).value().is_loopback()) << text;
  }
}

}  // namespace
}  // namespace dauth::net

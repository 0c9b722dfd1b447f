#include "scanner/record/ip_network.h"

#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

TEST(Ipv4Address, ReadsFourDecimalNumbers) {
  EXPECT_EQ(parse_ipv4_address("192.0.2.0", 0), (Ipv4Octets{192, 0, 2, 0}));
  EXPECT_EQ(parse_ipv4_address("0.0.0.0", 0), (Ipv4Octets{0, 0, 0, 0}));
  EXPECT_EQ(parse_ipv4_address("255.255.255.255", 0), (Ipv4Octets{255, 255, 255, 255}));
}

struct BadAddress {
  std::string_view text;
  std::size_t at;
};

TEST(Ipv4Address, RefusesAnythingElseWhereItBreaks) {
  for (const auto& [text, at] : std::initializer_list<BadAddress>{{"", 0},
                                                                  {"192", 3},
                                                                  {"192.0.2", 7},
                                                                  {"192.0.2.", 8},
                                                                  {"192.0.2.1.", 9},
                                                                  {"192.0.2.1.1", 9},
                                                                  {"192.0.2.256", 8},
                                                                  {"192.0.2.1000", 11},
                                                                  {"192.0.02.1", 6},
                                                                  {"192.0.2.00", 8},
                                                                  {"192..2.1", 4},
                                                                  {".192.0.2.1", 0},
                                                                  {" 192.0.2.1", 0},
                                                                  {"192.0.2.1 ", 9},
                                                                  {"192.0.2.-1", 8},
                                                                  {"192.0.2.0x1", 9},
                                                                  {"::1", 0},
                                                                  {"999.0.2.1", 0}}) {
    const auto result = parse_ipv4_address(text, 100);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().offset, 100 + at) << text;
    EXPECT_EQ(result.error().section, "RFC 7208 section 5.6");
  }
}

// The forms of RFC 4291 section 2.2.
TEST(Ipv6Address, ReadsEveryTextForm) {
  const Ipv6Octets full{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 8, 8, 0, 0x20, 0x0c, 0x41, 0x7a};
  EXPECT_EQ(parse_ipv6_address("2001:DB8:0:0:8:800:200C:417A", 0), full);
  EXPECT_EQ(parse_ipv6_address("2001:0db8::0008:0800:200c:417a", 0), full);
  EXPECT_EQ(parse_ipv6_address("2001:DB8::8:800:200C:417A", 0), full);
  EXPECT_EQ(parse_ipv6_address("::", 0), Ipv6Octets{});
  EXPECT_EQ(parse_ipv6_address("::1", 0), (Ipv6Octets{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  EXPECT_EQ(parse_ipv6_address("1::", 0), (Ipv6Octets{0, 1}));
  const Ipv6Octets mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 129, 144, 52, 38};
  EXPECT_EQ(parse_ipv6_address("::FFFF:129.144.52.38", 0), mapped);
  EXPECT_EQ(parse_ipv6_address("0:0:0:0:0:ffff:129.144.52.38", 0), mapped);
  // One group is enough for "::" to stand for.
  const Ipv6Octets seven{0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 0};
  EXPECT_EQ(parse_ipv6_address("1:2:3:4:5:6:7::", 0), seven);
  EXPECT_EQ(parse_ipv6_address("1:2:3:4:5:6:7:0", 0), seven);
}

TEST(Ipv6Address, RefusesAnythingElseWhereItBreaks) {
  for (const auto& [text, at] : std::initializer_list<BadAddress>{{"", 0},
                                                                  {":", 0},
                                                                  {":1", 0},
                                                                  {":::", 2},
                                                                  {"1:2:3:4:5:6:7", 13},
                                                                  {"1:2:3:4:5:6:7:", 14},
                                                                  {"1:2:3:4:5:6:7:8:9", 16},
                                                                  {"1:2:3:4:5:6:7:8::", 17},
                                                                  {"::1:2:3:4:5:6:7:8", 17},
                                                                  {"1::2::3", 5},
                                                                  {"12345::", 4},
                                                                  {"g::", 0},
                                                                  {"fe80::1%eth0", 7},
                                                                  {"1:2:3:4:5:6:7:192.0.2.1", 14},
                                                                  {"::192.0.2", 9},
                                                                  {"::192.0.2.1:1", 11},
                                                                  {"192.0.2.1", 9},
                                                                  {"1: :2", 2}}) {
    const auto result = parse_ipv6_address(text, 100);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().offset, 100 + at) << text;
  }
}

}  // namespace
}  // namespace dauth::scanner

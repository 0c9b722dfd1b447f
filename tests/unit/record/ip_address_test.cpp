#include "scanner/record/ip_address.h"

#include <gtest/gtest.h>

namespace dauth::scanner {
namespace {

IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value();
}

TEST(IpAddress, IsReadAndWritten) {
  EXPECT_EQ(address("192.0.2.1").to_text(), "192.0.2.1");
  EXPECT_EQ(address("2001:DB8:0:0:1:0:0:1").to_text(), "2001:db8::1:0:0:1");
  EXPECT_EQ(address("::").to_text(), "::");
  EXPECT_EQ(address("::ffff:192.0.2.1"), address("192.0.2.1")) << "mapped into IPv6";
  EXPECT_EQ(address("::ffff:192.0.2.1").family(), IpFamily::kIpv4);
  for (const char* text : {"", "192.0.2", "192.0.2.1/24", "192.0.2.256", "[::1]", "fe80::1%eth0", "1::2::3",
                           "example.jp", " 192.0.2.1", "2001:db8::1/64"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, LiesWithinANetworkOfItsFamily) {
  EXPECT_TRUE(address("192.0.2.129").is_within(address("192.0.2.128"), 25));
  EXPECT_FALSE(address("192.0.2.127").is_within(address("192.0.2.128"), 25));
  EXPECT_TRUE(address("192.0.2.1").is_within(address("10.0.0.0"), 0));
  EXPECT_FALSE(address("192.0.2.1").is_within(address("::"), 0)) << "another family";
  EXPECT_TRUE(address("2001:db8::1").is_within(address("2001:db8::1"), 128));
  EXPECT_FALSE(address("2001:db8::1").is_within(address("2001:db8::"), 128));
  EXPECT_TRUE(address("2001:db8:7fff::1").is_within(address("2001:db8::"), 33));
  EXPECT_FALSE(address("2001:db8:8000::1").is_within(address("2001:db8::"), 33));
  EXPECT_FALSE(address("192.0.2.1").is_within(address("192.0.2.1"), 33));
}

TEST(IpAddress, HasANameForItsPtrRecords) {
  EXPECT_EQ(address("192.0.2.130").reverse_name().to_text(), "130.2.0.192.in-addr.arpa");
  EXPECT_EQ(address("2001:db8::567:89ab").reverse_name().to_text(),
            "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}

TEST(IpAddress, ComesFromAddressRecords) {
  using dns::RrType;
  const dns::DomainName owner;
  EXPECT_EQ(IpAddress::from_record({owner, RrType::kA, {192, 0, 2, 1}}), address("192.0.2.1"));
  EXPECT_EQ(IpAddress::from_record(
                {owner, RrType::kAaaa, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}),
            address("2001:db8::1"));
  EXPECT_EQ(IpAddress::from_record({owner, RrType::kA, {192, 0, 2}}), std::nullopt);
  EXPECT_EQ(IpAddress::from_record({owner, RrType::kTxt, {3, 0, 2, 1}}), std::nullopt);
  EXPECT_EQ(address("192.0.2.1").rr_type(), RrType::kA);
  EXPECT_EQ(address("::1").rr_type(), RrType::kAaaa);
}

}  // namespace
}  // namespace dauth::scanner

#include "scanner/record/mx_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace dauth::scanner {
namespace {

dns::ResourceRecord raw_mx(std::vector<std::uint8_t> rdata) {
  return {*dns::DomainName::from_text("example.jp"), dns::RrType::kMx, std::move(rdata)};
}

dns::ResourceRecord mx(std::uint16_t preference, std::string_view exchange) {
  std::vector<std::uint8_t> rdata{static_cast<std::uint8_t>(preference >> 8),
                                  static_cast<std::uint8_t>(preference & 0xff)};
  const auto name = dns::DomainName::from_text(exchange);
  const auto wire = name->wire();
  rdata.insert(rdata.end(), wire.begin(), wire.end());
  return raw_mx(std::move(rdata));
}

std::vector<std::string> describe(const MxSet& set) {
  std::vector<std::string> lines;
  for (const MxHost& host : set.hosts) {
    lines.push_back(std::to_string(host.preference) + " " + host.exchange.to_text());
  }
  return lines;
}

TEST(MxSetOf, HostsStandByPreferenceWhateverTheOrderOfTheAnswer) {
  std::vector<dns::ResourceRecord> rrset{mx(20, "b.example.jp"), mx(300, "a.example.jp"),
                                         mx(10, "c.example.jp"), mx(20, "A.example.jp")};
  const std::vector<std::string> expected{"10 c.example.jp", "20 A.example.jp", "20 b.example.jp",
                                          "300 a.example.jp"};
  for (std::size_t turn = 0; turn < rrset.size(); ++turn) {
    std::rotate(rrset.begin(), rrset.begin() + 1, rrset.end());
    const auto set = parse_mx_set(rrset);
    ASSERT_TRUE(set);
    EXPECT_EQ(describe(*set), expected);
  }
}

TEST(MxSetOf, AnRrTwiceIsOneHost) {
  const std::vector<dns::ResourceRecord> rrset{mx(10, "MX.example.jp"), mx(10, "mx.example.jp")};
  const auto set = parse_mx_set(rrset);
  ASSERT_TRUE(set);
  EXPECT_EQ(set->hosts.size(), 1U);
}

TEST(MxSetOf, NoRrsNoHosts) {
  const auto set = parse_mx_set({});
  ASSERT_TRUE(set);
  EXPECT_TRUE(set->hosts.empty());
  EXPECT_FALSE(is_null_mx(*set));
  EXPECT_FALSE(has_address_literal(*set));
}

TEST(NullMx, IsTheSingleRrZeroDot) {
  const auto null = [](std::vector<dns::ResourceRecord> rrset) { return is_null_mx(*parse_mx_set(rrset)); };
  EXPECT_TRUE(null({mx(0, ".")}));
  EXPECT_FALSE(null({mx(10, ".")}));
  EXPECT_FALSE(null({mx(0, "example.jp")}));
  EXPECT_FALSE(null({mx(0, "."), mx(10, "mx.example.jp")}));
  EXPECT_FALSE(null({mx(0, "."), mx(10, ".")}));
}

TEST(AddressLiteral, IsFourDecimalLabelsUpTo255) {
  const auto literal = [](std::string_view exchange) {
    const std::vector<dns::ResourceRecord> rrset{mx(5, "mx.example.jp"), mx(10, exchange)};
    return has_address_literal(*parse_mx_set(rrset));
  };
  for (const auto name : {"192.0.2.1.", "192.0.2.1", "0.0.0.0", "255.255.255.255", "010.000.2.1"}) {
    EXPECT_TRUE(literal(name)) << name;
  }
  for (const auto name :
       {"192.0.2.256", "192.0.2", "192.0.2.1.jp", "1.192.0.2.1", "a192.0.2.1", "192.0.2.0x1",
        "192.0.2.1.in-addr.arpa", "192.0.2.0001", "[192.0.2.1]", "192-0-2-1.example.jp", "."}) {
    EXPECT_FALSE(literal(name)) << name;
  }
}

TEST(MxSetOf, MalformedRdataIsAnErrorValue) {
  struct Case {
    std::vector<std::uint8_t> rdata;
    std::size_t at;
  };
  for (const auto& [rdata, at] :
       std::initializer_list<Case>{{{}, 0},
                                   {{0}, 1},
                                   {{0, 10}, 2},                        // no name
                                   {{0, 10, 2, 'm', 'x'}, 2},           // no root label
                                   {{0, 10, 64, 'm'}, 2},               // label too long
                                   {{0, 10, 0xc0, 0x0c}, 2},            // compressed
                                   {{0, 10, 2, 'm', 'x', 0, 0}, 2}}) {  // octets behind the name
    const std::vector<dns::ResourceRecord> rrset{mx(5, "mx.example.jp"), raw_mx(rdata)};
    const auto set = parse_mx_set(rrset);
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().offset, at);
    EXPECT_EQ(set.error().section, "RFC 1035 section 3.3.9");
  }
  auto other_type = mx(10, "mx.example.jp");
  other_type.type = dns::RrType::kTxt;
  EXPECT_FALSE(parse_mx_set(std::vector<dns::ResourceRecord>{other_type}));
}

}  // namespace
}  // namespace dauth::scanner

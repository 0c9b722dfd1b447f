#include "scanner/list/name_server_operators.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/unit/list/list_test_support.h"

namespace dauth::scanner {
namespace {

dns::DomainName name(std::string_view text) {
  return dns::DomainName::from_text(text).value();
}

struct Operated {
  std::string_view server;
  std::string_view by;
};

class OperatorOf : public ::testing::TestWithParam<Operated> {};

TEST_P(OperatorOf, IsTheRegisteredDomain) {
  NameServerOperators operators(SuffixList::load().value());
  EXPECT_EQ(operators.operator_of(name(GetParam().server)), GetParam().by);
}

INSTANTIATE_TEST_SUITE_P(
    Table, OperatorOf,
    ::testing::Values(
        Operated{"ns1.example.net.", "example.net"}, Operated{"a.b.c.Example.NET", "example.net"},
        Operated{"example.net", "example.net"}, Operated{"ns-1840.awsdns-38.co.uk", "awsdns-38.co.uk"},
        Operated{"ns1.example.co.jp", "example.co.jp"}, Operated{"ns1.example.jp", "example.jp"},
        Operated{"dns.example.chiyoda.tokyo.jp", "example.chiyoda.tokyo.jp"},
        // Wildcard rules and exceptions from them.
        Operated{"ns.example.asao.kawasaki.jp", "example.asao.kawasaki.jp"},
        Operated{"ns.city.kawasaki.jp", "city.kawasaki.jp"},
        // The private part of the list does not count.
        Operated{"ns1.user.github.io", "github.io"}, Operated{"ns1.user.blogspot.com", "blogspot.com"},
        // A public suffix, and single labels.
        Operated{"co.jp", "co.jp"}, Operated{"asao.kawasaki.jp", "asao.kawasaki.jp"}, Operated{"jp", "jp"},
        Operated{"localhost", "localhost"}, Operated{".", "."},
        // No rule: the top-level domain is the suffix.
        Operated{"ns1.hosting.test", "hosting.test"}, Operated{"hosting.test", "hosting.test"},
        Operated{"ns1.xn--wgv71a119e.jp", "xn--wgv71a119e.jp"}, Operated{"ns.a\\.b.net", "a\\.b.net"},
        Operated{"ns.a\\032b.net", "a\\032b.net"}, Operated{"ns._x.net", "_x.net"}));

TEST(NameServerOperatorsTest, TellThousandsOfServersApartThoughPlacesAreFew) {
  NameServerOperators operators(SuffixList::load().value());
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 10'000; ++i) {
      const std::string domain = "hoster" + std::to_string(i) + ".net";
      ASSERT_EQ(operators.operator_of(name("ns1." + domain)), domain);
      ASSERT_EQ(operators.operator_of(name("NS1." + domain)), domain);
    }
  }
}

TEST(NameServerOperatorsTest, OfTheGovZoneAreThoseThatEverybodyKnows) {
  DAUTH_REQUIRE_SHARED_DATA(data);
  const auto list = testing::read_whole(testing::file_contents(*data + "/lists/gov.czds.zone"));
  NameServerOperators operators(SuffixList::load().value());
  std::map<std::string, std::size_t> count;
  for (const ListEntry& entry : list.entries) {
    ASSERT_TRUE(entry.name_server) << entry.name.to_text();
    ++count[operators.operator_of(*entry.name_server)];
  }
  EXPECT_GT(count["cloudflare.com"], 1000U);
  EXPECT_GT(count["domaincontrol.com"], 100U);
  EXPECT_EQ(count.count("ns.cloudflare.com"), 0U);
  EXPECT_EQ(count.count("com"), 0U);
}

}  // namespace
}  // namespace dauth::scanner

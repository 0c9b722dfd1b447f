#include "scanner/postmaster/host_addresses.h"

#include <gmock/gmock.h>

#include "tests/unit/postmaster/address_records.h"

namespace dauth::testing {
namespace {

using dns::RrType;
using scanner::HostAddresses;
using ::testing::ElementsAre;

HostAddresses look_up(dns::LookupOutcome a, dns::LookupOutcome aaaa,
                      Delivery delivery = Delivery::kOldestFirst) {
  ScriptedInquiry inquiry(
      {{{"mx.example.jp", RrType::kA}, std::move(a)}, {{"mx.example.jp", RrType::kAaaa}, std::move(aaaa)}},
      delivery);
  HostAddresses found = inquiry.run(scanner::look_up_addresses(inquiry, name("mx.example.jp")));
  EXPECT_THAT(inquiry.questions(), ElementsAre("mx.example.jp A", "mx.example.jp AAAA"));
  return found;
}

struct HostCase {
  const char* what;
  dns::LookupOutcome a;
  dns::LookupOutcome aaaa;
  const char* has_ipv4;
  const char* has_ipv6;
  std::vector<std::string> addresses;
  const char* is_alias;
  const char* canonical_name;  // "" for none
};

TEST(HostAddresses, TellsFamiliesAndAliases) {
  dns::ResourceRecord broken = address_record("mx.example.jp", "192.0.2.1");
  broken.rdata.pop_back();
  const auto dual =
      dns::Answer{{cname("mx.example.jp", "host.jp")}, {address_record("host.jp", "192.0.2.9")}};
  const std::vector<HostCase> cases = {
      {"both families, in order, each once",
       addresses("mx.example.jp", {"192.0.2.7", "192.0.2.3", "192.0.2.7"}),
       addresses("mx.example.jp", {"2001:db8::2", "2001:db8::1"}),
       "yes",
       "yes",
       {"192.0.2.3", "192.0.2.7", "2001:db8::1", "2001:db8::2"},
       "no",
       ""},
      {"IPv4 alone",
       addresses("mx.example.jp", {"192.0.2.1"}),
       no_data(),
       "yes",
       "no",
       {"192.0.2.1"},
       "no",
       ""},
      {"IPv6 alone",
       no_data(),
       addresses("mx.example.jp", {"2001:db8::1"}),
       "no",
       "yes",
       {"2001:db8::1"},
       "no",
       ""},
      {"no such name", name_error(), name_error(), "no", "no", {}, "no", ""},
      {"AAAA times out",
       addresses("mx.example.jp", {"192.0.2.1"}),
       failure(),
       "yes",
       "timeout",
       {"192.0.2.1"},
       "no",
       ""},
      {"A fails", failure(dns::FailureCause::kServfail), no_data(), "servfail", "no", {}, "no", ""},
      {"both fail", failure(), failure(dns::FailureCause::kRefused), "timeout", "refused", {}, "refused", ""},
      {"alias",
       dual,
       no_data({cname("mx.example.jp", "host.jp")}),
       "yes",
       "no",
       {"192.0.2.9"},
       "yes",
       "host.jp"},
      {"alias, seen by AAAA alone",
       failure(),
       no_data({cname("mx.example.jp", "host.jp")}),
       "timeout",
       "no",
       {},
       "yes",
       "host.jp"},
      {"alias to nowhere",
       no_data({cname("mx.example.jp", "a.jp"), cname("a.jp", "b.jp")}),
       failure(),
       "no",
       "timeout",
       {},
       "yes",
       "b.jp"},
      {"RDATA that is no address", answer({broken}), no_data(), "malformed", "no", {}, "no", ""},
      {"an address beside RDATA that is none",
       answer({address_record("mx.example.jp", "192.0.2.1"), broken}),
       no_data(),
       "malformed",
       "no",
       {},
       "no",
       ""},
      {"IPv4 mapped into AAAA is not IPv6",
       no_data(),
       answer(
           {{name("mx.example.jp"), RrType::kAaaa, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 1}}}),
       "no",
       "no",
       {},
       "no",
       ""},
  };
  for (const HostCase& c : cases) {
    SCOPED_TRACE(c.what);
    for (const Delivery delivery : {Delivery::kOldestFirst, Delivery::kNewestFirst}) {
      const HostAddresses found = look_up(c.a, c.aaaa, delivery);
      EXPECT_EQ(found.host, name("mx.example.jp"));
      EXPECT_EQ(text_of(found.has_ipv4), c.has_ipv4);
      EXPECT_EQ(text_of(found.has_ipv6), c.has_ipv6);
      EXPECT_EQ(texts_of(found.addresses), c.addresses);
      EXPECT_EQ(text_of(found.is_alias), c.is_alias);
      EXPECT_EQ(found.canonical_name ? found.canonical_name->to_text() : "", c.canonical_name);
    }
  }
}

TEST(HostAddresses, KnowsWhetherAnAddressIsAmongThem) {
  const HostAddresses found = look_up(addresses("mx.example.jp", {"192.0.2.1"}), failure());
  EXPECT_EQ(text_of(found.has(ip("192.0.2.1"))), "yes");
  EXPECT_EQ(text_of(found.has(ip("192.0.2.2"))), "no");
  EXPECT_EQ(text_of(found.has(ip("2001:db8::1"))), "timeout");
  EXPECT_EQ(text_of(found.has_address()), "yes");
  EXPECT_EQ(text_of(look_up(no_data(), failure()).has_address()), "timeout");
  EXPECT_EQ(text_of(look_up(no_data(), no_data()).has_address()), "no");
}

}  // namespace
}  // namespace dauth::testing
